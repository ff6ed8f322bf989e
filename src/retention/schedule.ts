import { HOUR_US, MINUTE_US } from '../lib/clock.ts';
import type { SiteTime } from '../lib/site-time.ts';

/** The run after the one that began at `lastUs`: at local midnight, and every hour for what that one missed. */
export const nextRunUs = (lastUs: number, siteTime: SiteTime): number =>
  Math.min(siteTime.startOf(siteTime.addDays(siteTime.dayOf(lastUs), 1)), lastUs + HOUR_US);

/** Right after a boot nobody has said yet what time it is: a time server and the cameras do within two minutes. */
export const secondLookUs = (lastUs: number, siteTime: SiteTime): number =>
  Math.min(nextRunUs(lastUs, siteTime), lastUs + 2 * MINUTE_US);
