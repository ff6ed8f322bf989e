import { HOUR_US, isoFromUs, MINUTE_US } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { CAMERA_FOLDER, DAY_FOLDER } from '../vault/identity.ts';
import { lockerOf } from '../vault/locker-key.ts';
import type { MeasuredFolders } from '../vault/measured-folders.ts';
import type { HourKeyName } from '../vault/wrapping.ts';
import { type Hold, lapsedHolds } from './holds.ts';
import type { PurgeState } from './journal.ts';
import { dueUs } from './plan.ts';
import type { StorageSurvey } from './survey.ts';

export interface RetentionInput {
  readonly nowUs: number;
  readonly siteTime: SiteTime;
  readonly retentionDays: number;
  /** As the keyring's row names it. */
  readonly epoch: number;
  /** Every key that either copy of the keyring holds. */
  readonly keys: readonly HourKeyName[];
  /** The epochs whose secrets lie in each place. */
  readonly places: readonly { readonly path: string; readonly epochs: readonly number[] }[];
  /** How many of those stand in a backup alone. */
  readonly onlyInBackups: number;
  readonly folders: MeasuredFolders;
  /** What lies in the storage folder. */
  readonly survey: StorageSurvey;
  readonly state: PurgeState;
  readonly holds: readonly Hold[];
}

export interface RetentionStatus {
  readonly at: string;
  readonly retentionDays: number;
  readonly epoch: number;
  /** The oldest byte of rolling footage that whoever has this disk and the root key can decrypt; absent: none. */
  readonly oldest?: {
    readonly camera: string;
    readonly day: string;
    readonly hour: number;
    readonly from: string;
  };
  readonly cameras: readonly { readonly camera: string; readonly oldestDay: string; readonly keys: number }[];
  /** Camera-days with keys whose time is over. */
  readonly overdue: readonly { readonly camera: string; readonly day: string; readonly dueAt: string }[];
  /** Footage that came under a day that was over: kept from the day on which it was first seen. */
  readonly late: readonly { readonly camera: string; readonly day: string; readonly seenOn: string }[];
  /** Keys in no keyring but in a backup's, under a secret that exists: they count like all others. */
  readonly onlyInBackups: number;
  /** Everything else that could hold footage, and does not. */
  readonly survey: StorageSurvey;
  /** Copies under hold that can be decrypted: of when they are, and when they go. */
  readonly lockers: readonly { readonly hold: string; readonly from?: string; readonly end?: string }[];
  /** Of those, the ones whose hold is over or that no hold explains. */
  readonly strayLockers: readonly { readonly hold: string }[];
  /** Files that nobody can decrypt and nobody has removed yet. */
  readonly leftOver: readonly { readonly camera: string; readonly day: string; readonly files: number }[];
  /** Places that hold another secret than the current one: keys erased since may open with it. */
  readonly oldSecrets: readonly { readonly path: string; readonly epochs: readonly number[] }[];
  readonly lastGood?: { readonly run: string; readonly at: string };
  readonly waiting?: { readonly why: string; readonly since: string };
  readonly unfinished?: string;
  /**
   * A run that is not over: places that are away, or refuse, may hold a secret that still opens what was erased, from
   * that day on.
   */
  readonly owed?: { readonly run: string; readonly places: readonly string[]; readonly oldestDay?: string };
  /** Nothing of a past epoch is left, nothing waits, and no file is there that nobody can explain. */
  readonly inOrder: boolean;
  /** In order, and nothing is overdue. */
  readonly sound: boolean;
}

/**
 * What could be brought back, by its keys: without one no copy of footage opens, here or in any backup. Keys lie in
 * the databases wrapped under the current epoch only; those of past ones open with an old secret alone. That nothing
 * else holds footage (previews, caches, temporary files, database pages) the survey has looked for.
 */
