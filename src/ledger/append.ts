import { createHash, randomBytes } from 'node:crypto';
import type { LedgerRows } from '../db/site/ledger-rows.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { hashLeaf } from '../lib/merkle.ts';
import { BODY_SHAPE, bodyOf, type NewEntry } from './entry.ts';
import { completedBy } from './tree.ts';

/** Where the personal fields of an entry are sealed, so that they can be erased without it. */
export interface PersonalSealing {
  /** @returns the name of the key it is sealed under; erasing that key erases what was sealed */
  seal(plaintext: Buffer): { key: string; sealed: Buffer };
}

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

const SALT_BYTES = 16;

/**
 * Adds one entry and the hashes that it completes. Inside an immediate transaction only: the right edge is read in
 * here and never kept, since another process may have written a moment ago.
 *
 * @returns the entry's number. @throws ZodError for an event outside of the closed set
 */
export function appendEntry(
  { rows, clock, personal: sealing }: AppendDeps,
  entry: NewEntry,
  { spooled, personal = {} }: AppendOptions = {},
): number {
  const seq = rows.size();
  const committedUs = Math.max(clock.utcUs(), lastCommitted(rows, seq));
  const sealed = Object.entries(personal).map(([field, text]) => ({ field, ...seal(text, sealing) }));
  const hashes = Object.fromEntries(sealed.map(({ field, hash }) => [field, hash]));
  const body = bodyOf(entry, { seq, committedUs, personal: sealed.length > 0 ? hashes : undefined });
  rows.addEntry({ seq, event: entry.event, spooled: spooled ?? null, body });
  for (const { level, number, hash } of completedBy(seq, hashLeaf(body), rows))
    rows.addHash(level, number, hash);
  for (const { field, key, sealed: bytes } of sealed) rows.addPersonal({ seq, field, key, sealed: bytes });
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
function seal(text: string, sealing: PersonalSealing | undefined) {
  if (!sealing) throw new GirokError('internal', { reason: 'no keys for personal fields' });
  const plaintext = Buffer.concat([randomBytes(SALT_BYTES), Buffer.from(text, 'utf8')]);
  const hash = createHash('sha256').update(plaintext).digest('hex');
  const { key, sealed } = sealing.seal(plaintext);
  plaintext.fill(0);
  return { hash, key, sealed };
}
