import type { LocalDay } from '../lib/site-time.ts';
import type { CameraDayFound, LateComer } from './plan.ts';

/** What the last look saw, with a clock that could be trusted. */
export interface LastLook {
  readonly day: LocalDay;
  /** `camera/day` of everything that had keys. */
  readonly cameraDays: readonly string[];
  readonly late: readonly LateComer[];
}

/**
 * Camera-days that were not there at the last look although their day was over by then. A recorder whose clock
 * was behind (an empty battery, no time server yet) files today's footage under a past day; taken by its name it
 * would be erased at once. Its retention counts from the day on which it was first seen.
 */
export function lateComers(
  last: LastLook | undefined,
  found: readonly CameraDayFound[],
  today: LocalDay,
): LateComer[] {
  if (!last) return [];
  const withKeys = found.filter(({ hours }) => hours.length > 0);
  const known = new Set(last.cameraDays);
  const before = new Map(last.late.map((late) => [idOf(late), late]));
  return withKeys.flatMap(({ camera, day }): LateComer[] => {
    const late = before.get(idOf({ camera, day }));
    if (late) return [late];
    if (known.has(idOf({ camera, day })) || day >= last.day) return [];
    return [{ camera, day, seenOn: today }];
  });
}

/** What this look has seen, for the next one. */
export const lookOf = (
  found: readonly CameraDayFound[],
  late: readonly LateComer[],
  today: LocalDay,
): LastLook => ({
  day: today,
  cameraDays: found.filter(({ hours }) => hours.length > 0).map(idOf),
  late,
});

const idOf = ({ camera, day }: { camera: string; day: LocalDay }): string => `${camera}/${day}`;
