import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import type { Database } from '../db/open.ts';
import { openSiteForReading, unreadable } from '../db/site/open.ts';
import { GirokError } from '../lib/errors.ts';

/**
 * Opens the ledger's database for reading and closes it afterwards. A broken page or a table that is gone shows itself
 * only when it is read: that too becomes one sentence.
 *
 * @throws GirokError `ledger_missing`, `ledger_unreadable`, `database_newer`, and what `work` throws
 */
export async function readingLedger<T>(config: Config, work: (db: Database) => T | Promise<T>): Promise<T> {
  const { site: path } = storageFolders(config);
  const db = openSiteForReading(path);
  try {
    return await work(db);
  } catch (error) {
    throw error instanceof GirokError ? error : unreadable(error, path);
  } finally {
    db.close();
  }
}
