import { HOUR_US, MINUTE_US } from '../../lib/clock.ts';
import type { SiteTime } from '../../lib/site-time.ts';

/** In the light of the day, when doors, blinds and lamps are most like the day before. */
const LOOK_HOUR = 10;
/** What is in doubt is looked at again so often, until it is good again or accepted. */
const AGAIN_US = 10 * MINUTE_US;

/**
 * Whether a view should be looked at. Pure: once a local day, at ten; what is in doubt or has no reference each ten
 * minutes; what was never looked at, at once.
 *
 * @param triedUs when it was last attempted, well or not
 */
export function isDue(
  standing:
    | { readonly referenceUs: number | null; readonly doubts: number; readonly lastUs: number }
    | undefined,
  triedUs: number | undefined,
  nowUs: number,
  siteTime: SiteTime,
): boolean {
  const lastUs = Math.max(standing?.lastUs ?? 0, triedUs ?? 0);
  // A clock that was set back must not put looks off for as long.
  if (lastUs > nowUs) return true;
  if (nowUs - lastUs < AGAIN_US) return false;
  if (!standing || standing.doubts > 0 || standing.referenceUs === null) return true;
  const hourUs = siteTime.startOf(siteTime.dayOf(nowUs)) + LOOK_HOUR * HOUR_US;
  return nowUs >= hourUs && standing.lastUs < hourUs;
}
