import { Kysely, SqliteDialect } from 'kysely';
import { GirokError } from '../../lib/errors.ts';
import { keepStatements } from '../kept-statements.ts';
import { migrate, schemaVersion } from '../migrate.ts';
import { type Database, openDatabase } from '../open.ts';
import { CATALOGUE_MIGRATIONS } from './migrations.ts';
import type { CatalogueTables } from './tables.ts';

/**
 * Opens the catalogue for its one writer and brings it to this program's version. Durable at every commit.
 *
 * @throws GirokError `database_newer`, `database_damaged`, `storage_missing`, `storage_readonly`; SQLITE_BUSY
 *   when another process holds the write lock longer than `busyTimeoutMs`.
 */
export function openCatalogueForWriting(path: string, busyTimeoutMs: number): Database {
  const db = openDatabase({ path, shared: true, synchronous: 'full', busyTimeoutMs });
  try {
    migrate(db, path, CATALOGUE_MIGRATIONS);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** One read-only connection, for statements that must answer at once and for those that are composed. */
export interface CatalogueConnection {
  readonly db: Database;
  /** Destroying it closes the connection. */
  readonly query: Kysely<CatalogueTables>;
}

/**
 * Opens the catalogue for reading; never creates, never migrates.
 *
 * @throws GirokError `database_newer`; `recorder_not_running` when the recorder, which migrates it, has not
 *   yet been started with this version; `storage_missing`, `database_damaged`.
 */
export function openCatalogueForReading(path: string): CatalogueConnection {
  const db = openDatabase({ path, readonly: true, synchronous: 'full' });
  try {
    const found = schemaVersion(db, path);
    const known = CATALOGUE_MIGRATIONS.length;
    if (found > known) throw new GirokError('database_newer', { path, found, known });
    if (found < known) throw new GirokError('recorder_not_running', { path, found, known });
    const dialect = new SqliteDialect({ database: keepStatements(db) });
    return { db, query: new Kysely<CatalogueTables>({ dialect }) };
  } catch (error) {
    db.close();
    throw error;
  }
}
