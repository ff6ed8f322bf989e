import { timeZone } from './site.ts';

/**
 * A local time of the site as an instant. Of an hour that a change of the clocks repeats the first is meant.
 *
 * @param day `2026-11-22` @param time `03:14`
 * @returns ms since 1970-01-01 UTC; undefined for what is no day or time
 */
export function siteInstant(day: string, time: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^\d{2}:\d{2}$/.test(time)) return undefined;
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The zone's distance to UTC there, guessed first by the distance at the same numbers in UTC.
  const guess = asUtc - distanceMs(asUtc);
  return asUtc - distanceMs(guess);
}

/** `2026-11-22` and `03:14` of an instant in the site's time, as fields take them. */
export function siteFields(ms: number): { readonly day: string; readonly time: string } {
  const text = new Date(ms + distanceMs(ms)).toISOString();
  return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

/** How far the site's wall clock is ahead of UTC at an instant, ms. */
function distanceMs(ms: number): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone: timeZone(),
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const wall = Date.parse(
    `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`,
  );
  return wall - Math.floor(ms / 1000) * 1000;
}
