import { HOUR_US } from '../lib/clock.ts';
import type { SiteTime } from '../lib/site-time.ts';

/** The run after the one that began at `lastUs`: at local midnight, and every hour for what that one missed. */
export const nextRunUs = (lastUs: number, siteTime: SiteTime): number =>
  Math.min(siteTime.startOf(siteTime.addDays(siteTime.dayOf(lastUs), 1)), lastUs + HOUR_US);
