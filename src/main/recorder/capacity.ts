import type { CatalogueReader } from '../../catalogue/reader.ts';
import type { Config } from '../../config/config.ts';
import type { Forecast } from '../../contract/recorder-status.ts';
import type { Clock } from '../../lib/clock.ts';
import type { StreamRef } from '../../lib/ids.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import { forecast } from '../../recording/forecast.ts';
import type { StorageGuard } from '../../recording/storage-guard.ts';
import type { Alarms } from '../../stewardship/alarms.ts';

export interface CapacityWatch {
  /** The last forecast that could be made; undefined before the first. */
  readonly forecast: Forecast | undefined;
  stop(): void;
}

/** By then the cameras have said what their streams weigh. */
const SECOND_LOOK_MS = 30_000;
const LOOK_EVERY_MS = 10 * 60_000;

/** Looks now and again whether the promised days will fit, and raises an alarm when they will not. */
export async function watchCapacity(deps: {
  readonly config: () => {
    readonly retention: Pick<Config['retention'], 'days'>;
    readonly storage: Pick<Config['storage'], 'reserveBytes'>;
  };
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly reader: Pick<CatalogueReader, 'dayTotals'>;
  readonly streams: () => readonly StreamRef[];
  /** What cameras said of their bit rates, by stream label. */
  readonly announced: ReadonlyMap<string, number>;
  readonly guard: Pick<StorageGuard, 'freeBytes'>;
  readonly alarms: Alarms;
  readonly log: Log;
}): Promise<CapacityWatch> {
  const { clock, siteTime, alarms, log } = deps;
  const look = async (): Promise<Forecast> => {
    const { retention, storage } = deps.config();
    const sinceDay = siteTime.addDays(siteTime.dayOf(clock.utcUs()), -retention.days - 1);
    const seen = forecast({
      streams: deps.streams(),
      totals: await deps.reader.dayTotals(sinceDay),
      announced: deps.announced,
      retentionDays: retention.days,
      freeBytes: deps.guard.freeBytes,
      reserveBytes: storage.reserveBytes,
    });
    if (seen.fits) alarms.clear('retention_at_risk', '');
    else alarms.raise('retention_at_risk', '', { days: seen.daysThatFit, needed: seen.retentionDays });
    log.info('forecast', seen);
    return seen;
  };
  let latest: Forecast | undefined;
  // One that cannot be made must not end the recording; the last one stands and the next look tries again.
  const lookAgain = () =>
    look().then(
      (next) => {
        latest = next;
      },
      (error: unknown) => log.warn('forecast.failed', factsOf(error)),
    );
  await lookAgain();
  const stopSecond = clock.after(SECOND_LOOK_MS, () => void lookAgain());
  const stopLooking = clock.every(LOOK_EVERY_MS, () => void lookAgain());
  return {
    get forecast() {
      return latest;
    },
    stop() {
      stopSecond();
      stopLooking();
    },
  };
}
