import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import type { Database } from '../db/open.ts';
import { continueLedger, seenOfLedger } from '../ledger/continuing.ts';
import type { Ledger } from '../ledger/ledger.ts';
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
  const seen = await seenOfLedger({
    keptCheckpoint: join(folders.keysMirror, 'ledger-checkpoint'),
    seenElsewhere: folders.seenElsewhere,
  });
  if (!existsSync(folders.site)) throw new GirokError('ledger_missing', { path: folders.site });
  const keyring = openWritingKeys(config, context);
  try {
    const siteTime = createSiteTime(config.site.timeZone);
    const { db, ledger } = continueLedger({
      path: folders.site,
      site: config.site.id,
      seen,
      mayMigrate: true,
      clock: context.clock,
      personal: createPersonalSealing(keyring, siteTime),
    });
    return {
      db,
      ledger,
      close() {
        db.close();
        keyring.close();
      },
    };
  } catch (error) {
    keyring.close();
    throw error;
  }
}
