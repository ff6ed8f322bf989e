import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { parseFile } from './identity.ts';
import { type CameraDay, cameraDaysOf } from './segment-tree.ts';

export interface FolderContents {
  readonly files: number;
  /** Of the ciphertext. */
  readonly bytes: number;
}

export interface FilesRemoved extends FolderContents {
  /** What is still there: a file the disk would not let go, or something that is no segment of ours (`strange`). */
  readonly failures: readonly { readonly file: string; readonly code: string }[];
}

/** The vault's folders for the process that erases: it lists, measures and removes, and opens nothing. */
export interface FootageFolders {
  cameraDays(): Promise<CameraDay[]>;
  contentsOf(day: CameraDay): Promise<FolderContents>;
  /**
   * Removes every segment of a camera-day and then the empty folder; durable when it resolves. Stops between two
   * files when told to. What has gone already counts as removed before.
   */
  remove(day: CameraDay, signal?: AbortSignal): Promise<FilesRemoved>;
}

const AT_ONCE = 8;

/** @param root the vault's folder */
export function createFootageFolders(root: string): FootageFolders {
  const list = async (folder: string): Promise<string[] | undefined> => {
    try {
      return await readdir(join(root, folder));
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  };
  const bytesOf = async (file: string): Promise<number | undefined> => {
    try {
      return (await lstat(join(root, file))).size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  };

  return {
    cameraDays: async () => (await cameraDaysOf({ list })).days,
    async contentsOf({ camera, day }) {
      let files = 0;
      let bytes = 0;
      const folder = `${camera}/${day}`;
      await each((await list(folder)) ?? [], async (name) => {
        const size = await bytesOf(`${folder}/${name}`);
        if (size === undefined) return;
        files += 1;
        bytes += size;
      });
      return { files, bytes };
    },
    async remove({ camera, day }, signal) {
      const folder = `${camera}/${day}`;
      const names = await list(folder);
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
          const size = (await bytesOf(file)) ?? 0;
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

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
