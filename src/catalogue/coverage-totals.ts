import { SECOND_US } from '../lib/clock.ts';
import type { GapCause } from './causes.ts';
import { type CoverageClass, className, type Stretch } from './stretches.ts';

/** An amount for each class; causes that do not occur are absent. */
export interface ClassTotals {
  readonly recorded: number;
  readonly unknown: number;
  readonly gap: Readonly<Partial<Record<GapCause, number>>>;
}

export interface CoverageTotals {
  /** µs; their sum is the length of the range. */
  readonly durationUs: ClassTotals;
  /**
   * Seconds counted from the range's beginning, a last fraction as one. Each belongs to the class that fills
   * most of it, of equals to the worse one: recorded, then a gap, then unknown.
   */
  readonly seconds: ClassTotals;
}

/** @param stretches a whole range, as `divide` gives it */
export function totalsOf(stretches: readonly Stretch[]): CoverageTotals {
  const durations = tally();
  const seconds = tally();
  const originUs = stretches[0]?.fromUs ?? 0;
  /** The second that the last stretches share, and how much of it each class has. */
  let shared = { second: -1, parts: new Map<string, { is: CoverageClass; us: number }>() };
  const settle = () => {
    const winner = [...shared.parts.values()].sort((a, b) => b.us - a.us || badness(b.is) - badness(a.is))[0];
    if (winner) seconds.add(winner.is, 1);
    shared = { second: -1, parts: new Map() };
  };
  const share = (second: number, is: CoverageClass, us: number) => {
    if (us <= 0) return;
    if (shared.second !== second) settle();
    shared.second = second;
    const part = shared.parts.get(className(is));
    shared.parts.set(className(is), { is, us: us + (part?.us ?? 0) });
  };
  for (const { fromUs, toUs, is } of stretches) {
    durations.add(is, toUs - fromUs);
    const from = fromUs - originUs;
    const to = toUs - originUs;
    const firstWhole = Math.ceil(from / SECOND_US);
    const endWhole = Math.floor(to / SECOND_US);
    if (endWhole < firstWhole) {
      share(endWhole, is, to - from);
      continue;
    }
    share(firstWhole - 1, is, firstWhole * SECOND_US - from);
    if (endWhole > firstWhole) {
      settle();
      seconds.add(is, endWhole - firstWhole);
    }
    share(endWhole, is, to - endWhole * SECOND_US);
  }
  settle();
  return { durationUs: durations.totals(), seconds: seconds.totals() };
}

const badness = (is: CoverageClass) => (is === 'recorded' ? 0 : is === 'unknown' ? 2 : 1);

function tally() {
  let recorded = 0;
  let unknown = 0;
  const gap: Partial<Record<GapCause, number>> = {};
  return {
    add(is: CoverageClass, amount: number) {
      if (is === 'recorded') recorded += amount;
      else if (is === 'unknown') unknown += amount;
      else gap[is.gap] = (gap[is.gap] ?? 0) + amount;
    },
    totals: (): ClassTotals => ({ recorded, unknown, gap }),
  };
}
