import Sqlite from 'better-sqlite3';
import { GirokError, systemCode } from '../lib/errors.ts';
import { fileModeInSync, sharedFileModeIn } from '../lib/sharing.ts';
import { makeEmpty } from './make-empty.ts';

export type Database = Sqlite.Database;

export interface OpenOptions {
  readonly path: string;
  /** The file must exist; nothing is created. */
  readonly readonly?: boolean;
  /** Both users write it, though it lies where only one may make files: the catalogue. */
  readonly shared?: boolean;
  /** `full`: an acknowledged commit survives a power cut. `normal`: the last commits before one may be lost. */
  readonly synchronous: 'full' | 'normal';
  /** How long a statement waits for another process's write lock. The calling thread stands still meanwhile. */
  readonly busyTimeoutMs?: number;
}

/** SQLite 3.7.0 … 3.51.2 can corrupt a WAL database when a reset races a reader. */
const OLDEST_SQLITE = [3, 51, 3] as const;
const JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Opens a SQLite file the way every database of Girok is opened: WAL, foreign keys on, an untrusting schema,
 * the journal bounded, and `synchronous` asserted, because the bundled SQLite is compiled to fall back to
 * NORMAL whenever WAL is switched on.
 *
 * @throws GirokError `storage_missing` (read-only and absent), `storage_readonly`, `database_damaged`.
 */
export function openDatabase(options: OpenOptions): Database {
  const { path, readonly = false, shared = false, synchronous } = options;
  let db: Database | undefined;
  try {
    if (!readonly) makeEmpty(path, shared ? sharedFileModeIn : fileModeInSync);
    db = new Sqlite(path, { readonly, fileMustExist: readonly, timeout: options.busyTimeoutMs ?? 5000 });
    assertVersion(db);
    if (!readonly) {
      const mode = db.pragma('journal_mode = WAL', { simple: true });
      if (mode !== 'wal') throw new GirokError('storage_readonly', { path, journalMode: String(mode) });
    }
    db.pragma(`synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`);
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma(`journal_size_limit = ${JOURNAL_LIMIT_BYTES}`);
    const level = db.pragma('synchronous', { simple: true });
    if (level !== (synchronous === 'full' ? 2 : 1)) {
      throw new GirokError('internal', { path, wanted: synchronous, synchronous: String(level) });
    }
    // Reads the file's first page: what is not a database shows itself here and not at the first query.
    db.pragma('schema_version');
    return db;
  } catch (error) {
    db?.close();
    throw openError(error, path);
  }
}

function assertVersion(db: Database): void {
  const version = String(db.prepare('select sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [i, wanted] of OLDEST_SQLITE.entries()) {
    const found = parts[i] ?? 0;
    if (found > wanted) return;
    if (found < wanted)
      throw new GirokError('internal', { sqlite: version, wanted: OLDEST_SQLITE.join('.') });
  }
}

function openError(error: unknown, path: string): unknown {
  const code = systemCode(error) ?? '';
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return new GirokError('database_damaged', { path, sqlite: code }, { cause: error });
  }
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return new GirokError('storage_missing', { path, sqlite: code }, { cause: error });
  }
  if (code.startsWith('SQLITE_READONLY')) {
    return new GirokError('storage_readonly', { path, sqlite: code }, { cause: error });
  }
  // better-sqlite3 reports a missing directory as a TypeError of its own.
  if (error instanceof TypeError && /directory does not exist/.test(error.message)) {
    return new GirokError('storage_missing', { path }, { cause: error });
  }
  return error;
}
