import { type EntryView, entrySchema } from '../../../src/contract/registers.ts';
import { get } from '../../api/client.ts';
import { download } from '../../api/download.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { useWorking } from '../../app/working.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault } from '../../ui/field.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './records.module.css';
import { words } from './words.ts';

/** One record with what proves it. That it was opened is entered. */
export function EntryDialog({ seq, onClose }: { readonly seq: number; readonly onClose: () => void }) {
  const entry = useResource((signal) => get(`/api/ledger/entries/${seq}`, entrySchema, { signal }), {
    of: [seq, language.value],
  });
  const said = words();
  const title = entry.state === 'ready' ? said.entry.title(entry.value) : `${said.proof} · #${seq}`;
  return (
    <Dialog title={title} wide onClose={onClose}>
      <Loaded of={entry} skeleton={<Skeleton lines={6} />}>
        {(value) => <Proved entry={value} />}
      </Loaded>
    </Dialog>
  );
}

const BADGE = { entered: 'well', unsigned: 'due', ledger_changed: 'alarm' } as const;

function Proved({ entry }: { readonly entry: EntryView }) {
  const said = words().entry;
  const working = useWorking();
  const { proof, texts, seq } = entry;
  const { checkpoint } = proof;
  return (
    <>
      <p class={styles.verdict}>
        <Badge kind={BADGE[proof.outcome]} icon={proof.outcome === 'entered' ? 'seal' : 'alarm'}>
          {checkpoint ? said.checkpoint(checkpoint) : `#${seq}`}
        </Badge>
        <span>{proof.sentence}</span>
      </p>
      <dl class={styles.facts}>
        <dt>{said.happened}</dt>
        <dd>
          <Time at={entry.at} seconds />
        </dd>
        <dt>{said.entered}</dt>
        <dd>
          <Time at={entry.committedAt} seconds />
        </dd>
        {checkpoint && (
          <>
            <dt>{said.signedAt}</dt>
            <dd>
              <Time at={checkpoint.madeAt} seconds />
            </dd>
            <dt>{said.signers}</dt>
            <dd>{checkpoint.signers.join(', ')}</dd>
          </>
        )}
        {texts.map(({ field, text, state }) => (
          <>
            <dt>{said.fields[field] ?? field}</dt>
            <dd>{state === 'open' ? text : <em>{text}</em>}</dd>
          </>
        ))}
      </dl>
      <details class={styles.details}>
        <summary>{said.body}</summary>
        <pre>{entry.body}</pre>
        {proof.leaf !== undefined && (
          <dl class={styles.facts}>
            <dt>{said.leaf}</dt>
            <dd class={styles.hash}>{proof.leaf}</dd>
            <dt>{said.root}</dt>
            <dd class={styles.hash}>
              {proof.root} · {said.steps({ count: proof.path?.length ?? 0 })}
            </dd>
          </dl>
        )}
      </details>
      {proof.outcome === 'entered' && (
        <div>
          <Button
            icon="download"
            busy={working.busy}
            onPress={() =>
              working.run(() => download(`/api/ledger/entries/${seq}/proof`, {}, `entry-${seq}.tlog-proof`))
            }
          >
            {said.file}
          </Button>
          <p class={styles.sentence}>{said.fileHint}</p>
        </div>
      )}
      {working.fault && <Fault sentence={working.fault.sentence} />}
    </>
  );
}
