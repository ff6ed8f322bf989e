import Sqlite from 'better-sqlite3';
import { GirokError, systemCode } from '../lib/errors.ts';
import { fileModeInSync } from '../lib/sharing.ts';
import { makeEmpty } from './make-empty.ts';

export interface FileLock {
  release(): void;
}

/**
 * Takes an exclusive lock on `path` (an empty SQLite file, because Node has no file locks of its own). The kernel
 * drops it when the process ends, however that happens. Nothing is written, so a full disk does not matter.
 *
 * @returns undefined when another process holds it
 * @throws GirokError `storage_readonly`, `storage_missing`
 */
export function lockFile(path: string): FileLock | undefined {
  let db: Sqlite.Database | undefined;
  try {
    makeEmpty(path, fileModeInSync);
    db = new Sqlite(path, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    const held = db;
    return { release: () => void held.close() };
  } catch (error) {
    db?.close();
    const code = systemCode(error) ?? '';
    if (code.startsWith('SQLITE_BUSY')) return undefined;
    if (code.startsWith('SQLITE_READONLY'))
      throw new GirokError('storage_readonly', { path }, { cause: error });
    if (code.startsWith('SQLITE_CANTOPEN'))
      throw new GirokError('storage_readonly', { path }, { cause: error });
    throw error;
  }
}
