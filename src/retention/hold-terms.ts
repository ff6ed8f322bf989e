import { HOLD_DAYS, type HoldKind } from '../contract/hold-kinds.ts';
import { DAY_US, MINUTE_US } from '../lib/clock.ts';

/** Kinds that go on for another term with a reason of its own (domain rules §4.6; 의료법 시행규칙 §39의17②). */
export const RENEWABLE: readonly HoldKind[] = ['incident', 'operating_room'];
/** Somebody has to look at it again by then. */
const REVIEW_DAYS = 30;
/** Only what is needed: a day is plenty, and it bounds what one hold can put off. */
export const LONGEST_RANGE_US = DAY_US;
/** Held besides what was asked for, before and after (domain rules §4.6): what people say of times is approximate. */
const AROUND_US = 10 * MINUTE_US;

export interface HoldTerms {
  readonly reviewUs: number;
  readonly endUs: number;
}

/** @param endUs as asked for; the kind's usual time unless told. @returns undefined beyond what the kind may have */
export function termsOf(kind: HoldKind, nowUs: number, endUs?: number): HoldTerms | undefined {
  const { usual, most } = HOLD_DAYS[kind];
  const untilUs = endUs ?? nowUs + usual * DAY_US;
  if (untilUs <= nowUs || untilUs > nowUs + most * DAY_US) return undefined;
  return { reviewUs: Math.min(untilUs, nowUs + REVIEW_DAYS * DAY_US), endUs: untilUs };
}

/** @returns when somebody has to look again who looks now */
export const nextReviewUs = (nowUs: number, endUs: number): number =>
  Math.min(endUs, nowUs + REVIEW_DAYS * DAY_US);

/** @returns what is held where this is asked for; nothing of the future; undefined for no past range of a day */
export function rangeHeld(
  fromUs: number,
  toUs: number,
  nowUs: number,
): { fromUs: number; toUs: number } | undefined {
  if (fromUs >= toUs || toUs > nowUs || toUs - fromUs > LONGEST_RANGE_US) return undefined;
  return { fromUs: fromUs - AROUND_US, toUs: Math.min(toUs + AROUND_US, nowUs) };
}
