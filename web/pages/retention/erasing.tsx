import { type RetentionView, retentionSchema } from '../../../src/contract/retention.ts';
import { sizeText } from '../../../src/i18n/size-text.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { useCameraNames } from '../../app/camera-names.tsx';
import { siteDayText, siteTimeText } from '../../app/site-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Fault } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loaded, Skeleton } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { figure } from './figure.ts';
import styles from './retention.module.css';
import { Runs } from './runs.tsx';
import { words } from './words.ts';

const EVERY_MS = 60_000;
const label = (iso: string): string => siteTimeText(Date.parse(iso));

/** What goes when, what could still be brought back, and what stands in the way. */
export function Erasing() {
  const retention = useResource((signal) => get('/api/retention', retentionSchema, { signal }), {
    everyMs: EVERY_MS,
  });
  return (
    <Loaded of={retention} skeleton={<Skeleton lines={8} />}>
      {(value) => (
        <div class={styles.page}>
          <div class={styles.pair}>
            <Next retention={value} />
            <Oldest retention={value} />
          </div>
          <Trouble retention={value} />
          <Runs runs={value.runs} />
        </div>
      )}
    </Loaded>
  );
}

function Next({ retention: { next, at, retentionDays } }: { readonly retention: RetentionView }) {
  const said = words().erasing;
  const nameOf = useCameraNames();
  return (
    <Card title={said.next} aside={<Badge kind="due">{said.retention({ days: retentionDays })}</Badge>}>
      <p class={styles.big}>{said.nextAt({ at: label(next.at) })}</p>
      <p>
        {next.cameras === 0
          ? said.nothing
          : said.what({ cameras: next.cameras, files: figure(next.files), size: sizeText(next.bytes) })}
      </p>
      {next.holds.length > 0 && <p>{said.holdsToo({ count: next.holds.length })}</p>}
      {next.erase.length > 0 && (
        <details>
          <summary>{said.days}</summary>
          <Table
            caption={said.days}
            rows={next.erase}
            keyOf={({ camera, day }) => `${camera}/${day}`}
            columns={[
              { title: said.camera, cell: ({ camera }) => nameOf(camera) },
              { title: said.day, cell: ({ day }) => day },
              { title: said.due, cell: ({ dueAt }) => label(dueAt) },
              { title: said.files, number: true, cell: ({ files }) => figure(files) },
              { title: said.size, number: true, cell: ({ bytes }) => sizeText(bytes) },
            ]}
          />
        </details>
      )}
      <p class={styles.quiet}>{said.asOf({ at: label(at) })}</p>
    </Card>
  );
}

function Oldest({ retention: { oldest, redLine, lastGood } }: { readonly retention: RetentionView }) {
  const said = words().erasing;
  const nameOf = useCameraNames();
  return (
    <Card title={said.oldest}>
      <p class={styles.big}>
        {oldest
          ? said.oldestText({ camera: nameOf(oldest.camera), day: siteDayText(oldest.day) })
          : said.oldestNone}
      </p>
      {redLine !== undefined && <p>{said.redLine({ at: label(redLine) })}</p>}
      <p class={styles.quiet}>{lastGood ? said.lastGood({ at: label(lastGood.at) }) : said.neverRun}</p>
    </Card>
  );
}

function Trouble({ retention: { trouble, look } }: { readonly retention: RetentionView }) {
  const said = words().erasing;
  return (
    <div class={styles.pair}>
      <Card title={said.trouble}>
        {trouble.length === 0 ? (
          <p>
            <Icon name="check" size={18} /> {said.noTrouble}
          </p>
        ) : (
          trouble.map(({ kind, sentence }) => <Fault key={kind} sentence={sentence} />)
        )}
      </Card>
      <Card title={said.look}>
        {look === undefined ? (
          <p>{said.looking}</p>
        ) : (
          <>
            {look.findings.length === 0 ? (
              <p>
                <Icon name="check" size={18} /> {said.lookSound}
              </p>
            ) : (
              look.findings.map((sentence) => <Fault key={sentence} sentence={sentence} />)
            )}
            <p class={styles.quiet}>{said.lookAt({ at: label(look.at), files: figure(look.files) })}</p>
          </>
        )}
      </Card>
    </div>
  );
}
