import { timeZone } from '../../app/site.ts';

/** What somebody wants to see of a register; days are the site's, `YYYY-MM-DD`, empty for none. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly person: string;
  readonly kind: string;
  readonly camera: string;
  readonly outcome: string;
  readonly order: 'newest' | 'oldest';
}

export const EVERYTHING: Asked = {
  from: '',
  to: '',
  person: '',
  kind: '',
  camera: '',
  outcome: '',
  order: 'newest',
};

/** As the API takes it, without the order: until the end of its last day. */
export function filterOf(asked: Asked): Record<string, string | undefined> {
  const some = (text: string) => (text === '' ? undefined : text);
  return {
    from: startOf(asked.from, 0),
    to: startOf(asked.to, 1),
    person: some(asked.person),
    kind: some(asked.kind),
    camera: some(asked.camera),
    outcome: some(asked.outcome),
  };
}

const DAY_MS = 24 * 3600 * 1000;

/** The first instant of a day of the site, so many days on; ISO 8601, UTC. Undefined for what is no day. */
function startOf(day: string, daysOn: number): string | undefined {
  const midnight = Date.parse(`${day}T00:00:00Z`) + daysOn * DAY_MS;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(midnight)) return undefined;
  // How far the site is ahead there and then; asked again, since the first guess may lie on the other side of a change.
  const first = midnight - aheadMs(midnight);
  return new Date(midnight - aheadMs(first)).toISOString();
}

function aheadMs(ms: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timeZone(),
    timeZoneName: 'longOffset',
  });
  const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000);
}
