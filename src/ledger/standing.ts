import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { isoFromUs } from '../lib/clock.ts';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { readBody } from './entry.ts';
import { apartFrom, type Divergence } from './second-place.ts';

export interface LedgerStanding {
  readonly entries: number;
  /** Not signed yet. */
  readonly unsigned: number;
  readonly checkpoint?: {
    readonly size: number;
    readonly madeAt: string;
    readonly signers: readonly string[];
  };
  /** Alarms of the steward that have begun and not ended. */
  readonly alarms: readonly { readonly alarm: string; readonly subject: string; readonly since: string }[];
  /** What the second place has seen and the ledger does not have. */
  readonly divergence?: Divergence;
}

/** How the ledger stands, by itself alone: whether the steward runs or not. */
export function standingOf(rows: LedgerRows, kept: SignedCheckpoint | undefined): LedgerStanding {
  const entries = rows.size();
  const row = rows.lastCheckpoint();
  const signed = row && parseCheckpoint(row.note)?.signed;
  const apart = kept && apartFrom(rows, kept);
  return {
    entries,
    unsigned: entries - (row?.size ?? 0),
    ...(row && {
      checkpoint: {
        size: row.size,
        madeAt: isoFromUs(row.madeUs),
        signers: signed?.signatures.map(({ name }) => name) ?? [],
      },
    }),
    alarms: standingAlarms(rows),
    ...(apart && { divergence: apart }),
  };
}

function standingAlarms(rows: LedgerRows): LedgerStanding['alarms'] {
  const standing = new Map<string, LedgerStanding['alarms'][number]>();
  for (const { body } of rows.entriesOf(['alarm.raised', 'alarm.cleared', 'steward.started'], 0)) {
    const entry = readBody(body);
    if (entry.actor !== 'process:steward') continue;
    // A new steward looks for itself; what it finds it raises again.
    if (entry.event === 'steward.started') standing.clear();
    if (entry.event === 'alarm.raised')
      standing.set(`${entry.facts.alarm} ${entry.facts.subject}`, { ...entry.facts, since: entry.at });
    if (entry.event === 'alarm.cleared') standing.delete(`${entry.facts.alarm} ${entry.facts.subject}`);
  }
  return [...standing.values()];
}
