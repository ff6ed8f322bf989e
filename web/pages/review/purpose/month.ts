import type { Calendar } from '../shapes.ts';
import { dayAfter } from '../zone.ts';

/** One day of the calendar. */
export interface CalendarCell {
  readonly day: string;
  /** 0…1 of the day so far, of all chosen cameras; undefined: nothing is known of it. */
  readonly share: number | undefined;
}

const DAYS = 31;

/**
 * The last 31 days up to today in whole weeks, from Sunday.
 *
 * @param cameras the chosen ones; none chosen: all
 */
export function weeksOf(
  { days }: Calendar,
  cameras: readonly string[],
  today: string,
  nowMs: number,
): (CalendarCell | undefined)[][] {
  const known = new Map(days.map((day) => [day.day, day]));
  const first = dayAfter(today, 1 - DAYS);
  const weekday = new Date(`${first}T00:00:00Z`).getUTCDay();
  const cells: (CalendarCell | undefined)[] = Array.from({ length: weekday }, () => undefined);
  for (let day = first; day <= today; day = dayAfter(day, 1))
    cells.push({ day, share: shareOf(known.get(day), cameras, nowMs) });
  while (cells.length % 7 !== 0) cells.push(undefined);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

function shareOf(
  day: Calendar['days'][number] | undefined,
  cameras: readonly string[],
  nowMs: number,
): number | undefined {
  if (!day) return undefined;
  const chosen = day.cameras.filter(({ camera }) => cameras.length === 0 || cameras.includes(camera));
  const seconds = (Math.min(Date.parse(day.to), nowMs) - Date.parse(day.from)) / 1000;
  const of = cameras.length === 0 ? chosen.length : cameras.length;
  if (of === 0 || seconds <= 0) return undefined;
  const recorded = chosen.reduce((sum, { recordedSeconds }) => sum + recordedSeconds, 0);
  return Math.min(1, recorded / (seconds * of));
}