export async function retentionStatus(input: RetentionInput): Promise<RetentionStatus> {
  const { nowUs, siteTime, retentionDays, state } = input;
  const keys = input.keys.filter(isOfFootage);
  const byId = new Map(input.holds.map((hold) => [hold.id, hold]));
  const lockers = input.keys.flatMap((name) => {
    const hold = lockerOf(name);
    if (hold === undefined) return [];
    const known = byId.get(hold);
    return [{ hold, ...(known && { from: isoFromUs(known.fromUs), end: isoFromUs(known.endUs) }) }];
  });
  const lapsed = new Set(lapsedHolds(input.holds, nowUs).map(({ hold }) => hold));
  const strayLockers = lockers.filter(({ hold }) => !byId.has(hold) || lapsed.has(hold));
  const isDue = (day: string) => dueUs(day as LocalDay, retentionDays, siteTime) <= nowUs;
  const byCamera = Map.groupBy(keys, ({ camera }) => camera);
  const cameras = [...byCamera]
    .map(([camera, all]) => ({
      camera,
      oldestDay: all.map(({ day }) => day).sort()[0] ?? '',
      keys: all.length,
    }))
    .sort((a, b) => (a.camera < b.camera ? -1 : 1));
  const withKeys = new Set(keys.map(({ camera, day }) => `${camera}/${day}`));
  const late = new Set(state.looked?.late.map(({ camera, day }) => `${camera}/${day}`));
  const overdue = [...withKeys]
    .map((id) => ({ camera: id.split('/')[0] ?? '', day: id.split('/')[1] ?? '' }))
    .filter(({ camera, day }) => isDue(day) && !late.has(`${camera}/${day}`))
    .map((each) => ({ ...each, dueAt: isoFromUs(dueUs(each.day as LocalDay, retentionDays, siteTime)) }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const leftOver: { camera: string; day: string; files: number }[] = [];
  for (const { camera, day } of await input.folders.cameraDays()) {
    if (!isDue(day) || withKeys.has(`${camera}/${day}`)) continue;
    const { files } = await input.folders.contentsOf({ camera, day });
    if (files > 0) leftOver.push({ camera, day, files });
  }
  const oldSecrets = input.places
    .map(({ path, epochs }) => ({ path, epochs: epochs.filter((epoch) => epoch !== input.epoch) }))
    .filter(({ epochs }) => epochs.length > 0);
  const oldest = oldestOf(keys, siteTime);
  const { inClear, unknownFiles } = input.survey;
  const isInOrder =
    oldSecrets.length + strayLockers.length + inClear.length + unknownFiles === 0 &&
    !state.waiting &&
    !state.intent &&
    !state.owed;
  return {
    at: isoFromUs(nowUs),
    retentionDays,
    epoch: input.epoch,
    ...(oldest && { oldest }),
    cameras,
    overdue,
    late: (state.looked?.late ?? []).map(({ camera, day, seenOn }) => ({ camera, day, seenOn })),
    onlyInBackups: input.onlyInBackups,
    survey: input.survey,
    lockers,
    strayLockers: strayLockers.map(({ hold }) => ({ hold })),
    leftOver,
    oldSecrets,
    ...(state.lastGood && { lastGood: { run: state.lastGood.run, at: isoFromUs(state.lastGood.atUs) } }),
    ...(state.waiting && { waiting: { why: state.waiting.why, since: isoFromUs(state.waiting.sinceUs) } }),
    ...(state.intent && { unfinished: state.intent.run }),
    ...(state.owed && { owed: owedOf(state.owed) }),
    inOrder: isInOrder,
    sound: overdue.length === 0 && isInOrder,
  };
}

/** The keyring has keys of other things as well, under names that no camera can have. */
export const isOfFootage = ({ camera, day }: HourKeyName): boolean =>
  CAMERA_FOLDER.test(camera) && DAY_FOLDER.test(day);

const owedOf = ({ since, places, oldest }: NonNullable<PurgeState['owed']>) => ({
  run: since,
  places,
  ...(oldest && { oldestDay: oldest.day }),
});

/** The oldest hour that has a key: of nothing older a single byte can be decrypted. Pure. */
export function oldestOf(keys: readonly HourKeyName[], siteTime: SiteTime): RetentionStatus['oldest'] {
  const first = keys.reduce<HourKeyName | undefined>(
    (best, key) =>
      !best || key.day < best.day || (key.day === best.day && key.hour < best.hour) ? key : best,
    undefined,
  );
  if (!first) return undefined;
  const { camera, day, hour } = first;
  // The last minute before a day may be filed under its first hour.
  const earlierUs = hour === 0 ? MINUTE_US : 0;
  return {
    camera,
    day,
    hour,
    from: isoFromUs(siteTime.startOf(day as LocalDay) + hour * HOUR_US - earlierUs),
  };
}
