import { type View, xOf } from './view.ts';

export interface Tick {
  readonly us: number;
  readonly x: number;
  /** What is written at it: the day where one begins, else the time, with seconds where they matter. */
  readonly says: 'day' | 'minutes' | 'seconds';
}

const STEPS_S = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];
const DAY_US = 86_400_000_000;
/** A label and some air. */
const LEAST_PX = 90;

/** @param offsetUs how far the site's clock is ahead of UTC: what is written is round there */
export function ticksOf(view: View, width: number, offsetUs: number): Tick[] {
  const span = view.toUs - view.fromUs;
  if (width <= 0 || span <= 0) return [];
  const least = (span / width) * LEAST_PX;
  const stepUs = (STEPS_S.find((step) => step * 1e6 >= least) ?? 604_800) * 1e6;
  const first = Math.ceil((view.fromUs + offsetUs) / stepUs) * stepUs;
  const ticks: Tick[] = [];
  for (let local = first; local <= view.toUs + offsetUs; local += stepUs) {
    const us = local - offsetUs;
    const says = local % DAY_US === 0 ? 'day' : stepUs < 60e6 ? 'seconds' : 'minutes';
    ticks.push({ us, x: xOf(view, width, us), says });
  }
  return ticks;
}
