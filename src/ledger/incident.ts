import type { Database } from '../db/open.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading, unreadable } from '../db/site/open.ts';
import { isGirokError } from '../lib/errors.ts';
import { isTrusted, type SignedCheckpoint } from './checkpoint.ts';
import { readLogKey } from './log.ts';
import { followsOn, type LogBefore, parseOrigin } from './origin.ts';
import { divergence } from './second-place.ts';

/** What was seen of a ledger, and is not what lies there now. */
export interface Incident {
  readonly seen: SignedCheckpoint;
  readonly before: LogBefore;
}

/**
 * Whether the ledger at this place is not the one that somebody has seen: cut off, rewritten, another one, not to be
 * read, or gone.
 *
 * @param kept checkpoints from elsewhere; where the ledger can be read, only those of its own key count
 * @throws the system's and SQLite's errors that say nothing about the ledger
 */
export function findIncident(path: string, kept: readonly SignedCheckpoint[]): Incident | undefined {
  let db: Database | undefined;
  try {
    db = openSiteForReading(path);
    return incidentIn(db, kept);
  } catch (error) {
    if (isGirokError(error, 'ledger_missing')) return incidentOf(kept, 'missing', 0);
    if (isGirokError(unreadable(error, path), 'ledger_unreadable')) return incidentOf(kept, 'damaged', 0);
    throw error;
  } finally {
    db?.close();
  }
}

function incidentIn(db: Database, kept: readonly SignedCheckpoint[]): Incident | undefined {
  const rows = createLedgerRows(db);
  const log = readLogKey(db);
  const others = kept.filter(({ origin }) => origin !== log.name && !followsOn(log.name, origin));
  if (others.length > 0) return incidentOf(others, 'different', rows.size());
  const own = kept.filter((one) => one.origin === log.name && isTrusted(one, log));
  for (const seen of own) {
    const apart = divergence(rows, seen);
    if (apart) return incidentOf([seen], apart.kind, apart.found);
  }
  return undefined;
}

function incidentOf(
  kept: readonly SignedCheckpoint[],
  why: LogBefore['why'],
  found: number,
): Incident | undefined {
  const [seen] = [...kept].sort((a, b) => b.size - a.size);
  const id = seen && parseOrigin(seen.origin)?.id;
  if (!seen || id === undefined) return undefined;
  return { seen, before: { id, size: seen.size, root: seen.root, why, found } };
}
