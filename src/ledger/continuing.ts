import { existsSync } from 'node:fs';
import type { Database } from '../db/open.ts';
import { openSiteForReading, openSiteForWriting } from '../db/site/open.ts';
import { GirokError } from '../lib/errors.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { createLedger, type Ledger, type LedgerDeps } from './ledger.ts';
import { logOf } from './log.ts';
import { apartFrom, readKeptCheckpoint } from './second-place.ts';

/** What a ledger has to contain: what was seen of it elsewhere. */
export interface SeenOfLedger {
  readonly reason: 'second place' | 'witness';
  readonly checkpoint: SignedCheckpoint;
}

/**
 * @param places where its second place keeps the newest checkpoint, and where the note lies that a witness has shown
 */
export async function seenOfLedger(places: {
  readonly keptCheckpoint: string;
  readonly seenElsewhere: string;
}): Promise<SeenOfLedger[]> {
  const seen: SeenOfLedger[] = [];
  for (const [reason, path] of [
    ['second place', places.keptCheckpoint],
    ['witness', places.seenElsewhere],
  ] as const) {
    const checkpoint = await readKeptCheckpoint(path);
    if (checkpoint) seen.push({ reason, checkpoint });
  }
  return seen;
}

export interface ContinuingDeps extends Omit<LedgerDeps, 'db'> {
  /** site.db */
  readonly path: string;
  /** Id of the site. */
  readonly site: string;
  readonly seen: readonly SeenOfLedger[];
  /** By a person's command: an older site.db is brought to this program's version, also without the steward. */
  readonly mayMigrate?: boolean;
}

/**
 * The ledger of a process or command that writes beside the steward, which alone begins it. One that
 * contradicts what was seen of it elsewhere is continued by nobody.
 *
 * @returns the caller closes the database
 * @throws GirokError `ledger_missing`, `storage_foreign`, `ledger_damaged` {reason}, `database_newer`
 */
export function continueLedger({ path, site, seen, mayMigrate = false, ...deps }: ContinuingDeps): {
  readonly db: Database;
  readonly ledger: Ledger;
} {
  if (!existsSync(path)) throw new GirokError('ledger_missing', { path });
  // Reading first says whether the steward has brought it to this program's version.
  if (!mayMigrate) openSiteForReading(path).close();
  const db = openSiteForWriting(path);
  try {
    const ledger = createLedger({ db, ...deps });
    logOf(db, site);
    for (const { reason, checkpoint } of seen)
      if (apartFrom(ledger.rows, checkpoint)) throw new GirokError('ledger_damaged', { path, reason });
    return { db, ledger };
  } catch (error) {
    db.close();
    throw error;
  }
}
