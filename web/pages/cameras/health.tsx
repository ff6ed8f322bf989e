import { useState } from 'preact/hooks';
import { type CameraHistory, cameraHistorySchema } from '../../../src/contract/cameras.ts';
import { get } from '../../api/client.ts';
import { useResource } from '../../api/resource.ts';
import { nowMs } from '../../app/clock.ts';
import { lazily } from '../../app/lazily.tsx';
import { Card } from '../../ui/card.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { EmptyState, Loaded, Skeleton } from '../../ui/states.tsx';
import styles from './camera.module.css';
import { HealthTables } from './health-tables.tsx';
import { words } from './words.ts';

type Stream = CameraHistory['streams'][number];
const RANGES = ['6', '24', '168', '744'] as const;
const HOUR_MS = 3_600_000;
/** uPlot is loaded with the first plot, and nowhere else. */
const Plots = lazily<{ readonly of: Stream; readonly from: number; readonly to: number }>(
  () => import('./plots.tsx'),
);

/** How a camera's streams were: plots, and the same as tables. */
export function Health({ id }: { readonly id: string }) {
  const said = words().health;
  const [range, setRange] = useState<(typeof RANGES)[number]>('24');
  const [kind, setKind] = useState<Stream['stream']>('main');
  const history = useResource(
    (signal) => {
      const toMs = Math.floor(nowMs());
      const [from, to] = [toMs - Number(range) * HOUR_MS, toMs].map((ms) => new Date(ms).toISOString());
      return get(`/api/cameras/${encodeURIComponent(id)}/history`, cameraHistorySchema, {
        signal,
        query: { from, to },
      });
    },
    { of: [id, range], everyMs: 60_000 },
  );
  return (
    <Card title={said.title}>
      <div class={styles.choices}>
        <RadioGroup
          label={said.range}
          value={range}
          onValue={setRange}
          options={RANGES.map((value) => ({ value, label: said.ranges[value] }))}
        />
        <RadioGroup
          label={said.stream}
          value={kind}
          onValue={setKind}
          options={(['main', 'sub'] as const).map((value) => ({ value, label: said.streams[value] }))}
        />
      </div>
      <Loaded of={history} skeleton={<Skeleton lines={14} />}>
        {({ from, to, streams }) => {
          const stream = streams.find((one) => one.stream === kind);
          const [fromS, toS] = [Date.parse(from) / 1000, Date.parse(to) / 1000];
          if (!stream || (stream.at.length === 0 && stream.gaps.length === 0))
            return <EmptyState title={said.empty}>{said.emptyHow}</EmptyState>;
          return (
            <>
              <Plots of={stream} from={fromS} to={toS} />
              <HealthTables of={stream} from={fromS} to={toS} />
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
