import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openCatalogueForErasing } from '../db/catalogue/erase-rows.ts';
import { isGirokError } from '../lib/errors.ts';

/** Short transactions: the recorder's worker waits for at most one of them. About 10 ms each. */
const ROWS_AT_ONCE = 200;
const PAUSE_MS = 5;
const BUSY_MS = 5000;

export interface ErasedCatalogue {
  cameraDays(): { camera: string; day: string }[];
  /** Removes the rows, picture indexes and activity of a camera-day. @returns how many segments */
  removeDay(camera: string, day: string, signal?: AbortSignal): Promise<number>;
  close(): void;
}

/**
 * The catalogue's rows of erased footage go by this way, beside a running recorder or without one.
 *
 * @returns undefined where there is no catalogue
 * @throws GirokError `database_damaged`, `database_newer`, `recorder_not_running` (not migrated yet),
 *   `storage_missing` (it is there and cannot be opened)
 */
export function openErasedCatalogue(path: string): ErasedCatalogue | undefined {
  try {
    const rows = openCatalogueForErasing(path, BUSY_MS);
    return {
      cameraDays: rows.cameraDays,
      async removeDay(camera, day, signal) {
        let removed = 0;
        for (;;) {
          signal?.throwIfAborted();
          const now = rows.remove(camera, day, ROWS_AT_ONCE);
          removed += now;
          if (now < ROWS_AT_ONCE) return removed;
          // A timer that keeps the process alive: this may be all that it waits for.
          await pause(PAUSE_MS);
        }
      },
      close: rows.close,
    };
  } catch (error) {
    // One that is there and does not open has rows all the same.
    if (isGirokError(error, 'storage_missing') && !existsSync(path)) return undefined;
    throw error;
  }
}
