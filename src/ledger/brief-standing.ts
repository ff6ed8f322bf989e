import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { isoFromUs, SECOND_US } from '../lib/clock.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { readBody } from './entry.ts';
import { isSignedBy, timeOfCosignature, type VerifierKey } from './note.ts';

/** How the ledger stands, in a few look-ups: for what is on every screen. */
export interface BriefStanding {
  readonly entries: number;
  readonly unsigned: number;
  readonly checkpoint?: { readonly size: number; readonly madeAt: string; readonly signers: string[] };
  readonly witness?: { readonly size: number; readonly at: string };
  readonly verified?: {
    readonly at: string;
    readonly entries: number;
    readonly sound: boolean;
    readonly serious: number;
  };
}

/** A witness signs a checkpoint within moments; where it did not for so many, the alarm says since when. */
const LOOKED_AT = 50;

export function briefStanding(rows: LedgerRows, witnesses: readonly VerifierKey[]): BriefStanding {
  const entries = rows.size();
  const newest = rows.newestCheckpoints(LOOKED_AT);
  const [last] = newest;
  const signed = parseCheckpoint(last?.note ?? '')?.signed;
  const seen = newest
    .flatMap(({ size, note }) => {
      const signatures = parseCheckpoint(note)?.signed.signatures ?? [];
      return signatures.map((signature) => ({ size, signature }));
    })
    .find(({ signature }) => witnesses.some((key) => isSignedBy(signature, key)));
  const verified = rows.lastOf(['ledger.verified']);
  const told = verified && readBody(verified.body);
  return {
    entries,
    unsigned: entries - (last?.size ?? 0),
    ...(last && {
      checkpoint: {
        size: last.size,
        madeAt: isoFromUs(last.madeUs),
        signers: signed?.signatures.map(({ name }) => name) ?? [],
      },
    }),
    ...(seen && {
      witness: { size: seen.size, at: isoFromUs(timeOfCosignature(seen.signature) * SECOND_US) },
    }),
    ...(told?.event === 'ledger.verified' && {
      verified: {
        at: told.committedAt,
        entries: told.facts.entries,
        sound: told.facts.sound,
        serious: told.facts.serious,
      },
    }),
  };
}
