import type { ErasedCatalogue } from '../catalogue/erase-day.ts';
import { systemCode } from '../lib/errors.ts';
import type { FootageFolders } from '../vault/erase-files.ts';
import type { PlannedErasure } from './plan.ts';

export interface RemovalDeps {
  readonly folders: FootageFolders;
  readonly catalogue: ErasedCatalogue | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

export interface Removed {
  /** Segments of the catalogue. */
  readonly rows: number;
  readonly failures: readonly { readonly file: string; readonly code: string }[];
}

/**
 * Files whose keys are gone, and then their rows: a row without its file is only untidy for a moment, a file
 * without its row would look like footage that nobody knows. Rejects with the signal's reason.
 */
export async function removeFootage(deps: RemovalDeps, work: readonly PlannedErasure[]): Promise<Removed> {
  const { folders, catalogue, signal, onProgress } = deps;
  const failures: { file: string; code: string }[] = [];
  let rows = 0;
  for (const [done, day] of work.entries()) {
    signal?.throwIfAborted();
    if (!day.removesFiles) continue;
    failures.push(...(await folders.remove(day, signal)).failures);
    try {
      rows += (await catalogue?.removeDay(day.camera, day.day, signal)) ?? 0;
    } catch (error) {
      const code = systemCode(error);
      if (!code?.startsWith('SQLITE_')) throw error;
      // Found again by the next run, since the rows are still there.
      failures.push({ file: 'catalogue.db', code });
    }
    onProgress?.(done + 1, work.length);
  }
  return { failures, rows };
}
