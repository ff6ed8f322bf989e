import type { LocalDay } from '../lib/site-time.ts';
import type { CameraDayFound, LateComer } from './plan.ts';

/** What the last look saw, with a clock that could be trusted. */
export interface LastLook {
  readonly day: LocalDay;
  /** `camera/day` of everything that had keys and was over by then; `all`: the journal was lost, a certificate left. */
  readonly cameraDays: readonly string[] | 'all';
  readonly late: readonly LateComer[];
  /** The last stretch of the recorder's clock that this look has dealt with. */
  readonly upTo?: string | undefined;
}

/**
 * Camera-days that were not there at the last look although their day was over by then, or that came into being
 * while the recorder's clock was in doubt. A recorder whose clock was behind (an empty battery, no time server
 * yet) files today's footage under a past day; taken by its name it would be erased at once. Its retention counts
 * from the day on which it was first seen.
 *
 * @param doubtful the day from which on names are in doubt
 */
export function lateComers(
  last: LastLook | undefined,
  found: readonly CameraDayFound[],
  today: LocalDay,
  doubtful?: LocalDay,
): LateComer[] {
  const known = new Set(last?.cameraDays === 'all' ? [] : last?.cameraDays);
  const before = new Map(last?.late.map((late) => [idOf(late), late]));
  const isDoubtful = (day: LocalDay) => doubtful !== undefined && day >= doubtful && day < today;
  return found.flatMap(({ camera, day, hours }): LateComer[] => {
    if (hours.length === 0) return [];
    const late = before.get(idOf({ camera, day }));
    if (late) return [late];
    if (known.has(idOf({ camera, day }))) return [];
    const isNew = last !== undefined && last.cameraDays !== 'all' && day < last.day;
    return isNew || isDoubtful(day) ? [{ camera, day, seenOn: today }] : [];
  });
}

/** What this look has seen, for the next one. A day that is not over yet may still get footage it should not. */
export const lookOf = (
  found: readonly CameraDayFound[],
  late: readonly LateComer[],
  today: LocalDay,
  upTo?: string,
): LastLook => ({
  day: today,
  cameraDays: found.filter(({ day, hours }) => hours.length > 0 && day < today).map(idOf),
  late,
  ...(upTo !== undefined && { upTo }),
});

const idOf = ({ camera, day }: { camera: string; day: LocalDay }): string => `${camera}/${day}`;
