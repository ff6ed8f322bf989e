import { createHash } from 'node:crypto';
import type { RecordClass } from '../contract/record-classes.ts';
import type { LedgerRows, PersonalRow } from '../db/site/ledger-rows.ts';
import type { LedgerEntry } from './entry.ts';
import { recordClassOf } from './records.ts';

/** When and as what an entry was committed: under which key its personal fields are follows from it. */
export interface Committed {
  readonly class: RecordClass;
  /** µs UTC. */
  readonly committedUs: number;
}

/** Where the personal fields of an entry are sealed, so that they can be erased without it. */
export interface PersonalSealing {
  /**
   * @returns the name of the key it is sealed under; erasing that key erases what was sealed
   * @throws GirokError of the keyring: then the entry is not made
   */
  seal(
    plaintext: Buffer,
    place: Committed & { readonly seq: number; readonly field: string },
  ): { key: string; sealed: Buffer };
}

/** Where they are opened again. */
export interface PersonalOpening {
  /** @returns salt and text, the caller's to erase */
  open(row: PersonalRow): Buffer | 'erased' | 'damaged';
  hasKeyOf(committed: Committed): boolean;
}

/** Longest text of one field, characters. */
export const LONGEST_PERSONAL = 2000;
export const SALT_BYTES = 16;

export type PersonalText = { readonly text: string } | 'erased' | 'damaged';

/**
 * The personal fields of an entry, each held against the hash in its body.
 *
 * @returns by field: the text; `erased` once its key is gone; `damaged` for what is not what was entered, or was taken
 *   away before its time
 */
export function openPersonal(
  entry: LedgerEntry,
  rows: Pick<LedgerRows, 'personal'>,
  opening: PersonalOpening,
): Readonly<Record<string, PersonalText>> {
  const hashes = Object.entries(entry.personal ?? {});
  if (hashes.length === 0) return {};
  const sealed = new Map(rows.personal(entry.seq).map((row) => [row.field, row]));
  const opened = hashes.map(([field, hash]) => [field, openField(entry, hash, sealed.get(field), opening)]);
  return Object.fromEntries(opened);
}

function openField(
  entry: LedgerEntry,
  hash: string,
  row: PersonalRow | undefined,
  opening: PersonalOpening,
): PersonalText {
  if (!row) {
    const of = recordClassOf(entry.event);
    const committedUs = Date.parse(entry.committedAt) * 1000;
    return of && opening.hasKeyOf({ class: of, committedUs }) ? 'damaged' : 'erased';
  }
  const plaintext = opening.open(row);
  if (typeof plaintext === 'string') return plaintext;
  const found = createHash('sha256').update(plaintext).digest('hex');
  const text = plaintext.toString('utf8', SALT_BYTES);
  plaintext.fill(0);
  return found === hash ? { text } : 'damaged';
}
