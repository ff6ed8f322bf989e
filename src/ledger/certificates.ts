import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { readBody } from './entry.ts';

const CERTIFICATES = ['erase.done', 'erase.incomplete'] as const;

/** The newest certificate of erasing that the ledger has, µs UTC; one that is incomplete is a certificate too. */
export function lastCertificate(
  rows: Pick<LedgerRows, 'lastOf'>,
): { readonly run: string; readonly atUs: number } | undefined {
  const row = rows.lastOf(CERTIFICATES);
  const entry = row && readBody(row.body);
  if (entry?.event !== 'erase.done' && entry?.event !== 'erase.incomplete') return undefined;
  const { run, finishedAt } = entry.facts;
  return { run, atUs: Date.parse(finishedAt) * 1000 };
}
