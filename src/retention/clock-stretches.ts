import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { writeFileDurablySync } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { makeSharedFolder } from '../lib/sharing.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { type Boot, keptStep } from './clock-guard.ts';

/**
 * Time in which the recorder's wall clock went on without a step, within one boot. Noted before keys are made, so
 * that a day which came into being under a clock that was wrong can be told from one that was recorded on its day.
 */
export interface Stretch {
  readonly id: string;
  readonly boot: string;
  readonly uptimeUs: number;
  readonly utcUs: number;
  /** The local day it began on, by that clock: none of its footage is filed under an earlier one. */
  readonly fromDay: LocalDay;
  /** The kernel followed a time server in it, for the first time in this boot: after a step the flag is stale. */
  readonly synchronised: boolean;
}

/** `damaged`: nobody knows. */
export type Stretches = readonly Stretch[] | 'damaged';

export interface Sighting {
  readonly boot: Boot | undefined;
  readonly utcUs: number;
  readonly today: LocalDay;
  readonly synchronised: boolean | undefined;
}

/** Of more the oldest are taken together. */
const MOST = 64;

/** Pure. @returns the same list where there is nothing new */
export function sighted(known: readonly Stretch[], sighting: Sighting): readonly Stretch[] {
  const { boot, utcUs, today } = sighting;
  const last = known.at(-1);
  const isSame = last !== undefined && keptStep(last, { boot, utcUs });
  const hadFlag = known.some((each) => each.synchronised && each.boot === boot?.id);
  const synchronised = sighting.synchronised === true && !hadFlag;
  if (isSame) return synchronised ? [...known.slice(0, -1), { ...last, synchronised }] : known;
  const [id, uptimeUs] = [boot?.id ?? 'unknown', boot?.uptimeUs ?? 0];
  const next = { id: `${id}/${uptimeUs}`, boot: id, uptimeUs, utcUs, fromDay: today, synchronised };
  const [first, second, ...rest] = [...known, next];
  if (known.length < MOST || !first || !second) return [...known, next];
  const fromDay = [first.fromDay, second.fromDay].sort()[0] ?? first.fromDay;
  // Two that are one have no steady clock in common.
  return [
    { ...second, boot: 'several', fromDay, synchronised: first.synchronised && second.synchronised },
    ...rest,
  ];
}

/**
 * From which day on days that no look knew may have been recorded later than they say. A stretch counts as right
 * when its clock has kept step with the one that is trusted now, or followed a time server.
 *
 * @param upTo the last stretch that a look with a trusted clock has dealt with
 */
export function doubtfulFrom(
  stretches: Stretches,
  upTo: string | undefined,
  now: { readonly boot: Boot | undefined; readonly utcUs: number },
): LocalDay | undefined {
  if (stretches === 'damaged') return '0000-01-01' as LocalDay;
  const since = stretches.findIndex(({ id }) => id === upTo) + 1;
  const days = stretches
    .slice(since)
    .filter((each) => !each.synchronised && !keptStep(each, now))
    .map(({ fromDay }) => fromDay);
  return days.sort()[0];
}

const stretchesShape = z.object({
  v: z.literal(1),
  stretches: z
    .array(
      z.object({
        id: z.string(),
        boot: z.string(),
        uptimeUs: z.number(),
        utcUs: z.number(),
        fromDay: z.iso.date().transform((text) => text as LocalDay),
        synchronised: z.boolean(),
      }),
    )
    .max(MOST),
});

/** @throws the system's error, except that no file is no stretch */
export function readStretches(path: string): Stretches {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  try {
    return stretchesShape.parse(JSON.parse(text)).stretches;
  } catch {
    return 'damaged';
  }
}

/**
 * For the recorder: notes the clock of this moment where it is not that of the moment before. Never fails its
 * caller, since recording does not wait for it; what could not be noted is told and tried again.
 */
export function createStretchNotes(deps: {
  readonly path: string;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly boot: () => Boot | undefined;
  readonly synchronised: () => boolean | undefined;
  readonly failed: (code: string) => void;
}): () => void {
  let known: readonly Stretch[] | undefined;
  return () => {
    try {
      const read = known ?? readStretches(deps.path);
      const before = read === 'damaged' ? [] : read;
      const utcUs = deps.clock.utcUs();
      const today = deps.siteTime.dayOf(utcUs);
      const after = sighted(before, { boot: deps.boot(), utcUs, today, synchronised: deps.synchronised() });
      if (after !== before) {
        makeSharedFolder(dirname(deps.path));
        writeFileDurablySync(deps.path, `${JSON.stringify({ v: 1, stretches: after })}\n`);
      }
      known = after;
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      deps.failed(code);
    }
  };
}
