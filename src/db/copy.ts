import { closeSync, fsyncSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { GirokError } from '../lib/errors.ts';
import { type Database, openDatabase } from './open.ts';

/**
 * Copies a database as it is at one instant, beside whoever writes it and without holding anybody up: one reading
 * transaction, written anew, so that pages which a deletion has freed stay behind. The copy is one plain file of
 * mode 0600, checked whole and durable when this returns; the thread stands still meanwhile.
 *
 * @returns its schema version
 * @throws GirokError `database_damaged` for a database, or a copy, that is not whole; `storage_missing`; the
 *   system's and SQLite's errors where there is no room
 */
export function copyDatabase(from: string, to: string): number {
  // Made first: SQLite would make it readable by others, and the directory entry is synced by the caller.
  closeSync(openSync(to, 'wx', 0o600));
  const source = openDatabase({ path: from, readonly: true, synchronous: 'full' });
  try {
    source.prepare('vacuum into ?').run(to);
  } catch (error) {
    throw damageOf(error, from);
  } finally {
    source.close();
  }
  const version = assertWhole(to);
  const descriptor = openSync(to, 'r');
  try {
    // SQLite does not sync what it copies.
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return version;
}

/**
 * Reads every page and index of a database that nobody writes, and leaves no file beside it.
 *
 * @returns its schema version
 * @throws GirokError `database_damaged`
 */
export function assertWhole(path: string): number {
  let db: Database | undefined;
  let found: unknown;
  try {
    db = new Sqlite(path, { readonly: true, fileMustExist: true });
    found = db.pragma('integrity_check(1)', { simple: true });
    if (found === 'ok') return Number(db.pragma('user_version', { simple: true }));
  } catch (error) {
    throw damageOf(error, path);
  } finally {
    db?.close();
  }
  throw new GirokError('database_damaged', { path, found: String(found) });
}

function damageOf(error: unknown, path: string): unknown {
  const code = String((error as { code?: unknown } | null)?.code);
  return code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')
    ? new GirokError('database_damaged', { path, sqlite: code }, { cause: error })
    : error;
}
