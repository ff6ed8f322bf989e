import { z } from 'zod';
import { idText } from './inputs.ts';
import { certificateSchema } from './purge-outcome.ts';

/** What erasing does and did, as the API shows it. Instants: ISO 8601, UTC; days of the site. */

export const runSchema = z.strictObject({
  run: z.string(),
  started: z.iso.datetime(),
  finished: z.iso.datetime(),
  state: z.enum(['complete', 'incomplete']),
  cameras: z.int(),
  cameraDays: z.int(),
  keys: z.int(),
  files: z.int(),
  bytes: z.number(),
  /** Of the file: what the ledger has of it. */
  sha256: z.string(),
});
export type RunView = z.infer<typeof runSchema>;

export const oldestSchema = z.strictObject({
  camera: z.string(),
  day: z.string(),
  from: z.iso.datetime(),
});

const erasureSchema = z.strictObject({
  camera: z.string(),
  day: z.string(),
  dueAt: z.iso.datetime(),
  files: z.int(),
  bytes: z.number(),
});

export const retentionSchema = z.strictObject({
  /** Of when the plan and the oldest footage are. */
  at: z.iso.datetime(),
  retentionDays: z.int(),
  next: z.strictObject({
    at: z.iso.datetime(),
    cameras: z.int(),
    files: z.int(),
    bytes: z.number(),
    erase: z.array(erasureSchema),
    /** Holds whose copies go too. */
    holds: z.array(z.string()),
  }),
  /** The oldest byte of rolling footage that can still be decrypted; absent: none. */
  oldest: oldestSchema.optional(),
  /** If it were still there then, the law would be broken. */
  redLine: z.iso.datetime().optional(),
  lastGood: z.strictObject({ run: z.string(), at: z.iso.datetime() }).optional(),
  /** What stands in the way of erasing, as sentences. */
  trouble: z.array(z.strictObject({ kind: z.string(), sentence: z.string() })),
  /** The last look at all that lies in the storage folder; absent until the first one is done. */
  look: z
    .strictObject({
      at: z.iso.datetime(),
      sound: z.boolean(),
      findings: z.array(z.string()),
      keyrings: z.int(),
      files: z.int(),
    })
    .optional(),
  /** The newest first. */
  runs: z.array(runSchema),
});
export type RetentionView = z.infer<typeof retentionSchema>;

export const oneRun = z.strictObject({ run: idText });
export const certificateAnswer = z.strictObject({ sha256: z.string(), certificate: certificateSchema });
