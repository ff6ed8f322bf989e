import { z } from 'zod';
import { HOLD_KINDS, TAKING_OVER } from './hold-kinds.ts';
import { idText, wordsOfPerson } from './inputs.ts';
import { instantUs } from './people.ts';

/** Holds as the API shows them. Instants: ISO 8601, UTC. */

export const HOLD_STATES = ['beginning', 'copying', 'held', 'ended', 'erased'] as const;

export const holdSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(HOLD_KINDS),
  state: z.enum(HOLD_STATES),
  cameras: z.array(z.string()),
  /** What is held. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  made: z.iso.datetime(),
  /** By then somebody has to look again. */
  review: z.iso.datetime(),
  /** Then its copies are erased by themselves. */
  end: z.iso.datetime(),
  /** To be sent back with a change, which is refused where somebody else was first. */
  revision: z.string(),
  files: z.int(),
  /** Of the copies, as they lie on the disk. */
  bytes: z.int(),
  /** Files that could not be copied. */
  missed: z.int(),
  reviewDue: z.boolean(),
  endsSoon: z.boolean(),
  /** Whether its kind can be renewed. */
  renewable: z.boolean(),
  /** Made out of a viewing in which something was seen: an officer has to decide what becomes of it. */
  reported: z.boolean(),
});
export type HoldView = z.infer<typeof holdSchema>;

/** Who has it now, and why: the one that made it, or took it over. */
export const holdReasonSchema = z.strictObject({
  hold: z.string(),
  at: z.iso.datetime(),
  did: z.enum(['made', 'taken_over', 'renewed', 'reviewed', 'ended']),
  by: z.string(),
  reason: z.string(),
});

/** One hold with all that was done to it. Instants: ISO 8601, UTC. */
export const holdPageSchema = z.strictObject({
  hold: holdSchema,
  /** What the viewing was for in which it was seen; of one that was reported. */
  purpose: z.string().optional(),
  history: z.array(holdReasonSchema),
  missed: z.array(z.strictObject({ file: z.string(), code: z.string() })),
});

const reason = wordsOfPerson(5, 1000);
const camera = z.string().max(32);

/** Which cameras, when, why: at the desk, or of what was seen in a viewing. */
export const deskHoldInput = z.strictObject({
  cameras: z.array(camera).min(1).max(64),
  from: instantUs,
  to: instantUs,
  reason,
});

/** `seen`: the revision that its person saw. */
const change = { seen: z.string().max(32), reason };
const end = instantUs.optional();

export const takeOverInput = z.strictObject({ ...change, kind: z.enum(TAKING_OVER), end });
export const renewInput = z.strictObject({ ...change, end });
export const holdChangeInput = z.strictObject(change);
export const oneHold = z.strictObject({ id: idText });
