import { useState } from 'preact/hooks';
import { useResource } from '../../api/resource.ts';
import { whoIsIn } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { askRights } from '../people/api.ts';
import { Confirm, type Step } from '../people/confirm.tsx';
import { RightItem } from '../people/right-item.tsx';
import { rightStep } from '../people/right-step.ts';
import type { Names } from './api.ts';
import { words } from './words.ts';

/** Rights, and changes of rights, that wait for somebody else than whoever asked. */
export function RightsWaiting({ names }: { readonly names: Names | undefined }) {
  const said = words();
  const rights = useResource(askRights);
  const [step, setStep] = useState<Step>();
  const own = whoIsIn()?.account;
  return (
    <Card title={said.rights}>
      <Loaded of={rights} skeleton={<Skeleton lines={4} />}>
        {(all) => {
          const waiting = all.rights.filter(({ state, proposed }) => state === 'requested' || proposed);
          if (waiting.length === 0) return <p>{said.noRights}</p>;
          return waiting.map((right) => (
            <RightItem key={right.id} right={right} all={all} cameras={names?.cameras ?? []} named>
              {right.account !== own && (
                <Button kind="primary" onPress={() => setStep(rightStep(right, all, 'approve'))}>
                  {said.approve}
                </Button>
              )}
              <Button onPress={() => setStep(rightStep(right, all, 'refuse'))}>{said.refuse}</Button>
            </RightItem>
          ));
        }}
      </Loaded>
      {step && <Confirm step={step} onClose={() => setStep(undefined)} onChanged={rights.reload} />}
    </Card>
  );
}
