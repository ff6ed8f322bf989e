import type { CatalogueReader } from '../catalogue/reader.ts';
import { type Clock, DAY_US } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { deferralsOf, type Hold, type LapsedHold, lapsedHolds } from '../retention/holds.ts';
import type { PurgeState } from '../retention/journal.ts';
import { type CameraDayFound, dueUs, type PlannedErasure, planErasing } from '../retention/plan.ts';
import { isOfFootage, oldestOf } from '../retention/status.ts';
import type { HourKeyName } from '../vault/wrapping.ts';

/** What the next midnight erases, by the keys and the catalogue as they are now. Instants: µs UTC. */
export interface ErasingOutlook {
  readonly atUs: number;
  readonly retentionDays: number;
  /** The next local midnight, or now where something is due already. */
  readonly nextUs: number;
  readonly erase: readonly PlannedErasure[];
  /** Holds whose copies go with it. */
  readonly lockers: readonly LapsedHold[];
  /** The oldest byte of rolling footage that still has a key. */
  readonly oldest?: {
    readonly camera: string;
    readonly day: string;
    readonly hour: number;
    readonly fromUs: number;
  };
  /** From then on the law is broken, if the oldest footage were still there: five days after it was due. */
  readonly redLineUs?: number;
  readonly state: PurgeState;
}

export interface OutlookDeps {
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly retentionDays: number;
  /** The names of all keys that either copy of the keyring has. None is opened. */
  keys(): readonly HourKeyName[];
  catalogue(): Pick<CatalogueReader, 'dayTotals'>;
  state(): Promise<PurgeState>;
  holds(): Promise<readonly Hold[]>;
}

const RED_LINE_US = 5 * DAY_US;
const EARLIEST = '0000-01-01' as LocalDay;

/** @throws GirokError of keyring, catalogue, journal and book */
export async function erasingOutlook(deps: OutlookDeps): Promise<ErasingOutlook> {
  const { clock, siteTime, retentionDays } = deps;
  const nowUs = clock.utcUs();
  const today = siteTime.dayOf(nowUs);
  const midnightUs = siteTime.startOf(siteTime.addDays(today, 1));
  const keys = deps.keys().filter(isOfFootage);
  const [state, holds] = [await deps.state(), await deps.holds()];
  const lastDay = siteTime.addDays(today, -retentionDays);
  const found = foundIn(
    keys,
    await deps.catalogue().dayTotals(EARLIEST, siteTime.addDays(lastDay, 1)),
    lastDay,
  );
  const planAt = (atUs: number) =>
    planErasing({
      nowUs: atUs,
      siteTime,
      retentionDays,
      found,
      late: state.looked?.late ?? [],
      deferrals: deferralsOf(holds, siteTime, atUs),
    });
  const isDueNow = planAt(nowUs).erase.length > 0;
  const nextUs = isDueNow ? nowUs : midnightUs;
  const oldest = oldestOf(keys, siteTime);
  return {
    atUs: nowUs,
    retentionDays,
    nextUs,
    erase: planAt(nextUs).erase,
    lockers: lapsedHolds(holds, nextUs),
    ...(oldest && {
      oldest: { ...oldest, fromUs: Date.parse(oldest.from) * 1000 },
      redLineUs: dueUs(oldest.day as LocalDay, retentionDays, siteTime) + RED_LINE_US,
    }),
    state,
  };
}

/** Of each camera-day up to the last one: its hours by the keyring, its files by the catalogue. */
function foundIn(
  keys: readonly HourKeyName[],
  totals: Awaited<ReturnType<CatalogueReader['dayTotals']>>,
  lastDay: LocalDay,
): CameraDayFound[] {
  const found = new Map<string, CameraDayFound>();
  const of = (camera: string, day: LocalDay): CameraDayFound =>
    found.get(`${camera}/${day}`) ?? { camera, day, hours: [], files: 0, bytes: 0, listed: false };
  for (const { camera, day, hour } of keys) {
    if (day > lastDay) continue;
    const known = of(camera, day as LocalDay);
    found.set(`${camera}/${day}`, { ...known, hours: [...known.hours, hour] });
  }
  for (const { ref, day, segments, bytes } of totals) {
    const known = of(ref.camera, day);
    found.set(`${ref.camera}/${day}`, {
      ...known,
      files: known.files + segments,
      bytes: known.bytes + bytes,
      listed: true,
    });
  }
  return [...found.values()];
}
