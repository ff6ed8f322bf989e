import { setImmediate } from 'node:timers/promises';
import type { CatalogueReader } from '../catalogue/reader.ts';
import { type Clock, MINUTE_US, SECOND_US } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';

/** A day of the site and how much of it each camera's main stream has. Instants and lengths: µs. */
export interface CalendarDay {
  readonly day: LocalDay;
  readonly fromUs: number;
  readonly toUs: number;
  readonly cameras: readonly { readonly camera: string; readonly recordedUs: number }[];
}

export interface CalendarDeps {
  readonly catalogue: Pick<CatalogueReader, 'extents' | 'dayTotals'>;
  readonly siteTime: SiteTime;
  readonly clock: Clock;
}

const MOST_DAYS = 62;
/** A day that has ended changes only where something of it is recovered or erased. */
const PAST_GOOD_US = 10 * MINUTE_US;
const TODAY_GOOD_US = 20 * SECOND_US;

/**
 * The days of which there is footage, oldest first. Counting a day walks all of its segments, so each is kept for a
 * while, and between two of them others have their turn: nobody's picture waits for a calendar.
 */
export function createCalendar({ catalogue, siteTime, clock }: CalendarDeps): () => Promise<CalendarDay[]> {
  const known = new Map<LocalDay, { readonly atUs: number; readonly day: CalendarDay }>();

  const count = async (day: LocalDay): Promise<CalendarDay> => {
    const next = siteTime.addDays(day, 1);
    const totals = await catalogue.dayTotals(day, next);
    return {
      day,
      fromUs: siteTime.startOf(day),
      toUs: siteTime.startOf(next),
      cameras: totals
        .filter(({ ref }) => ref.stream === 'main')
        .map(({ ref, durationUs }) => ({ camera: ref.camera, recordedUs: durationUs })),
    };
  };

  return async () => {
    const extents = await catalogue.extents();
    const today = siteTime.dayOf(clock.utcUs());
    const oldest = extents.reduce((least, { oldestUs }) => Math.min(least, oldestUs), clock.utcUs());
    const first = siteTime.dayOf(oldest);
    const days: CalendarDay[] = [];
    for (let day = today; day >= first && days.length < MOST_DAYS; day = siteTime.addDays(day, -1)) {
      const kept = known.get(day);
      const goodUs = day === today ? TODAY_GOOD_US : PAST_GOOD_US;
      if (kept && clock.monoUs() - kept.atUs < goodUs) {
        days.push(kept.day);
        continue;
      }
      const counted = await count(day);
      known.set(day, { atUs: clock.monoUs(), day: counted });
      days.push(counted);
      await setImmediate();
    }
    for (const day of known.keys()) if (day < first) known.delete(day);
    return days.reverse();
  };
}
