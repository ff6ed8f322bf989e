import type { CameraHistory } from '../../../src/contract/cameras.ts';
import styles from './camera.module.css';
import { Plot } from './plot.tsx';
import { words } from './words.ts';

type Column = readonly (number | null)[];
const scaled = (column: Column, by: number) => column.map((value) => (value === null ? null : value / by));

/** Four plots of one stream over the same time, under each other. */
export default function Plots({
  of,
  from,
  to,
}: {
  readonly of: CameraHistory['streams'][number];
  readonly from: number;
  readonly to: number;
}) {
  const said = words().health;
  const { fps, bitsPerSecond: bits } = of;
  const alone = (column: Column) => ({ least: column, mean: column, most: column });
  const plots = [
    { what: said.fps, of: fps, digits: 1, fromZero: true },
    {
      what: said.rate,
      of: { least: scaled(bits.least, 1e6), mean: scaled(bits.mean, 1e6), most: scaled(bits.most, 1e6) },
      digits: 2,
      fromZero: true,
    },
    { what: said.missing, of: alone(of.missingPackets), digits: 0, fromZero: true },
    { what: said.clock, of: alone(scaled(of.clockOffsetMs, 1000)), digits: 2, fromZero: false },
  ];
  return (
    <div class={styles.plots}>
      {plots.map((plot) => (
        <Plot key={plot.what} {...plot} at={of.at} gaps={of.gaps} from={from} to={to} />
      ))}
    </div>
  );
}
