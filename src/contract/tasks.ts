import { z } from 'zod';
import { wordsOfPerson } from './inputs.ts';

/** What a person does again and again, as the API shows it. Instants: ISO 8601, UTC. */

export const taskSchema = z.strictObject({
  id: z.string(),
  kind: z.string(),
  /** `YYYY-MM` */
  month: z.string(),
  opened: z.iso.datetime(),
  due: z.iso.datetime(),
  done: z.iso.datetime().optional(),
  /** The entry of the ledger that says so. */
  entry: z.int().optional(),
  /** When somebody last looked and found it not in order. */
  foundNotInOrder: z.iso.datetime().optional(),
  overdue: z.boolean(),
});
export type TaskView = z.infer<typeof taskSchema>;

const cameraDay = z.strictObject({ camera: z.string(), day: z.string(), dueAt: z.string() });

/** 파기 확인 보고서 (src/oversight/examination.ts). */
export const erasingReportSchema = z.strictObject({
  v: z.literal(1),
  task: z.string(),
  site: z.string(),
  timeZone: z.string(),
  month: z.string(),
  at: z.string(),
  retentionDays: z.int(),
  checks: z.array(
    z.strictObject({
      check: z.enum(['oldest', 'certificates', 'restore', 'control', 'monitor']),
      passed: z.boolean(),
    }),
  ),
  cameras: z.array(z.strictObject({ camera: z.string(), oldestDay: z.string(), ageDays: z.int() })),
  tooOld: z.array(cameraDay),
  lateComers: z.array(z.strictObject({ camera: z.string(), day: z.string(), seenOn: z.string() })),
  erased: z.strictObject({
    runs: z.int(),
    cameras: z.int(),
    cameraDays: z.int(),
    keys: z.int(),
    files: z.int(),
    bytes: z.number(),
    shotFrom: z.string().optional(),
    shotTo: z.string().optional(),
    incomplete: z.array(z.string()),
    late: z.array(cameraDay.extend({ erasedAt: z.string() })),
    lateDays: z.int(),
    daysWithoutRun: z.array(z.string()),
    damagedCertificates: z.array(z.string()),
  }),
  holds: z.array(z.strictObject({ hold: z.string(), kind: z.string(), end: z.string() })),
  restore: z.strictObject({
    cameraDays: z.array(z.strictObject({ camera: z.string(), day: z.string(), hours: z.int() })),
    keyrings: z.int(),
    copies: z.int(),
    epochs: z.array(z.int()),
    opened: z.int(),
    files: z.int(),
    control: z.enum(['opened', 'failed', 'no_keys']),
    unreadable: z.array(z.string()),
  }),
  elsewhere: z.strictObject({
    inClear: z.array(z.string()),
    unknown: z.array(z.string()),
    unknownFiles: z.int(),
    filesRead: z.int(),
    keysOnlyInBackups: z.int(),
    oldSecrets: z.int(),
    strayLockers: z.int(),
  }),
});
export type ErasingReportView = z.infer<typeof erasingReportSchema>;

/** A look takes longer than one answer: asked again, it is there. */
export const lookSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('looking'), since: z.iso.datetime() }),
  z.strictObject({ state: z.literal('failed'), at: z.iso.datetime() }),
  z.strictObject({
    state: z.literal('looked'),
    report: erasingReportSchema,
    sha256: z.string(),
    /** By an entry of the ledger. */
    confirmed: z.boolean(),
  }),
]);

/** `erasing-2026-10` */
export const oneTask = z.strictObject({ id: z.string().regex(/^[a-z]{1,32}-\d{4}-\d{2}$/) });

export const confirmInput = z.strictObject({
  /** SHA-256 of the report that was seen. */
  report: z.string().regex(/^[0-9a-f]{64}$/),
  /** Enters that it was found not in order; the task stays open. */
  notInOrder: z.literal(true).optional(),
  witness: wordsOfPerson(1, 300).optional(),
  note: wordsOfPerson(1, 300).optional(),
});

export const confirmedSchema = z.strictObject({
  report: z.string(),
  entry: z.int(),
  /** The line of the management ledger. */
  row: z.int().optional(),
});
