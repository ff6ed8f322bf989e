import type { CameraView } from '../../../src/contract/camera-views.ts';
import { nowMs } from '../../app/clock.ts';
import { Plot } from './plot.tsx';
import { words } from './words.ts';

const DAYS_S = 31 * 86_400;

/** The score of each day, in percent. */
export default function ViewPlot({ scores }: Pick<CameraView, 'scores'>) {
  const column = scores.map(({ agreement }) => (agreement === undefined ? null : agreement * 100));
  const to = Math.floor(nowMs() / 1000);
  return (
    <Plot
      what={words().view.plot}
      of={{ least: column, mean: column, most: column }}
      digits={0}
      fromZero
      upTo={100}
      at={scores.map(({ at }) => Date.parse(at) / 1000)}
      gaps={[]}
      from={to - DAYS_S}
      to={to}
    />
  );
}
