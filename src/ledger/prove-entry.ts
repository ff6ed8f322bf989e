import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { isoFromUs } from '../lib/clock.ts';
import { hashLeaf } from '../lib/merkle.ts';
import { isTrusted, parseCheckpoint } from './checkpoint.ts';
import type { VerifierKey } from './note.ts';
import { isIncluded } from './proofs.ts';
import type { EntryProof, FootageProof } from './tlog-proof.ts';
import { inclusionPath } from './tree.ts';

/** How far the proof of one entry reaches; each is only said when all before it hold. */
export interface ProvedEntry {
  readonly outcome: 'no_entry' | 'unsigned' | 'ledger_changed' | 'entered';
  /** The newest one, where it is of this entry. */
  readonly checkpoint?: {
    readonly size: number;
    readonly madeAt: string;
    readonly signers: readonly string[];
  };
  /** Of `entered`: what anybody needs to see it for themselves. */
  readonly whole?: EntryProof;
}

/** Whether the entry of that number is what the newest checkpoint vouches for, by its way to the root. */
export function proveEntry(
  rows: LedgerRows,
  { log, witnesses }: { readonly log: VerifierKey; readonly witnesses: readonly VerifierKey[] },
  entry: number,
  footage?: FootageProof,
): ProvedEntry {
  const row = rows.entry(entry);
  if (!row) return { outcome: 'no_entry' };
  const newest = rows.lastCheckpoint();
  const checkpoint = parseCheckpoint(newest?.note ?? '');
  if (!newest || !checkpoint || checkpoint.size <= entry) return { outcome: 'unsigned' };
  const { size, root, signed } = checkpoint;
  const path = inclusionPath(entry, size, rows);
  const holds = isIncluded({ index: entry, size, leaf: hashLeaf(row.body), path }, root);
  const signers = signed.signatures.map(({ name }) => name);
  const told = { size, madeAt: isoFromUs(newest.madeUs), signers };
  if (!holds || !isTrusted(checkpoint, log, witnesses))
    return { outcome: 'ledger_changed', checkpoint: told };
  const whole = { index: entry, body: row.body, path, checkpoint, log, witnesses, footage };
  return { outcome: 'entered', checkpoint: told, whole };
}
