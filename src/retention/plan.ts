import type { LocalDay, SiteTime } from '../lib/site-time.ts';

/** What there is of one camera and local day: hours that have a key, and files that bear its name. */
export interface CameraDayFound {
  readonly camera: string;
  readonly day: LocalDay;
  readonly hours: readonly number[];
  readonly files: number;
  readonly bytes: number;
  /** The catalogue has rows of it. */
  readonly listed: boolean;
}

/** A hold that is still copying: these keys stay until then, and no longer than an hour past their time. */
export interface Deferral {
  readonly hold: string;
  readonly camera: string;
  readonly day: LocalDay;
  readonly hours: readonly number[];
  readonly untilUs: number;
}

/** A camera-day that appeared after its day was over: recorded later than its name says (a clock was behind). */
export interface LateComer {
  readonly camera: string;
  readonly day: LocalDay;
  /** The local day on which it was first seen; its retention counts from there. */
  readonly seenOn: LocalDay;
}

export interface PlanInput {
  readonly nowUs: number;
  readonly siteTime: SiteTime;
  /** Full local days that are kept. */
  readonly retentionDays: number;
  /** A camera that is no longer configured counts like any other. */
  readonly found: readonly CameraDayFound[];
  readonly late: readonly LateComer[];
  readonly deferrals: readonly Deferral[];
}

export interface PlannedErasure {
  readonly camera: string;
  readonly day: LocalDay;
  /** The instant from which on it had to go, µs UTC. */
  readonly dueUs: number;
  /** Keys that are erased; empty where they have gone before and only files are left over. */
  readonly hours: readonly number[];
  readonly files: number;
  readonly bytes: number;
  /** False while a hold still needs an hour of this day: whose file is whose only the key could tell. */
  readonly removesFiles: boolean;
  readonly reason: 'expired' | 'left_over';
}

export interface PlannedDeferral {
  readonly hold: string;
  readonly camera: string;
  readonly day: LocalDay;
  readonly hours: readonly number[];
  readonly untilUs: number;
}

export interface Plan {
  readonly atUs: number;
  readonly retentionDays: number;
  /** Oldest day first. */
  readonly erase: readonly PlannedErasure[];
  readonly deferred: readonly PlannedDeferral[];
  /** Due by their name, kept because they are younger than it. */
  readonly late: readonly (LateComer & { readonly dueUs: number })[];
}

const LONGEST_DEFERRAL_US = 3_600_000_000;

/** Footage of local day D is due at the first instant of local day D + retention days + 1. µs UTC. */
export const dueUs = (day: LocalDay, retentionDays: number, siteTime: SiteTime): number =>
  siteTime.startOf(siteTime.addDays(day, retentionDays + 1));

/**
 * What has to be erased at this moment, and why. Pure: the same data give the same plan, and nothing outside of
 * them can shorten or lengthen anybody's retention.
 */
export function planErasing(input: PlanInput): Plan {
  const { nowUs, siteTime, retentionDays } = input;
  const seenOn = new Map(input.late.map((late) => [`${late.camera}/${late.day}`, late]));
  const erase: PlannedErasure[] = [];
  const deferred: PlannedDeferral[] = [];
  const kept: (LateComer & { dueUs: number })[] = [];
  const oldestFirst = [...input.found].sort((a, b) => compare(a.day, b.day) || compare(a.camera, b.camera));
  for (const { camera, day, hours, files, bytes, listed } of oldestFirst) {
    const dueByNameUs = dueUs(day, retentionDays, siteTime);
    if (nowUs < dueByNameUs) continue;
    const late = seenOn.get(`${camera}/${day}`);
    const dueAtUs = late ? Math.max(dueByNameUs, dueUs(late.seenOn, retentionDays, siteTime)) : dueByNameUs;
    // Without a key nothing in the files can be recovered, whenever it was recorded: they may go by their name.
    if (late && hours.length > 0 && nowUs < dueAtUs) {
      kept.push({ ...late, dueUs: dueAtUs });
      continue;
    }
    const holding = input.deferrals
      .filter((each) => each.camera === camera && each.day === day)
      .map((each) => ({
        ...each,
        hours: each.hours.filter((hour) => hours.includes(hour)),
        untilUs: Math.min(each.untilUs, dueAtUs + LONGEST_DEFERRAL_US),
      }))
      .filter((each) => each.hours.length > 0 && nowUs < each.untilUs);
    deferred.push(...holding);
    const held = new Set(holding.flatMap((each) => each.hours));
    const doomed = hours.filter((hour) => !held.has(hour));
    const removesFiles = held.size === 0;
    if (doomed.length === 0 && !(removesFiles && (files > 0 || listed))) continue;
    const reason = hours.length > 0 ? 'expired' : 'left_over';
    erase.push({ camera, day, dueUs: dueAtUs, hours: doomed, files, bytes, removesFiles, reason });
  }
  return { atUs: nowUs, retentionDays, erase, deferred, late: kept };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
