import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileModeIn, fileModeInSync } from './sharing.ts';

/** Makes the entries of a directory durable. @throws the system's error (EIO: trust nothing written since). */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces `path` so that after a crash at any point it holds either the old or the new bytes, whole:
 * open a neighbour, write, fsync, rename over, fsync the directory. Its mode is that of its folder unless told.
 */
export async function writeFileDurably(path: string, data: string | Buffer, mode?: number): Promise<void> {
  const temporary = `${path}.new`;
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'w', mode ?? (await fileModeIn(dirname(path))));
    await handle.writeFile(data);
    await handle.sync();
  } catch (error) {
    // The half-written neighbour is worthless; failing to remove it changes nothing, the next write truncates it.
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await handle?.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** As {@link syncDirectory}, where nothing may come in between. */
export function syncDirectorySync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** As {@link writeFileDurably}, where nothing may come in between; processes that write at once each use a neighbour. */
export function writeFileDurablySync(path: string, data: string): void {
  const temporary = `${path}.${process.pid}.new`;
  try {
    const descriptor = openSync(temporary, 'w', fileModeInSync(dirname(path)));
    try {
      writeFileSync(descriptor, data);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectorySync(dirname(path));
}
