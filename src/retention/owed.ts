import type { Certificate } from '../contract/purge-outcome.ts';
import { DAY_US } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { isSettled } from '../vault/secret-places.ts';
import type { Owed } from './journal.ts';
import type { PlannedErasure } from './plan.ts';

/** The legal red line (domain rules §5.4). */
const RED_LINE_US = 5 * DAY_US;

type Place = {
  readonly path: string;
  readonly state: Parameters<typeof isSettled>[0]['state'];
  readonly code?: string | undefined;
};

/** What places still hold an old secret, each as it was seen last. */
export function openPlaces(seen: readonly Place[]): string[] {
  const last = new Map(seen.map((place) => [place.path, place]));
  return [...last.values()]
    .filter(({ path, state }) => !isSettled({ path, state }))
    .map(({ path, state, code = '' }) => `${path} ${state} ${code}`.trim());
}

/** Which runs are not over after this one, by what its certificate says. Undefined: all of them are. */
export function owedAfter(
  before: Owed | undefined,
  certificate: Certificate,
  siteTime: SiteTime,
): Owed | undefined {
  if (certificate.state === 'complete') return undefined;
  const places = openPlaces([...(certificate.settled ?? []), ...(certificate.keys?.places ?? [])]);
  const isOpen = places.length > 0 || (certificate.keys?.proof.opened ?? 0) > 0;
  const days = certificate.days.filter(({ hours }) => hours.length > 0);
  const first = days.reduce<(typeof days)[number] | undefined>(
    (oldest, each) => (!oldest || each.dueAt < oldest.dueAt ? each : oldest),
    undefined,
  );
  const here = first && {
    day: first.day as LocalDay,
    dueUs: Date.parse(first.dueAt) * 1000,
    cameras: new Set(days.map(({ camera }) => camera)).size,
  };
  return {
    run: certificate.run,
    day: siteTime.dayOf(Date.parse(certificate.startedAt) * 1000),
    since: before?.since ?? certificate.run,
    runs: (before?.runs ?? 0) + 1,
    places,
    // Where only files are left nothing can be opened.
    oldest: isOpen ? (before?.oldest ?? here) : undefined,
  };
}

/** What should have gone five days ago and may still be opened: what waits, and what a place that is away opens. */
export function overdueOf(
  nowUs: number,
  waiting: readonly PlannedErasure[],
  owed: Owed | undefined,
): { readonly oldestDay: string; readonly cameras: number } | undefined {
  const late = waiting.filter(({ hours, dueUs }) => hours.length > 0 && dueUs + RED_LINE_US <= nowUs);
  const owes = owed?.oldest && owed.oldest.dueUs + RED_LINE_US <= nowUs ? owed.oldest : undefined;
  const days = [...late.map(({ day }) => day), ...(owes ? [owes.day] : [])].sort();
  const [oldestDay] = days;
  if (oldestDay === undefined) return undefined;
  const cameras = Math.max(new Set(late.map(({ camera }) => camera)).size, owes?.cameras ?? 0);
  return { oldestDay, cameras };
}
