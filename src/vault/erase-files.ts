import { rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { parseFile } from './identity.ts';
import {
  bytesOf,
  createMeasuredFolders,
  each,
  type FolderContents,
  type MeasuredFolders,
  namesIn,
} from './measured-folders.ts';
import type { CameraDay } from './segment-tree.ts';

export interface FilesRemoved extends FolderContents {
  /** What is still there: a file the disk would not let go, or something that is no segment of ours (`strange`). */
  readonly failures: readonly { readonly file: string; readonly code: string }[];
}

/** The vault's folders for the process that erases: it lists, measures and removes, and opens nothing. */
export interface FootageFolders extends MeasuredFolders {
  /**
   * Removes every segment of a camera-day and then the empty folder; durable when it resolves. Stops between two
   * files when told to. What has gone already counts as removed before.
   */
  remove(day: CameraDay, signal?: AbortSignal): Promise<FilesRemoved>;
}

/** @param root the vault's folder */
export function createFootageFolders(root: string): FootageFolders {
  return {
    ...createMeasuredFolders(root),
    async remove({ camera, day }, signal) {
      const folder = `${camera}/${day}`;
      const names = await namesIn(join(root, folder));
      const failures: { file: string; code: string }[] = [];
      if (names === undefined) return { files: 0, bytes: 0, failures };
      let files = 0;
      let bytes = 0;
      await each(names, async (name) => {
        if (signal?.aborted) return;
        const file = `${folder}/${name}`;
        // Only what bears a segment's name and lies where that name says is ours to remove.
        if (!parseFile(file)) return void failures.push({ file, code: 'strange' });
        try {
          const size = (await bytesOf(join(root, file))) ?? 0;
          await unlink(join(root, file));
          files += 1;
          bytes += size;
        } catch (error) {
          const code = systemCode(error);
          if (code === undefined) throw error;
          if (code !== 'ENOENT') failures.push({ file, code });
        }
      });
      await syncDirectory(join(root, folder));
      signal?.throwIfAborted();
      if (failures.length === 0) await removeEmpty(join(root, folder), join(root, camera));
      return { files, bytes, failures };
    },
  };
}

async function removeEmpty(folder: string, parent: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    // Something came in between two steps: the next run looks again.
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'ENOENT') throw error;
  }
  await syncDirectory(parent);
}
