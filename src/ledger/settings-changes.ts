import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { readBody } from './entry.ts';
import type { LedgerEvent } from './events.ts';

/** An edit of cameras.yml that came into force. */
export interface SettingsChange {
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly facts: Extract<LedgerEvent, { event: 'config.changed' }>['facts'];
}

/** The last `most` edits, newest first; they are few, a person made each. */
export function settingsChanges(rows: LedgerRows, most: number): SettingsChange[] {
  const last: SettingsChange[] = [];
  for (const { body } of rows.entriesOf(['config.changed'], 0)) {
    const entry = readBody(body);
    if (entry.event !== 'config.changed') continue;
    last.push({ seq: entry.seq, at: entry.at, facts: entry.facts });
    if (last.length > most) last.shift();
  }
  return last.reverse();
}
