import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { readIfThere } from '../lib/read-file.ts';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { followsOn } from './origin.ts';
import { rootOf } from './tree.ts';

/** How a ledger differs from what a checkpoint has seen of it. */
export interface Divergence {
  readonly kind: 'smaller' | 'different';
  readonly seen: number;
  readonly found: number;
}

/** Whether the ledger still contains what this checkpoint saw. A few look-ups, however long it is. */
export function divergence(
  rows: LedgerRows,
  seen: Pick<SignedCheckpoint, 'size' | 'root'>,
): Divergence | undefined {
  const found = rows.size();
  if (found < seen.size) return { kind: 'smaller', seen: seen.size, found };
  return rootOf(seen.size, rows).equals(seen.root)
    ? undefined
    : { kind: 'different', seen: seen.size, found };
}

/**
 * As {@link divergence}, also of another log: where this one was not begun anew in its place, the ledger that was here
 * is gone.
 */
export function apartFrom(rows: LedgerRows, seen: SignedCheckpoint): Divergence | undefined {
  const origin = rows.log()?.origin ?? '';
  if (seen.origin === origin) return divergence(rows, seen);
  if (followsOn(origin, seen.origin)) return undefined;
  return { kind: 'different', seen: seen.size, found: rows.size() };
}

/** @returns undefined when there is none yet, or nothing that can be read as one */
export async function readKeptCheckpoint(path: string): Promise<SignedCheckpoint | undefined> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : parseCheckpoint(text);
}

/**
 * Keeps the newest checkpoint beside the keyring's mirror, on another disk where there is one. The place is the
 * keyring's to make: an empty mount point is no place.
 *
 * @throws the system's error, `ENOENT` where there is no such folder
 */
export async function keepCheckpoint(path: string, { note }: SignedCheckpoint): Promise<void> {
  await writeFileDurably(path, note);
}
