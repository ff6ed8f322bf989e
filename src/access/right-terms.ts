import { z } from 'zod';
import type { RightRow } from '../db/site/right-rows.ts';
import { HOUR_US, isoFromUs } from '../lib/clock.ts';
import { ACTIONS, type Action, MOST, OF_CAMERAS, type Role } from './actions.ts';
import type { Right } from './policy.ts';

/** What a right allows, where and until when. */
export interface RightTerms {
  readonly actions: readonly Action[];
  readonly cameras: readonly string[];
  /** Absent: as far back as there is any. */
  readonly lookBackHours?: number | undefined;
  /** µs UTC. */
  readonly fromUs: number;
  readonly untilUs?: number | undefined;
}

const terms = z.strictObject({
  actions: z.array(z.enum(ACTIONS)),
  cameras: z.array(z.string()),
  lookBackHours: z.int().optional(),
  fromUs: z.int(),
  untilUs: z.int().optional(),
});
const proposal = z.strictObject({ terms, requestedBy: z.string() });

/** @throws ZodError for what is no right of ours: then nobody has it */
export const termsOf = ({ terms: text }: Pick<RightRow, 'terms'>): RightTerms =>
  terms.parse(JSON.parse(text));

/** A change that waits. */
export const proposalOf = (row: Pick<RightRow, 'proposal'>) =>
  row.proposal === null ? undefined : proposal.parse(JSON.parse(row.proposal));

export function rightOf(row: Pick<RightRow, 'id' | 'terms'>): Right {
  const { lookBackHours, ...rest } = termsOf(row);
  return {
    id: row.id,
    ...rest,
    ...(lookBackHours !== undefined && { lookBackUs: lookBackHours * HOUR_US }),
  };
}

export type TermsFault = 'beyond_role' | 'nothing' | 'camera_missing' | 'camera_unknown' | 'term_bad';

/** Longer than any look-back there is anything for. */
const MOST_HOURS = 24 * 3660;

/** What is wrong with the terms of a right for such a role; undefined when nothing is. Pure. */
export function termsFault(
  { actions, cameras, lookBackHours, fromUs, untilUs }: RightTerms,
  role: Role,
  known: ReadonlySet<string>,
  nowUs: number,
): TermsFault | undefined {
  if (actions.length === 0) return 'nothing';
  if (!actions.every((action) => MOST[role].includes(action))) return 'beyond_role';
  if (actions.some((action) => OF_CAMERAS.has(action)) && cameras.length === 0) return 'camera_missing';
  if (!cameras.every((camera) => known.has(camera))) return 'camera_unknown';
  if (!Number.isSafeInteger(fromUs) || fromUs <= 0) return 'term_bad';
  if (untilUs !== undefined && (!Number.isSafeInteger(untilUs) || !(untilUs > fromUs && untilUs > nowUs)))
    return 'term_bad';
  if (
    lookBackHours !== undefined &&
    !(Number.isInteger(lookBackHours) && lookBackHours >= 1 && lookBackHours <= MOST_HOURS)
  )
    return 'term_bad';
  return undefined;
}

/** As they stand in an entry, each thing once and in one order. */
export function factsOfTerms({ actions, cameras, lookBackHours, fromUs, untilUs }: RightTerms) {
  return {
    cameras: [...new Set(cameras)].sort(),
    actions: ACTIONS.filter((action) => actions.includes(action)),
    ...(lookBackHours !== undefined && { lookBackHours }),
    from: isoFromUs(fromUs),
    ...(untilUs !== undefined && { until: isoFromUs(untilUs) }),
  };
}
