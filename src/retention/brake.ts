import { DAY_US } from '../lib/clock.ts';
import type { LocalDay } from '../lib/site-time.ts';
import type { Plan } from './plan.ts';

/**
 * The bulk brake. Each day that passes makes one day due; a plan with more of them than days have passed since the
 * last good run, and one, did not come about by itself (a retention that was edited, a clock). The first run ever
 * has nothing to compare, and after an outage as many days are due as were missed: both pass. Late-comers of several
 * days that fall due on one day are one: by their names they would stop the erasing of an ordinary site.
 *
 * @returns how many days would be expected, when somebody has to be asked first
 */
export function brake(
  plan: Plan,
  today: LocalDay,
  lastGoodDay: LocalDay | undefined,
): { days: number; expected: number } | undefined {
  if (lastGoodDay === undefined) return undefined;
  const days = new Set(plan.erase.filter(({ hours }) => hours.length > 0).map(({ dueUs }) => dueUs)).size;
  const expected = Math.max(0, daysBetween(lastGoodDay, today)) + 1;
  return days > expected ? { days, expected } : undefined;
}

/** Calendar days, whatever the length of each. */
const daysBetween = (from: LocalDay, to: LocalDay): number =>
  Math.round(((Date.parse(to) - Date.parse(from)) * 1000) / DAY_US);
