import type { Agreement } from './agreement.ts';

export const VIEW_STATES = ['same', 'changed', 'covered'] as const;
/** `covered`: hardly anything is to be seen any more. */
export type ViewState = (typeof VIEW_STATES)[number];

/**
 * Below it a view counts as another one. `npm run bench views`, thirteen simulated rooms by day and night with people in
 * them: untouched pictures agree by 0.50 and more, under infra-red or in a quarter of the light 99 in 100 by 0.46; turned
 * by 5 % of the width at most by 0.30, twisted by 5° nine in ten by less, another room by about 0.2.
 */
export const LEAST_AGREEMENT = 0.45;
/** Of the reference's structure. Covered pictures leave at most 0.08, one in a quarter of its light at least 0.12. */
const LEAST_LEFT = 0.1;
/** Of a picture: below it there is nothing that a later one could be held against. Rooms have 0.4 and more, by night too. */
export const LEAST_STRUCTURE = 0.08;

export const stateOf = ({ agreement, left }: Agreement): ViewState =>
  agreement >= LEAST_AGREEMENT ? 'same' : left < LEAST_LEFT ? 'covered' : 'changed';

/** How a camera's view stands. */
export interface ViewStanding {
  /** It has, or had, one to be held against. */
  readonly hasReference: boolean;
  /** Looks in a row that found another view. */
  readonly doubts: number;
}

/** What one look found. */
export interface ViewFound {
  /** 0…1, of the picture itself. */
  readonly structure: number;
  /** Absent where there is no reference any more, or none yet. */
  readonly agreement?: Agreement | undefined;
}

export interface Step {
  readonly state: ViewState;
  readonly doubts: number;
  /**
   * This picture is the reference from now on. `renewed`: the one before is about to be erased, and agreed with it;
   * `lost`: it was erased before.
   */
  readonly becomes?: 'first' | 'renewed' | 'lost';
}

/**
 * What follows from a look. Pure. While a view is in doubt nothing but a person makes it the reference, also when the
 * old one is erased meanwhile: an alarm does not end because what it rests on is gone.
 *
 * @param lastDays whether the reference will be erased within the next two days
 */
export function afterLook(
  before: ViewStanding,
  { structure, agreement }: ViewFound,
  lastDays: boolean,
): Step {
  const stays = (state: ViewState): Step => ({ state, doubts: state === 'same' ? 0 : before.doubts + 1 });
  const becomes = (reason: NonNullable<Step['becomes']>): Step => ({
    state: 'same',
    doubts: 0,
    becomes: reason,
  });
  const usable = structure >= LEAST_STRUCTURE;
  if (agreement) {
    const state = stateOf(agreement);
    return lastDays && usable && state === 'same' ? becomes('renewed') : stays(state);
  }
  // With nothing to hold it against, only that there is nothing to be seen can be told.
  if (!usable) return stays('covered');
  if (!before.hasReference) return becomes('first');
  return before.doubts > 0 ? stays('changed') : becomes('lost');
}
