import { useState } from 'preact/hooks';
import { useResource } from '../../api/resource.ts';
import { whoIsIn } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { Confirm, type Step } from '../people/confirm.tsx';
import { askGrants, type DecidedGrant, type Names, refuse, review } from './api.ts';
import { ApproveSheet } from './approve-sheet.tsx';
import { GrantItem, nameOf } from './grant-item.tsx';
import { words } from './words.ts';

const LOOK_MS = 30_000;

interface GrantsCardsProps {
  readonly names: Names | undefined;
  /** An auditor reviews, and approves nothing. */
  readonly mayApprove: boolean;
}

/** What waits for an officer, and nights without one that are to be judged. */
export function GrantsCards({ names, mayApprove }: GrantsCardsProps) {
  const said = words();
  const grants = useResource(askGrants, { everyMs: LOOK_MS });
  const [step, setStep] = useState<Step>();
  const [approving, setApproving] = useState<DecidedGrant>();
  const own = whoIsIn()?.account;
  const decide = (text: string, button: string, work: () => Promise<unknown>) =>
    setStep({ title: button, text, recorded: said.recorded, button, done: said.done, work });
  return (
    <>
      <Loaded of={grants} skeleton={<Skeleton lines={6} />}>
        {(all) => {
          const waiting = all.filter(({ state }) => state === 'requested');
          const nights = all.filter(
            ({ basis, reviewed }) => basis === 'breakglass' && reviewed === undefined,
          );
          return (
            <>
              {mayApprove && (
                <Card title={said.waiting}>
                  {waiting.length === 0 && <p>{said.noWaiting}</p>}
                  {waiting.map((grant) => (
                    <GrantItem key={grant.id} grant={grant} names={names}>
                      {grant.account !== own && (
                        <>
                          <Button kind="primary" onPress={() => setApproving(grant)}>
                            {said.approve}
                          </Button>
                          <Button
                            onPress={() =>
                              decide(said.sure.refuse({ name: nameOf(grant) }), said.refuse, () =>
                                refuse(grant.id),
                              )
                            }
                          >
                            {said.refuse}
                          </Button>
                        </>
                      )}
                    </GrantItem>
                  ))}
                </Card>
              )}
              <Card title={said.nights}>
                {nights.length === 0 && <p>{said.noNights}</p>}
                {nights.map((grant) => (
                  <GrantItem key={grant.id} grant={grant} names={names}>
                    {grant.account !== own && (
                      <>
                        <Button
                          onPress={() =>
                            decide(said.sure.justified, said.justified, () => review(grant.id, true))
                          }
                        >
                          {said.justified}
                        </Button>
                        <Button
                          onPress={() =>
                            decide(said.sure.unjustified, said.unjustified, () => review(grant.id, false))
                          }
                        >
                          {said.unjustified}
                        </Button>
                      </>
                    )}
                  </GrantItem>
                ))}
              </Card>
            </>
          );
        }}
      </Loaded>
      {step && <Confirm step={step} onClose={() => setStep(undefined)} onChanged={grants.reload} />}
      {approving && (
        <ApproveSheet grant={approving} onClose={() => setApproving(undefined)} onChanged={grants.reload} />
      )}
    </>
  );
}
