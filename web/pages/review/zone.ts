/** Days and times of the site, as people write them. Pure: the zone is given. */

const formats = new Map<string, Intl.DateTimeFormat>();

function partsOf(zone: string, ms: number): Record<string, number> {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
}

/** How far the site's clock is ahead of UTC then, ms. */
export function offsetMs(zone: string, ms: number): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = partsOf(zone, ms);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** @returns `2026-11-22` */
export const dayOf = (zone: string, ms: number): string =>
  new Date(ms + offsetMs(zone, ms)).toISOString().slice(0, 10);

/** @returns `03:14:05` */
export const clockOf = (zone: string, ms: number): string =>
  new Date(ms + offsetMs(zone, ms)).toISOString().slice(11, 19);

/**
 * @param day `2026-11-22`
 * @param clock `03:14` or `03:14:05`
 * @returns ms UTC; undefined for what is no day or time. Where the clock was set back, the earlier of two.
 */
export function msOf(zone: string, day: string, clock: string): number | undefined {
  const written = /^\d{4}-\d\d-\d\d$/.test(day) && /^\d\d:\d\d(:\d\d)?$/.test(clock);
  const local = written ? Date.parse(`${day}T${clock.length === 5 ? `${clock}:00` : clock}Z`) : Number.NaN;
  if (Number.isNaN(local)) return undefined;
  const guess = local - offsetMs(zone, local);
  return local - offsetMs(zone, guess);
}

/** @returns the day so many days later */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
