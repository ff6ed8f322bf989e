import { GirokError } from '../../lib/errors.ts';
import { schemaVersion } from '../migrate.ts';
import { openDatabase } from '../open.ts';
import { writeImmediate } from '../write.ts';
import { CATALOGUE_MIGRATIONS } from './migrations.ts';
import { createRegisterRows } from './register-rows.ts';

export interface ErasedRows {
  cameraDays(): { camera: string; day: string }[];
  /** Removes up to `limit` segments of a camera-day with their indexes and hashes. @returns how many there were */
  remove(camera: string, day: string, limit: number): number;
  close(): void;
}

/**
 * The catalogue for the process that erases. The schema is the recorder's: nothing is made or migrated here.
 *
 * @throws GirokError `storage_missing` (there is no catalogue), `database_damaged`, `database_newer`,
 *   `recorder_not_running` (not migrated yet)
 */
export function openCatalogueForErasing(path: string, busyTimeoutMs: number): ErasedRows {
  // Opened for reading first: a file that is not there must not be made.
  openDatabase({ path, readonly: true, synchronous: 'full' }).close();
  const db = openDatabase({ path, synchronous: 'full', busyTimeoutMs });
  try {
    const found = schemaVersion(db, path);
    const known = CATALOGUE_MIGRATIONS.length;
    if (found > known) throw new GirokError('database_newer', { path, found, known });
    if (found < known) throw new GirokError('recorder_not_running', { path, found, known });
    const keys = db
      .prepare(`
      select key from segment where stream in (select key from stream where camera = ?) and day = ? limit ?`)
      .pluck();
    const removals = [
      'delete from segment_open where segment = ?',
      'delete from segment_integrity where segment = ?',
      'delete from segment_detail where segment = ?',
      'delete from segment where key = ?',
    ].map((text) => db.prepare(text));
    return {
      cameraDays: createRegisterRows(db).cameraDays,
      remove: (camera, day, limit) =>
        writeImmediate(db, () => {
          const found = keys.all(camera, day, limit) as number[];
          for (const key of found) for (const removal of removals) removal.run(key);
          return found.length;
        }),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
