import { type CheckpointView, checkpointSchema } from '../../../src/contract/registers.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { language } from '../../app/language.ts';
import { Link } from '../../app/router.tsx';
import { site } from '../../app/site.ts';
import { Button } from '../../ui/button.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import styles from './records.module.css';
import { words } from './words.ts';

/** The newest checkpoint as one page to print, and to be kept where nobody who owns this machine can reach it. */
export default function Checkpoint() {
  const said = words().checkpoint;
  const checkpoint = useResource((signal) => get('/api/ledger/checkpoint', checkpointSchema, { signal }));
  return (
    <div class={styles.records}>
      <PageHead
        title={said.title}
        action={
          <span class={styles.unprinted}>
            <Button kind="primary" icon="print" onPress={() => print()}>
              {said.print}
            </Button>
          </span>
        }
      >
        {site.value?.name[language.value]}
      </PageHead>
      <Loaded of={checkpoint} skeleton={<Skeleton lines={8} />}>
        {(value) => <Sheet checkpoint={value} />}
      </Loaded>
      <p class={styles.unprinted}>
        <Link to="/records">{said.back}</Link>
      </p>
    </div>
  );
}

function Sheet({ checkpoint }: { readonly checkpoint: CheckpointView }) {
  const said = words().checkpoint;
  const { madeAt, size, root, key, note, qr } = checkpoint;
  const dark = qr
    .flatMap((line, y) => [...line].map((bit, x) => (bit === '1' ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return (
    <div class={styles.sheet}>
      <dl class={styles.facts}>
        <dt>{said.madeAt}</dt>
        <dd>
          <Time at={madeAt} seconds />
        </dd>
        <dt>{said.size}</dt>
        <dd class="figures">{size.toLocaleString('en-US')}</dd>
        <dt>{said.root}</dt>
        <dd class={styles.hash}>{root}</dd>
        <dt>{said.key}</dt>
        <dd class={styles.hash}>{key}</dd>
      </dl>
      <svg class={styles.qr} viewBox={`0 0 ${qr.length} ${qr.length}`} role="img" aria-label={said.qr}>
        <title>{said.qr}</title>
        <path d={dark} />
      </svg>
      <pre class={styles.note}>{note}</pre>
      <p>{said.why}</p>
    </div>
  );
}
