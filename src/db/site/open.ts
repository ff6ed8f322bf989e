import { GirokError, systemCode } from '../../lib/errors.ts';
import { migrate, schemaVersion } from '../migrate.ts';
import { type Database, openDatabase } from '../open.ts';
import { SITE_MIGRATIONS } from './migrations.ts';

/**
 * Opens site.db, with all that must commit together with a ledger entry, and brings it to this program's version.
 * Durable at every commit.
 *
 * @param busyTimeoutMs how long a write waits for another process; the calling thread stands still meanwhile
 * @throws GirokError `database_newer`, `ledger_unreadable`, `storage_missing`, `storage_readonly`
 */
export function openSiteForWriting(path: string, busyTimeoutMs = 5000): Database {
  let db: Database | undefined;
  try {
    db = openDatabase({ path, synchronous: 'full', busyTimeoutMs });
    migrate(db, path, SITE_MIGRATIONS);
    return db;
  } catch (error) {
    db?.close();
    throw unreadable(error, path);
  }
}

/**
 * Opens it for reading; never creates, never migrates.
 *
 * @throws GirokError `ledger_missing` before the steward has begun it; `database_newer`, `ledger_unreadable`
 */
export function openSiteForReading(path: string): Database {
  let db: Database | undefined;
  try {
    db = openDatabase({ path, readonly: true, synchronous: 'full' });
    const found = schemaVersion(db, path);
    const known = SITE_MIGRATIONS.length;
    if (found > known) throw new GirokError('database_newer', { path, found, known });
    if (found < known) throw new GirokError('ledger_missing', { path, found, known });
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof GirokError && error.code === 'storage_missing')
      throw new GirokError('ledger_missing', { path }, { cause: error });
    throw unreadable(error, path);
  }
}

/** Unlike the catalogue it cannot be made again out of the files. */
export function unreadable(error: unknown, path: string): unknown {
  const code = systemCode(error) ?? '';
  const isDamaged = error instanceof GirokError && error.code === 'database_damaged';
  // A statement for a table that is gone is only `SQLITE_ERROR`.
  const isBroken =
    /^SQLITE_(CORRUPT|NOTADB)/.test(code) || (code === 'SQLITE_ERROR' && NO_TABLE.test(String(error)));
  if (!isDamaged && !isBroken) return error;
  const sqlite = isDamaged ? error.facts.sqlite : code;
  return new GirokError('ledger_unreadable', { path, sqlite }, { cause: error });
}
const NO_TABLE = /no such (table|column)/;
