import { Temporal } from 'temporal-polyfill';
import { HOUR_US } from './clock.ts';

/** A calendar day of the site, `YYYY-MM-DD`. Sorts as text. */
export type LocalDay = string & { readonly __brand: 'LocalDay' };

/**
 * The site's calendar: which local day an instant belongs to and when a day begins, in every time zone and
 * on days of 23 or 25 hours. Days are looked up once and kept, since the recorder asks for every fragment.
 */
export interface SiteTime {
  readonly zone: string;
  dayOf(utcUs: number): LocalDay;
  /** First instant of `day`, µs UTC. */
  startOf(day: LocalDay): number;
  addDays(day: LocalDay, days: number): LocalDay;
  /** Whole hours since the day began, 0…24: on a day of 25 hours every hour still has a number of its own. */
  hourOf(utcUs: number): number;
  /** Local wall time `HHMMSS`, for file names. */
  hhmmss(utcUs: number): string;
  /** `2026-11-22 03:14:05`, for people. */
  label(utcUs: number): string;
}

/** @throws RangeError when `zone` is not an IANA time zone. */
export function createSiteTime(zone: string): SiteTime {
  let startUs = 0;
  let endUs = 0;
  let current = '' as LocalDay;
  const startCache = new Map<LocalDay, number>();

  const at = (utcUs: number) =>
    Temporal.Instant.fromEpochMilliseconds(Math.floor(utcUs / 1000)).toZonedDateTimeISO(zone);
  at(0); // refuses an unknown zone at once

  const startOf = (day: LocalDay): number => {
    const known = startCache.get(day);
    if (known !== undefined) return known;
    if (startCache.size > 400) startCache.clear();
    const us = Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds * 1000;
    startCache.set(day, us);
    return us;
  };
  const addDays = (day: LocalDay, days: number) =>
    Temporal.PlainDate.from(day).add({ days }).toString() as LocalDay;

  const dayOf = (utcUs: number): LocalDay => {
    if (utcUs >= startUs && utcUs < endUs) return current;
    const day = at(utcUs).toPlainDate().toString() as LocalDay;
    current = day;
    startUs = startOf(day);
    endUs = startOf(addDays(day, 1));
    return day;
  };

  return {
    zone,
    dayOf,
    startOf,
    addDays,
    hourOf: (utcUs) => Math.floor((utcUs - startOf(dayOf(utcUs))) / HOUR_US),
    hhmmss: (utcUs) => at(utcUs).toPlainTime().toString({ smallestUnit: 'second' }).replaceAll(':', ''),
    label: (utcUs) => at(utcUs).toPlainDateTime().toString({ smallestUnit: 'second' }).replace('T', ' '),
  };
}

/** @throws RangeError when `text` is not a calendar day. */
export function parseLocalDay(text: string): LocalDay {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new RangeError(`not a day: ${text}`);
  return Temporal.PlainDate.from(text).toString() as LocalDay;
}

/**
 * Local wall time of the site, `2026-11-22 03:14` or with seconds, as an instant in µs UTC. Of an hour that a
 * change of the clocks repeats the first is meant.
 *
 * @throws RangeError for anything else, and for a time of another century
 */
export function parseLocalTime(text: string, zone: string): number {
  if (!/^20\d{2}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?$/.test(text))
    throw new RangeError(`not a time: ${text}`);
  const local = Temporal.PlainDateTime.from(text.replace(' ', 'T'));
  return local.toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds * 1000;
}
