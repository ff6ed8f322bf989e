import { z } from 'zod';
import { RECORD_CLASSES } from './record-classes.ts';

/** What a run of the purge says of itself: its certificate as a file, and the document of `girok purge --json`. */

const instant = z.iso.datetime();
const count = z.number().int().min(0);
const day = z.iso.date();
const hours = z.array(z.number().int().min(0).max(24));

const erasedDaySchema = z.object({
  camera: z.string(),
  day,
  dueAt: instant,
  hours,
  /** As they were found when the run began. */
  files: count,
  /** Of the ciphertext. */
  bytes: count,
  /** False: a hold still needed an hour of this day, so the files stay until the next run; the keys are gone. */
  removesFiles: z.boolean(),
  reason: z.enum(['expired', 'left_over']),
});

const deferredSchema = z.object({ hold: z.string(), camera: z.string(), day, hours, until: instant });

const lateSchema = z.object({ camera: z.string(), day, seenOn: day, dueAt: instant });

/** A hold that is over, with its copies. */
const lockerSchema = z.object({ hold: z.string(), reason: z.enum(['ended', 'lapsed']) });

/** The personal texts of a class of record that were entered in a month (`YYYY-MM`): one key. */
const recordsSchema = z.object({ class: z.enum(RECORD_CLASSES), month: z.string(), dueAt: instant });

const placeSchema = z.object({
  path: z.string(),
  /** `missing`: it is away, with a secret that opens what was erased. `lost`: an officer has given it up. */
  state: z.enum(['overwritten', 'absent', 'refused', 'missing', 'lost']),
  code: z.string().optional(),
  fileSystem: z.string().optional(),
  /** Whether the medium keeps no older copy of what is overwritten. */
  overwriting: z.enum(['in_place', 'uncertain']),
});

const keyStepSchema = z.object({
  fromEpoch: count,
  toEpoch: count,
  erased: count,
  survivors: count,
  /** Keys that could not be opened before either; they are no part of the erasing. */
  damaged: z.array(z.object({ camera: z.string(), day: z.string(), hour: z.number() })),
  places: z.array(placeSchema),
  mirror: z.enum(['whole', 'behind']),
  /** Stored copies of the erased keys, tried with the secret of every epoch that exists. */
  proof: z.object({ copies: count, epochs: z.array(count), opened: count }),
});

export const certificateSchema = z.object({
  v: z.literal(1),
  run: z.string(),
  site: z.string(),
  timeZone: z.string(),
  retentionDays: count,
  startedAt: instant,
  finishedAt: instant,
  /** `complete`: nothing of what was due can be decrypted, and no file of it is left. */
  state: z.enum(['complete', 'incomplete']),
  /** It had been broken off and went on. */
  resumed: z.boolean(),
  clock: z.enum(['time_server', 'cameras', 'witness', 'steady', 'officer', 'not_needed']),
  epoch: count,
  days: z.array(erasedDaySchema),
  /** Absent when no key was due. */
  keys: keyStepSchema.optional(),
  /** Time from the start until nothing of it could be decrypted. */
  beyondRecoveryMs: z.number().optional(),
  /** Places that an earlier run had left: what has become of their secrets now. */
  settled: z.array(placeSchema).optional(),
  /** All runs since that one had been incomplete; with this one they are not. */
  finishes: z.object({ since: z.string(), runs: count }).optional(),
  rows: count,
  failures: z.array(z.object({ file: z.string(), code: z.string() })),
  deferred: z.array(deferredSchema),
  late: z.array(lateSchema),
  /** Copies under hold that went with this run. */
  lockers: z.array(lockerSchema).default([]),
  /** Personal texts of the ledger that went with this run. */
  records: z.array(recordsSchema).default([]),
  /** What the look at the folders was, so that the next one goes on from it. */
  look: z.object({ day, upTo: z.string().optional() }).optional(),
  /** The name under which the ledger's spool gets it: entered again, it is known. */
  entry: z.string().optional(),
  /** False: the ledger could not take its entries; they follow. */
  accounted: z.boolean(),
});

const waitingSchema = z.object({
  /** `clock`: nothing vouches for it. `days`: more days than have passed. `ledger`: it cannot be written. */
  why: z.enum(['clock', 'days', 'ledger']),
  days: count.optional(),
  expected: count.optional(),
});

const planSchema = z.object({
  at: instant,
  retentionDays: count,
  erase: z.array(erasedDaySchema),
  deferred: z.array(deferredSchema),
  late: z.array(lateSchema),
  lockers: z.array(lockerSchema),
  records: z.array(recordsSchema).default([]),
  /** What keeps the run from happening now. */
  waiting: waitingSchema.optional(),
  /** A run that was broken off and would be finished first. */
  unfinished: z.string().optional(),
});

export const purgeOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), plan: planSchema }),
  /**
   * `certificate` is absent when there was nothing to do and today has its certificate already; where a place is
   * still away it is the one that says so. `overdue`: something that should be gone for five days may still open.
   */
  z.object({
    kind: z.literal('done'),
    plan: planSchema,
    certificate: certificateSchema.optional(),
    overdue: z.boolean(),
  }),
  z.object({ kind: z.literal('waiting'), plan: planSchema, overdue: z.boolean() }),
  z.object({ kind: z.literal('broken_off') }),
  /** Another run is going on. */
  z.object({ kind: z.literal('busy') }),
]);

/** What the process says to whoever started it. */
export const purgeMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), done: count, of: count }),
  z.object({ kind: z.literal('outcome'), outcome: purgeOutcomeSchema }),
  z.object({
    kind: z.literal('failed'),
    code: z.string(),
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
]);

export type PurgeMessage = z.infer<typeof purgeMessageSchema>;
export type Certificate = z.infer<typeof certificateSchema>;
export type PurgeOutcome = z.infer<typeof purgeOutcomeSchema>;
export type PlanDocument = z.infer<typeof planSchema>;
export type ErasedDay = z.infer<typeof erasedDaySchema>;
export type Waiting = z.infer<typeof waitingSchema>;
