import { type FileHandle, open, rm } from 'node:fs/promises';
import { GirokError, systemCode } from '../lib/errors.ts';

/**
 * Makes a file that somebody keeps, durable when it resolves: the stick is pulled out next. Never over one that is
 * there, which may be somebody's proof; what could not be written whole does not stay.
 *
 * @throws GirokError `file_exists`, `file_unwritable`
 */
export async function makeNewFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  let isOurs = false;
  try {
    const file = await open(path, 'wx', 0o600);
    isOurs = true;
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    // Half a file would be taken for a whole one; that it cannot be removed either says the error below.
    if (isOurs) await rm(path, { force: true }).catch(() => undefined);
    const system = systemCode(error);
    if (system === 'EEXIST') throw new GirokError('file_exists', { path }, { cause: error });
    if (system !== undefined && isOfFiles(error))
      throw new GirokError('file_unwritable', { path, system }, { cause: error });
    throw error;
  }
}

export const writeNewFile = (path: string, data: string | Uint8Array): Promise<void> =>
  makeNewFile(path, (file) => file.writeFile(data));

/** An error of the system's, and not of the database that is being read out. */
const isOfFiles = (error: unknown): boolean => (error as { syscall?: unknown } | null)?.syscall !== undefined;
