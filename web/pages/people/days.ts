import { siteDayMs, siteDayOf } from '../../app/site-time.ts';

/** Whoever chooses a last day means all of it. @returns ISO 8601, UTC; undefined for no day */
export function endOfDay(day: string): string | undefined {
  const ms = siteDayMs(day, 1);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** The last day of what ends at this instant. @returns `2026-11-22` */
export const lastDayOf = (until: string | undefined): string =>
  until === undefined ? '' : siteDayOf(Date.parse(until) - 1);
