import { encode } from 'uqr';
import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { isoFromUs } from '../lib/clock.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { type VerifierKey, vkeyOf } from './note.ts';

/** A checkpoint as it is printed and put into a folder, out of the reach of whoever owns this machine. */
export interface PrintableCheckpoint {
  readonly size: number;
  readonly madeAt: string;
  readonly signers: readonly string[];
  /** Hex. */
  readonly root: string;
  readonly key: string;
  readonly note: string;
  /** The whole note as a QR code, one text a line, 1 for dark: no digit has to be typed. */
  readonly qr: readonly string[];
}

/** The newest one; undefined while nothing is signed. */
export function printableCheckpoint(rows: LedgerRows, log: VerifierKey): PrintableCheckpoint | undefined {
  const row = rows.lastCheckpoint();
  const checkpoint = row && parseCheckpoint(row.note);
  if (!row || !checkpoint) return undefined;
  const { data } = encode(checkpoint.note, { ecc: 'M', border: 2 });
  return {
    size: row.size,
    madeAt: isoFromUs(row.madeUs),
    signers: checkpoint.signed.signatures.map(({ name }) => name),
    root: checkpoint.root.toString('hex'),
    key: vkeyOf(log),
    note: checkpoint.note,
    qr: data.map((line) => line.map((dark) => (dark ? '1' : '0')).join('')),
  };
}
