import { clockOf, dayAfter, dayOf } from '../zone.ts';
import type { Draft } from './draft.ts';

/** Ranges that are asked for most, in one click. */
export const QUICK = ['lastHour', 'lastNight', 'today'] as const;
export type Quick = (typeof QUICK)[number];

const HOUR_MS = 3_600_000;
/** When the clinic is empty. */
const NIGHT = { from: '19:00:00', to: '08:00:00' } as const;

export function quickRange(quick: Quick, zone: string, nowMs: number): Pick<Draft, 'day' | 'from' | 'to'> {
  const today = dayOf(zone, nowMs);
  const now = clockOf(zone, nowMs);
  if (quick === 'lastNight') return { day: dayAfter(today, -1), ...NIGHT };
  if (quick === 'today') return { day: today, from: '00:00:00', to: now };
  const fromMs = nowMs - HOUR_MS;
  return { day: dayOf(zone, fromMs), from: clockOf(zone, fromMs), to: now };
}
