import { createHash, randomFillSync } from 'node:crypto';
import type { LedgerRows } from '../db/site/ledger-rows.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { hashLeaf } from '../lib/merkle.ts';
import { BODY_SHAPE, bodyOf, type NewEntry } from './entry.ts';
import { LONGEST_PERSONAL, type PersonalSealing, SALT_BYTES } from './personal.ts';
import { recordClassOf } from './records.ts';
import { noteRows } from './register-index.ts';
import { completedBy } from './tree.ts';

export interface AppendOptions {
  /** Name of the spool file that this entry was told in. Refused when the ledger has it already. */
  readonly spooled?: string;
  /** Personal fields by name; the entry gets only their salted hashes. */
  readonly personal?: Readonly<Record<string, string>>;
}

export interface AppendDeps {
  readonly rows: LedgerRows;
  readonly clock: Clock;
  readonly personal?: PersonalSealing | undefined;
}

/**
 * Adds one entry and the hashes that it completes. Inside an immediate transaction only: the right edge is read in
 * here and never kept, since another process may have written a moment ago.
 *
 * @returns the entry's number. @throws ZodError for an event outside of the closed set; GirokError of the keyring
 */
export function appendEntry(
  { rows, clock, personal: sealing }: AppendDeps,
  entry: NewEntry,
  { spooled, personal = {} }: AppendOptions = {},
): number {
  const seq = rows.size();
  const committedUs = Math.max(clock.utcUs(), lastCommitted(rows, seq));
  const sealed = Object.entries(personal).map(([field, text]) => ({
    field,
    ...seal(text, { event: entry.event, seq, committedUs, field }, sealing),
  }));
  const hashes = Object.fromEntries(sealed.map(({ field, hash }) => [field, hash]));
  const body = bodyOf(entry, { seq, committedUs, personal: sealed.length > 0 ? hashes : undefined });
  rows.addEntry({ seq, event: entry.event, spooled: spooled ?? null, body });
  for (const { level, number, hash } of completedBy(seq, hashLeaf(body), rows))
    rows.addHash(level, number, hash);
  for (const { field, key, sealed: bytes } of sealed) rows.addPersonal({ seq, field, key, sealed: bytes });
  noteRows(rows);
  return seq;
}

/** When the last entry was committed, µs; 0 before the first. */
function lastCommitted(rows: LedgerRows, size: number): number {
  const last = size === 0 ? undefined : rows.entry(size - 1);
  if (!last) return 0;
  const [, committedAt] = BODY_SHAPE.exec(last.body.toString('utf8')) ?? [];
  if (committedAt === undefined) throw new GirokError('ledger_damaged', { entry: last.seq });
  return Date.parse(committedAt) * 1000;
}

/** The salt is sealed with the text: without both, the hash of a name tells nothing, however short the name. */
function seal(
  text: string,
  { event, ...place }: { event: NewEntry['event']; seq: number; committedUs: number; field: string },
  sealing: PersonalSealing | undefined,
) {
  const of = recordClassOf(event);
  if (!sealing || !of || text.length > LONGEST_PERSONAL)
    throw new GirokError('internal', { reason: 'no place for personal fields', event, field: place.field });
  // Memory of its own, so that nothing of it is left in a shared pool.
  const plaintext = Buffer.alloc(SALT_BYTES + Buffer.byteLength(text));
  randomFillSync(plaintext, 0, SALT_BYTES);
  plaintext.write(text, SALT_BYTES);
  try {
    const hash = createHash('sha256').update(plaintext).digest('hex');
    return { hash, ...sealing.seal(plaintext, { class: of, ...place }) };
  } finally {
    plaintext.fill(0);
  }
}
