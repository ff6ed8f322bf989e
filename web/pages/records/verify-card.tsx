import { useEffect } from 'preact/hooks';
import {
  standingSchema,
  type VerificationView,
  verificationSchema,
} from '../../../src/contract/registers.ts';
import { get, send } from '../../api/client.ts';
import { type Resource, useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { Loaded, Progress, Skeleton } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './records.module.css';
import { words } from './words.ts';

const LOOK_MS = 700;
const AT = '/api/ledger/verification';

/** How the ledger stands, and verifying all of it now. */
export function VerifyCard() {
  const said = words().verify;
  const working = useWorking();
  const standing = useResource((signal) => get('/api/ledger', standingSchema, { signal }), {
    everyMs: 30_000,
  });
  const verification = useResource((signal) => get(AT, verificationSchema, { signal }), {
    of: [language.value],
  });
  const state = verification.state === 'ready' ? verification.value.state : undefined;
  useWhileRunning(state, verification);
  const begin = () => working.run(() => send('POST', AT).then(verification.reload));
  return (
    <Card
      title={said.title}
      aside={
        state !== 'running' && (
          <Button kind="primary" icon="seal" busy={working.busy} onPress={begin}>
            {said.start}
          </Button>
        )
      }
    >
      <p class={styles.sentence}>{said.why}</p>
      <Loaded of={standing} skeleton={<Skeleton lines={2} />}>
        {({ entries, unsigned, checkpoint, witness, verified, incident }) => (
          <>
            {incident && <Fault sentence={said.incident} />}
            <p class={`${styles.verdict} figures`}>
              <span>{said.entries({ count: entries })}</span>
              {checkpoint && <span>{words().entry.checkpoint(checkpoint)}</span>}
              {unsigned > 0 && <span>{said.unsigned({ count: unsigned })}</span>}
              <span>
                {witness ? (
                  <>
                    {said.witness} <Time at={witness.at} />
                  </>
                ) : (
                  said.noWitness
                )}
              </span>
              {verified && state === 'never' && (
                <span>
                  {said.last} <Time at={verified.at} />
                </span>
              )}
            </p>
          </>
        )}
      </Loaded>
      <Loaded of={verification} skeleton={<Skeleton lines={1} />}>
        {(value) => <Outcome value={value} onStop={() => working.run(() => send('DELETE', AT))} />}
      </Loaded>
      {working.fault && <Fault sentence={working.fault.sentence} />}
    </Card>
  );
}

/** Looks again and again while it runs, and no more afterwards. */
function useWhileRunning(
  state: VerificationView['state'] | undefined,
  { reload }: Resource<VerificationView>,
) {
  useEffect(() => {
    if (state !== 'running') return;
    const timer = setInterval(reload, LOOK_MS);
    return () => clearInterval(timer);
  }, [state, reload]);
}

function Outcome({ value, onStop }: { readonly value: VerificationView; readonly onStop: () => void }) {
  const said = words().verify;
  const { entries = 0, total = 0, sound, sentence, endedAt, counts, findings = [] } = value;
  if (value.state === 'never') return null;
  if (value.state === 'running')
    return (
      <Progress
        label={said.running({ entries, total })}
        done={total === 0 ? undefined : Math.min(1, entries / total)}
        onCancel={onStop}
      />
    );
  if (value.state === 'cancelled') return <p role="status">{said.cancelled}</p>;
  if (value.state === 'failed') return <Fault sentence={sentence ?? ''} />;
  return (
    <div class={styles.register} role="status">
      <p class={styles.verdict}>
        <Badge kind={sound ? 'well' : 'alarm'} icon={sound ? 'check' : 'alarm'}>
          {sound ? said.sound : said.broken}
        </Badge>
        <span>{sentence}</span>
        {endedAt !== undefined && <Time at={endedAt} seconds />}
      </p>
      {counts && <p class="figures">{said.counts(counts)}</p>}
      {findings.length > 0 && (
        <ul class={styles.findings} aria-label={said.findings}>
          {findings.map(({ code, severity, entry, sentence: told }) => (
            <li key={`${code}-${entry}-${told}`}>
              <Badge kind={severity === 'serious' ? 'alarm' : severity === 'warning' ? 'due' : 'quiet'}>
                {said.severity[severity]}
              </Badge>{' '}
              {said.entryOf({ entry })}: {told}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
