import { STRIP_CELLS, type TodayCamera } from '../../../src/contract/today.ts';
import { causeText } from '../../app/causes.ts';
import { siteTimeText } from '../../app/site-time.ts';
import styles from './today.module.css';
import { words } from './words.ts';

interface StripProps {
  readonly camera: Pick<TodayCamera, 'strip' | 'gaps'>;
  /** ms: when the day began, and until when the strip goes. */
  readonly dayStartMs: number;
  readonly untilMs: number;
}

/** Of five minutes each; a day that is longer makes them narrower. */
const CELLS_OF_A_DAY = 288;
const CLASS_OF: Readonly<Record<string, string | undefined>> = {
  [STRIP_CELLS.all]: styles.recorded,
  [STRIP_CELLS.part]: styles.part,
  [STRIP_CELLS.none]: styles.gap,
  [STRIP_CELLS.before]: undefined,
};

/** A camera's day from midnight to midnight; what is still to come is empty. */
export function Strip({ camera: { strip, gaps }, dayStartMs, untilMs }: StripProps) {
  const said = words().cameras;
  const clock = (ms: number) => siteTimeText(ms, { show: 'clock' });
  const missing = /[pn]/.test(strip);
  const told = gaps
    .map(({ from, to, cause }) =>
      said.gap({ from: clock(Date.parse(from)), to: clock(Date.parse(to)), cause: causeText(cause) }),
    )
    .join(', ');
  const cells = Math.max(CELLS_OF_A_DAY, strip.length);
  const spoken = said.strip({
    from: clock(dayStartMs),
    to: clock(untilMs),
    gaps: missing ? told || said.someMissing : '',
  });
  return (
    <div class={styles.strip} role="img" aria-label={spoken} title={spoken}>
      {runsOf(strip).map(({ cell, from, length }) => (
        <span
          key={from}
          class={CLASS_OF[cell]}
          style={{ left: `${(100 * from) / cells}%`, width: `${(100 * length) / cells}%` }}
        />
      ))}
    </div>
  );
}

function runsOf(strip: string): { cell: string; from: number; length: number }[] {
  return [...strip.matchAll(/(.)\1*/g)].map(({ 0: run, 1: cell = '', index }) => ({
    cell,
    from: index,
    length: run.length,
  }));
}
