import { z } from 'zod';
import { GAP_CAUSES, RUN_END_CAUSES } from '../catalogue/causes.ts';

/**
 * The closed set of what can stand in the ledger, version 1. Members of a kind are never renamed and never change
 * their meaning: a verifier of ten years from now reads the same words. New kinds and new optional facts may come.
 * No fact names or describes a person; that is what the personal fields of an entry are for.
 */
const camera = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
const stream = z.enum(['main', 'sub']);
const word = z.string().min(1).max(64);
const line = z.string().max(300);
const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const names = z.array(z.string().max(64)).max(512);

const kind = <Name extends string, Facts extends z.ZodRawShape>(event: Name, facts: Facts) =>
  z.strictObject({ event: z.literal(event), facts: z.strictObject(facts) });

/**
 * What erasing and holds tell of themselves may come to say more; who did it and in which words stays in their own
 * records, which can be erased.
 */
const withoutPersons = <Facts extends object>(facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([name]) => !OF_PERSONS.has(name))) as Facts;
const OF_PERSONS = new Set(['by', 'reason', 'confirmedBy']);

const erasing = <Name extends string>(event: Name) =>
  z.strictObject({
    event: z.literal(event),
    facts: z.looseObject({ run: word.optional() }).transform(withoutPersons),
  });

const holding = <Name extends string>(event: Name) =>
  z.strictObject({
    event: z.literal(event),
    facts: z.looseObject({ hold: word }).transform(withoutPersons),
  });

/** Of the certificate what the destruction log needs; the rest goes along as it is. */
const certificate = z.looseObject({
  run: word,
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  state: z.enum(['complete', 'incomplete']),
  epoch: count,
  days: z.array(z.looseObject({ camera, day: z.iso.date(), files: count, bytes: count })),
  failures: z.array(z.unknown()),
  deferred: z.array(z.unknown()),
});

export const ledgerEvent = z.discriminatedUnion('event', [
  // The ledger itself
  kind('ledger.begun', { origin: z.string().max(200), site: word }),
  kind('ledger.corrected', { reason: line.min(1) }),
  kind('spool.overflowed', { entries: count }),
  kind('spool.refused', { name: word, bytes: count, sha256 }),
  // Processes
  kind('recorder.started', { pid: count, cameras: count }),
  kind('recorder.stopped', { signal: word }),
  kind('steward.started', { pid: count }),
  kind('steward.stopped', { signal: word }),
  kind('alarm.raised', { alarm: word, subject: z.string().max(64) }),
  kind('alarm.cleared', { alarm: word, subject: z.string().max(64) }),
  kind('config.changed', {
    added: names,
    removed: names,
    changed: names,
    applied: names,
    needsRestart: names,
  }),
  // Erasing; the facts are those of src/contract/purge-outcome.ts, which may come to say more
  erasing('erase.intent'),
  z.strictObject({ event: z.literal('erase.done'), facts: certificate.transform(withoutPersons) }),
  z.strictObject({ event: z.literal('erase.incomplete'), facts: certificate.transform(withoutPersons) }),
  erasing('erase.waits'),
  erasing('erase.confirmed'),
  // Holds, as src/retention tells them
  holding('hold.made'),
  holding('hold.copied'),
  holding('hold.ended'),
  // Footage: what was recorded, so that it can be shown later that it is unchanged
  kind('evidence.hour', {
    camera,
    day: z.iso.date(),
    /** Whole hours since the local day began. */
    hour: z.int().min(0).max(24),
    /** 0, and 1, 2 … for what a crash left to be found later. */
    part: count,
    /** Evidence leaves, RFC 6962 root over them in the order of stream, time and id. */
    leaves: z.int().positive(),
    root: sha256,
  }),
  // 개인영상정보 관리대장; personal fields: officer, recipient
  kind('management.entered', {
    kind: z.enum(['USE', 'PROVISION', 'ACCESS', 'DESTRUCTION']),
    appliedAt: z.iso.datetime(),
    fileNameForm: line,
    purposeReason: line,
    legalBasis: line,
    form: line,
    period: line,
    result: line,
    safety: line,
  }),
  kind('management.updated', { row: count, result: line, safety: line }),
  // Recording
  kind('recording.interrupted', {
    camera,
    stream,
    cause: z.enum([...GAP_CAUSES, ...RUN_END_CAUSES]),
    detail: line,
    lastedMs: count,
  }),
]);

export type LedgerEvent = z.infer<typeof ledgerEvent>;
export type LedgerEventName = LedgerEvent['event'];

/**
 * After these a checkpoint follows at once and not only within the minute: what somebody might want to undo before
 * anybody outside has seen it.
 */
export const URGENT_EVENTS: readonly LedgerEventName[] = [
  'ledger.begun',
  'ledger.corrected',
  'erase.intent',
  'erase.done',
  'erase.incomplete',
  'erase.confirmed',
  'hold.ended',
];
