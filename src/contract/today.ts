import { z } from 'zod';
import { oldestSchema } from './retention.ts';

/** The day at one glance. What the caller's role may not know is absent. Instants: ISO 8601, UTC. */

/** What may wait for a person; most urgent first is for `oversight` to say. */
export const WAITING_KINDS = [
  'incident',
  'break_glass',
  'grant',
  'right',
  'account',
  'confirmation',
  'hold_review',
  'hold_ending',
  'item',
] as const;

/** One character each: all recorded, a part of it, nothing of it, and nothing because the camera's footage begins later. */
export const STRIP_CELLS = { all: 'a', part: 'p', none: 'n', before: 'b' } as const;

const words = z.strictObject({ ko: z.string(), en: z.string() });

export const todayCameraSchema = z.strictObject({
  id: z.string(),
  name: words,
  /** False: it is switched off, or not to be recorded. */
  pulled: z.boolean(),
  recording: z.boolean(),
  /** Footage up to here survives a power cut; absent: there is none. */
  durable: z.iso.datetime().optional(),
  fps: z.number().optional(),
  /** What stands in the way now. */
  gap: z.strictObject({ since: z.iso.datetime(), cause: z.string() }).optional(),
  /** Five minutes each since the day began: `a` all recorded, `p` a part, `n` nothing, `b` before its first footage. */
  strip: z.string(),
  /** The last gaps of the day. */
  gaps: z.array(z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), cause: z.string() })),
});
export type TodayCamera = z.infer<typeof todayCameraSchema>;

export const todaySchema = z.strictObject({
  at: z.iso.datetime(),
  timeZone: z.string(),
  /** The local day, and when it began. */
  day: z.string(),
  dayStart: z.iso.datetime(),
  recording: z
    .strictObject({
      /** False: the recorder does not answer; what it said is missing. */
      running: z.boolean(),
      recording: z.int(),
      of: z.int(),
      /** Of when the strips are. */
      stripsAt: z.iso.datetime().optional(),
      cameras: z.array(todayCameraSchema),
    })
    .optional(),
  storage: z
    .strictObject({
      retentionDays: z.int(),
      daysThatFit: z.number(),
      fits: z.boolean(),
      freeBytes: z.number(),
    })
    .optional(),
  alarms: z
    .strictObject({
      count: z.int(),
      /** Only shown, nothing to do. */
      notes: z.int(),
      worst: z
        .strictObject({
          id: z.string(),
          alarm: z.string(),
          severity: z.string(),
          since: z.iso.datetime(),
          sentence: z.string(),
          taken: z.boolean(),
        })
        .optional(),
    })
    .optional(),
  erasing: z
    .strictObject({
      /** Of when this is. */
      asOf: z.iso.datetime(),
      retentionDays: z.int(),
      at: z.iso.datetime(),
      cameras: z.int(),
      files: z.int(),
      bytes: z.number(),
      /** It waits for a person. */
      waits: z.boolean(),
      lastGood: z.iso.datetime().optional(),
      oldest: oldestSchema.optional(),
    })
    .optional(),
  ledger: z
    .strictObject({
      entries: z.int(),
      /** Not signed yet. */
      unsigned: z.int(),
      signed: z.iso.datetime().optional(),
      /** An alarm about the ledger stands. */
      trouble: z.boolean(),
    })
    .optional(),
  waiting: z.array(
    z.strictObject({
      kind: z.enum(WAITING_KINDS),
      count: z.int(),
      since: z.iso.datetime().optional(),
      due: z.iso.datetime().optional(),
      subject: z.string().optional(),
    }),
  ),
});
export type Today = z.infer<typeof todaySchema>;
