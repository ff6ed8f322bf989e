import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.ts';
import { isoFromUs } from '../lib/clock.ts';
import { type LedgerEvent, ledgerEvent } from './events.ts';

/** Who did it: `process:recorder`, `person:ID`. The id of an account, never a name. */
export type Actor = `${'process' | 'person'}:${string}`;

/** What is handed to the ledger. */
export type NewEntry = LedgerEvent & {
  readonly actor: Actor;
  /** When it happened, µs UTC, where that was not just now. */
  readonly atUs?: number;
  /** The entry that this one sets right. It stays as it is. */
  readonly corrects?: number;
};

/** What stands in the ledger, as canonical JSON. The order of its members is fixed, and {@link BODY_SHAPE} relies on it. */
export const ledgerEntry = z
  .strictObject({
    actor: z.string().regex(/^(process|person):[a-z0-9._-]{1,64}$/),
    /** When it happened, by the clock of who told it. */
    at: z.iso.datetime({ precision: 3 }),
    /** When it was entered; never before the entry in front of it. */
    committedAt: z.iso.datetime({ precision: 3 }),
    corrects: z.int().nonnegative().optional(),
    event: z.string(),
    facts: z.record(z.string(), z.unknown()),
    /** Entered more than a minute after it happened. */
    late: z.literal(true).optional(),
    /** SHA-256 (salt || text) of each sealed field, hex. */
    personal: z.record(z.string().regex(/^[a-zA-Z]{1,32}$/), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
    /** Its place, counted from 0: the leaf's index in the tree. */
    seq: z.int().nonnegative(),
    v: z.literal(1),
  })
  .superRefine((entry, context) => {
    const known = ledgerEvent.safeParse({ event: entry.event, facts: entry.facts });
    if (!known.success) context.addIssue({ code: 'custom', message: 'no event of the closed set' });
  });

export type LedgerEntry = Omit<z.infer<typeof ledgerEntry>, 'event' | 'facts'> & LedgerEvent;

/**
 * The frame of every body, to be found without reading JSON: both verifiers see the same whatever their language
 * takes for JSON. Groups: committedAt, seq.
 */
export const BODY_SHAPE =
  /^\{"actor":"[a-z]+:[a-z0-9._-]+","at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","committedAt":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)",[^\n]*,"seq":(0|[1-9]\d{0,14}),"v":1\}$/;

const LATE_US = 60_000_000;

export interface Placement {
  readonly seq: number;
  readonly committedUs: number;
  readonly personal: Readonly<Record<string, string>> | undefined;
}

/** @throws ZodError for an event outside of the closed set */
export function bodyOf(entry: NewEntry, { seq, committedUs, personal }: Placement): string {
  const { event, facts } = ledgerEvent.parse({ event: entry.event, facts: entry.facts });
  const atUs = entry.atUs ?? committedUs;
  return canonicalJson({
    v: 1,
    seq,
    at: isoFromUs(atUs),
    committedAt: isoFromUs(committedUs),
    actor: entry.actor,
    event,
    facts,
    ...(entry.corrects === undefined ? {} : { corrects: entry.corrects }),
    ...(committedUs - atUs > LATE_US ? { late: true } : {}),
    ...(personal === undefined ? {} : { personal }),
  });
}

/** @throws ZodError, SyntaxError for what is no entry of ours */
export const readBody = (body: Buffer): LedgerEntry =>
  ledgerEntry.parse(JSON.parse(body.toString('utf8'))) as LedgerEntry;
