/** What of time is to be seen; µs UTC. */
export interface View {
  readonly fromUs: number;
  readonly toUs: number;
}

const SECOND_US = 1_000_000;
const LEAST_US = 10 * SECOND_US;

/** Steps of the zoom that have a name. */
export const LEVELS = { month: 31 * 86_400, day: 86_400, hour: 3600, minute: 60 } as const;
export type Level = keyof typeof LEVELS;

export const spanOf = ({ fromUs, toUs }: View): number => toUs - fromUs;

export const xOf = (view: View, width: number, us: number): number =>
  ((us - view.fromUs) / spanOf(view)) * width;

export const usOf = (view: View, width: number, x: number): number =>
  view.fromUs + (width <= 0 ? 0 : x / width) * spanOf(view);

/** Around an instant that stays where it is. @param factor below 1 goes nearer */
export function zoomed(view: View, factor: number, aroundUs: number, bounds: View): View {
  const span = Math.min(Math.max(spanOf(view) * factor, LEAST_US), spanOf(bounds));
  const share = (aroundUs - view.fromUs) / spanOf(view);
  const fromUs = aroundUs - Math.min(1, Math.max(0, share)) * span;
  return inBounds({ fromUs, toUs: fromUs + span }, bounds);
}

export const panned = (view: View, byUs: number, bounds: View): View =>
  inBounds({ fromUs: view.fromUs + byUs, toUs: view.toUs + byUs }, bounds);

export function atLevel(level: Level, aroundUs: number, bounds: View): View {
  const span = Math.min(LEVELS[level] * SECOND_US, spanOf(bounds));
  return inBounds({ fromUs: aroundUs - span / 2, toUs: aroundUs + span / 2 }, bounds);
}

/** Moves on with the playhead by whole pages, and stays where it is while it is in sight. */
export function following(view: View, atUs: number, bounds: View): View {
  if (atUs >= view.fromUs && atUs < view.toUs) return view;
  return inBounds({ fromUs: atUs - spanOf(view) / 10, toUs: atUs + (spanOf(view) * 9) / 10 }, bounds);
}

function inBounds({ fromUs, toUs }: View, bounds: View): View {
  const span = Math.min(toUs - fromUs, spanOf(bounds));
  const from = Math.min(Math.max(fromUs, bounds.fromUs), bounds.toUs - span);
  return { fromUs: from, toUs: from + span };
}

const BUCKETS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200] as const;

/** How wide a bucket of activity is worth asking for, s: about one of two pixels. */
export function bucketSecondsOf(view: View): number {
  const wanted = spanOf(view) / SECOND_US / 700;
  return BUCKETS.find((bucket) => bucket >= wanted) ?? 7200;
}

/** Beyond this the days of the calendar are drawn: the timeline is asked for at most eight of them. */
export const isOfDays = (view: View): boolean => spanOf(view) > 6 * 86_400 * SECOND_US;
