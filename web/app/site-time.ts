import { language } from './language.ts';
import { timeZone } from './site.ts';

interface Shape {
  readonly show?: 'all' | 'date' | 'clock';
  readonly seconds?: boolean;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @returns `2026-11-22 (일) 03:14:05` in the site's time zone; follows the language */
export function siteTimeText(ms: number, { show = 'all', seconds = false }: Shape = {}): string {
  const parts = Object.fromEntries(
    formatOf(timeZone(), language.value)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const date = `${parts.year}-${parts.month}-${parts.day} (${parts.weekday})`;
  const clock = `${parts.hour}:${parts.minute}${seconds ? `:${parts.second}` : ''}`;
  return show === 'date' ? date : show === 'clock' ? clock : `${date} ${clock}`;
}

function formatOf(zone: string, speaking: string): Intl.DateTimeFormat {
  const key = `${zone} ${speaking}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(speaking, {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    calendar: 'gregory',
    numberingSystem: 'latn',
  });
  formats.set(key, format);
  return format;
}

/** @returns `2026-11-22`, the day of the site */
export const siteDayOf = (ms: number): string => siteTimeText(ms, { show: 'date' }).slice(0, 10);

/**
 * When a day of the site begins, ms UTC.
 *
 * @param day `2026-11-22`
 * @param days later, in days of the calendar
 * @returns undefined for what is no day
 */
export function siteDayMs(day: string, days = 0): number | undefined {
  const middayMs = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T12:00:00Z`) : Number.NaN;
  if (Number.isNaN(middayMs)) return undefined;
  const wanted = new Date(middayMs + days * 86_400_000).toISOString().slice(0, 10);
  // Zones lie between 12 hours behind and 14 ahead of UTC, and change by quarters of an hour.
  const firstMs = Date.parse(`${wanted}T00:00:00Z`) - 14 * 3_600_000;
  for (let quarter = 0; quarter <= 26 * 4; quarter += 1)
    if (siteDayOf(firstMs + quarter * 900_000) === wanted) return firstMs + quarter * 900_000;
  return undefined;
}

/** @param day `2026-11-30`; what is no day is left as it is */
export function siteDayText(day: string): string {
  const ms = siteDayMs(day);
  return ms === undefined ? day : siteTimeText(ms, { show: 'date' });
}
