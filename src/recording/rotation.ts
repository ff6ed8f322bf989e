import { MINUTE_US } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';

/** The last stretch of a day in which a new segment already belongs to the next day. */
const DAY_TURN_US = MINUTE_US;
/** Streams spread over this much of it, so that their fsyncs do not come together. */
const DAY_TURN_SPREAD = 50 / 60;

/** First instant, whole µs, at which this stream's new segments belong to the day that begins at `endOfDayUs`. */
const turnOf = (endOfDayUs: number, stagger: number) =>
  endOfDayUs - DAY_TURN_US + Math.round(stagger * DAY_TURN_SPREAD * DAY_TURN_US);

/** Where in the period (0…1) this stream rotates; spreads streams evenly by their ordinal. */
export const staggerOf = (ordinal: number): number => (ordinal * 0.618_033_988_749_895) % 1;

/** Which day and hour a segment that begins at `wallUs` is filed under: its key, its folder, its erasure. */
export function filedUnder(
  wallUs: number,
  siteTime: SiteTime,
  stagger: number,
): { day: LocalDay; hour: number } {
  const today = siteTime.dayOf(wallUs);
  const tomorrow = siteTime.addDays(today, 1);
  return wallUs >= turnOf(siteTime.startOf(tomorrow), stagger)
    ? { day: tomorrow, hour: 0 }
    : { day: today, hour: siteTime.hourOf(wallUs) };
}

export interface RotationPlan {
  /** From here on a key frame ends the segment. */
  readonly softUs: number;
  /** No fragment that ends after this may go into the segment, key frame or not. */
  readonly hardUs: number;
}

/**
 * When the segment that begins at `wallUs` and is filed under `day` has to end. The soft end is the stream's
 * own minute; the hard end is the end of that day, so that nothing of a day is ever erased with the day before.
 * A segment of the next day, opened in the last minute before it, ends with the next day's own rules.
 */
export function planRotation(
  wallUs: number,
  day: LocalDay,
  siteTime: SiteTime,
  stagger: number,
  segmentUs: number,
): RotationPlan {
  const endOfDayUs = siteTime.startOf(siteTime.addDays(day, 1));
  const turnUs = turnOf(endOfDayUs, stagger);
  const phaseUs = stagger * segmentUs;
  // The next of the stream's own moments that leaves the segment at least half its usual length.
  const earliestUs = wallUs + segmentUs / 2;
  const beatUs = Math.ceil((earliestUs - phaseUs) / segmentUs) * segmentUs + phaseUs;
  return { softUs: Math.min(beatUs, turnUs), hardUs: endOfDayUs };
}

export type RotationVerdict = 'continue' | 'rotate' | 'cut_without_key_frame';

/** What to do with a fragment: into the running segment, or first into a new one. Pure. */
export function judgeRotation(
  plan: RotationPlan,
  fragment: { wallUs: number; durationUs: number; startsWithKeyFrame: boolean },
): RotationVerdict {
  if (fragment.wallUs >= plan.softUs && fragment.startsWithKeyFrame) return 'rotate';
  if (fragment.wallUs + fragment.durationUs > plan.hardUs)
    return fragment.startsWithKeyFrame ? 'rotate' : 'cut_without_key_frame';
  return 'continue';
}
