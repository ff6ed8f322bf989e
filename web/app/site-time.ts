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
