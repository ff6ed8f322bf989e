import { useState } from 'preact/hooks';
import type { Resource } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import type { Account, AllRights, Camera, Right } from './api.ts';
import { Confirm, type Step } from './confirm.tsx';
import { RightForm } from './right-form.tsx';
import { RightItem } from './right-item.tsx';
import { rightStep } from './right-step.ts';
import { stateOf } from './right-words.ts';
import { words } from './words.ts';

interface RightsCardProps {
  readonly account: Account;
  readonly rights: Resource<AllRights>;
  readonly cameras: readonly Camera[];
  readonly isOwn: boolean;
}

/** What somebody may, what is asked for them, and what they could before. */
export function RightsCard({ account, rights, cameras, isOwn }: RightsCardProps) {
  const said = words().rights;
  const [step, setStep] = useState<Step>();
  const [asking, setAsking] = useState<{ readonly right?: Right }>();
  return (
    <Card
      title={said.title}
      aside={
        account.state === 'active' && (
          <Button icon="add" onPress={() => setAsking({})}>
            {said.ask}
          </Button>
        )
      }
    >
      <Loaded of={rights} skeleton={<Skeleton lines={4} />}>
        {(all) => {
          const own = all.rights.filter((right) => right.account === account.id);
          const isOpen = (right: Right) => ['requested', 'granted', 'later'].includes(stateOf(right));
          const offer = (right: Right, name: 'approve' | 'refuse' | 'revoke') => (
            <Button
              small
              kind={name === 'revoke' ? 'danger' : 'secondary'}
              onPress={() => setStep(rightStep(right, all, name))}
            >
              {said[name]}
            </Button>
          );
          return (
            <>
              {!own.some(isOpen) && <EmptyState title={said.none} />}
              {own.filter(isOpen).map((right) => (
                <RightItem key={right.id} right={right} all={all} cameras={cameras}>
                  {(right.state === 'requested' || right.proposed) && !isOwn && offer(right, 'approve')}
                  {(right.state === 'requested' || right.proposed) && offer(right, 'refuse')}
                  {right.state === 'granted' && !right.proposed && (
                    <Button small onPress={() => setAsking({ right })}>
                      {said.change}
                    </Button>
                  )}
                  {right.state === 'granted' && offer(right, 'revoke')}
                </RightItem>
              ))}
              <h3>{said.history}</h3>
              {own.every(isOpen) && <p>{said.noHistory}</p>}
              {own
                .filter((right) => !isOpen(right))
                .map((right) => (
                  <RightItem key={right.id} right={right} all={all} cameras={cameras} />
                ))}
            </>
          );
        }}
      </Loaded>
      {step && <Confirm step={step} onClose={() => setStep(undefined)} onChanged={rights.reload} />}
      {asking && (
        <RightForm
          account={account}
          cameras={cameras}
          right={asking.right}
          onClose={() => setAsking(undefined)}
          onChanged={rights.reload}
        />
      )}
    </Card>
  );
}
