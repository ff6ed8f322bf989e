import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import type { Database } from '../db/open.ts';
import { openSiteForWriting } from '../db/site/open.ts';
import { createLedger, type Ledger } from '../ledger/ledger.ts';
import { logOf } from '../ledger/log.ts';
import { apartFrom, readKeptCheckpoint } from '../ledger/second-place.ts';
import { GirokError } from '../lib/errors.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createPersonalSealing } from '../vault/personal-keys.ts';
import type { CommandContext } from './command.ts';
import { openWritingKeys } from './reading-keys.ts';

export interface WritingLedger {
  readonly db: Database;
  /** With persons and free texts sealed under keys of the keyring. */
  readonly ledger: Ledger;
  close(): void;
}

/**
 * The ledger for a command that accounts for what a person did, beside the steward or without it. It begins none and
 * continues none that contradicts what its second place has seen, or a witness has shown.
 *
 * @throws GirokError `ledger_missing`, `storage_foreign`, `ledger_damaged`, and as {@link openWritingKeys}
 */
export async function openWritingLedger(config: Config, context: CommandContext): Promise<WritingLedger> {
  const folders = storageFolders(config);
  if (!existsSync(folders.site)) throw new GirokError('ledger_missing', { path: folders.site });
  const keyring = openWritingKeys(config, context);
  let db: Database | undefined;
  try {
    db = openSiteForWriting(folders.site);
    const siteTime = createSiteTime(config.site.timeZone);
    const personal = createPersonalSealing(keyring, siteTime);
    const ledger = createLedger({ db, clock: context.clock, personal });
    logOf(db, config.site.id);
    for (const [reason, path] of [
      ['second place', join(folders.keysMirror, 'ledger-checkpoint')],
      ['witness', folders.seenElsewhere],
    ] as const) {
      const kept = await readKeptCheckpoint(path);
      if (kept && apartFrom(ledger.rows, kept))
        throw new GirokError('ledger_damaged', { path: folders.site, reason });
    }
    const opened = db;
    return {
      db,
      ledger,
      close() {
        opened.close();
        keyring.close();
      },
    };
  } catch (error) {
    db?.close();
    keyring.close();
    throw error;
  }
}
