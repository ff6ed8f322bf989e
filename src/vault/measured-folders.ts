import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../lib/errors.ts';
import { type CameraDay, cameraDaysOf } from './segment-tree.ts';

export interface FolderContents {
  readonly files: number;
  /** Of the ciphertext. */
  readonly bytes: number;
}

/** The vault's folders for whoever counts what lies there: it lists and measures, and neither opens nor removes. */
export interface MeasuredFolders {
  cameraDays(): Promise<CameraDay[]>;
  contentsOf(day: CameraDay): Promise<FolderContents>;
}

const AT_ONCE = 8;

/** @param root the vault's folder */
export function createMeasuredFolders(root: string): MeasuredFolders {
  return {
    cameraDays: async () => (await cameraDaysOf({ list: (folder) => namesIn(join(root, folder)) })).days,
    async contentsOf({ camera, day }) {
      let files = 0;
      let bytes = 0;
      const folder = join(root, camera, day);
      await each((await namesIn(folder)) ?? [], async (name) => {
        const size = await bytesOf(join(folder, name));
        if (size === undefined) return;
        files += 1;
        bytes += size;
      });
      return { files, bytes };
    },
  };
}

/** Undefined where there is no such folder (any more). @throws the system's error */
export async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Undefined for a file that has gone. @throws the system's error */
export async function bytesOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Some at once, so that a folder of thousands takes no time and no thousand handles. */
export async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
