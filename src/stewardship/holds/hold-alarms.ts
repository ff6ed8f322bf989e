import { DAY_US, isoFromUs, MINUTE_US } from '../../lib/clock.ts';
import type { Facts } from '../../lib/errors.ts';
import type { Hold } from '../../retention/holds.ts';

export const HOLD_ALARMS = ['hold_unfinished', 'hold_review_overdue', 'hold_ending_soon'] as const;

export interface HoldAlarm {
  readonly code: (typeof HOLD_ALARMS)[number];
  readonly hold: string;
  readonly facts: Facts;
}

/** Copying takes minutes; what takes longer lacks something. */
const UNFINISHED_US = 15 * MINUTE_US;
const ENDING_US = DAY_US;

/**
 * What somebody has to know of holds at this moment. Pure. One that ends stays an alarm until its copies are erased, or
 * until it has another end.
 *
 * What was lost before it could be copied stays an alarm as long as the hold: somebody counts on it.
 *
 * @param troubles what keeps a hold from being copied, if anything does: told at once
 */
export function holdAlarms(
  holds: readonly Hold[],
  troubles: ReadonlyMap<string, string>,
  nowUs: number,
): HoldAlarm[] {
  return holds
    .filter(({ state }) => state === 'copying' || state === 'held')
    .flatMap(({ id: hold, state, madeUs, reviewUs, endUs, missed = 0 }): HoldAlarm[] => {
      const why = missed > 0 ? 'missed' : troubles.get(hold);
      const isLate = state === 'copying' && nowUs >= madeUs + UNFINISHED_US;
      const isUnfinished = isLate || why !== undefined;
      const isOverdue = nowUs >= reviewUs && reviewUs < endUs;
      return [
        ...(isUnfinished ? [{ code: 'hold_unfinished' as const, hold, facts: { why } }] : []),
        ...(isOverdue
          ? [{ code: 'hold_review_overdue' as const, hold, facts: { review: isoFromUs(reviewUs) } }]
          : []),
        ...(nowUs >= endUs - ENDING_US
          ? [{ code: 'hold_ending_soon' as const, hold, facts: { end: isoFromUs(endUs) } }]
          : []),
      ];
    });
}
