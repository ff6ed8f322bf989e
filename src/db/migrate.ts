import { GirokError } from '../lib/errors.ts';
import type { Database } from './open.ts';
import { writeImmediate } from './write.ts';

/** One step forward. Versions count 1, 2, 3 … without holes; there is no way back. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: Database): void;
}

/**
 * Brings `db` to the newest version in `migrations`, each step in a transaction of its own together with its
 * version number, so that a crash leaves a whole version. Two processes may call it at once.
 *
 * @returns the version the database has now
 * @throws GirokError `database_newer` when a later program has been here, `database_damaged` on a broken file.
 */
export function migrate(db: Database, path: string, migrations: readonly Migration[]): number {
  const known = migrations.length;
  for (const [i, step] of migrations.entries()) {
    if (step.version !== i + 1)
      throw new GirokError('internal', { migration: step.name, version: step.version });
  }
  const found = schemaVersion(db, path);
  if (found > known) throw new GirokError('database_newer', { path, found, known });
  for (const step of migrations.slice(found)) {
    writeImmediate(db, () => {
      // Read again under the lock: another process may have taken this step meanwhile.
      if (schemaVersion(db, path) >= step.version) return;
      step.up(db);
      db.pragma(`user_version = ${step.version}`);
    });
  }
  return known;
}

/** The version a database has now; readers, which never migrate, compare it themselves. */
export function schemaVersion(db: Database, path: string): number {
  try {
    return Number(db.pragma('user_version', { simple: true }));
  } catch (error) {
    throw new GirokError('database_damaged', { path }, { cause: error });
  }
}
