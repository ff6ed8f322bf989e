import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { syncDirectory, writeFileDurably } from '../../lib/durable.ts';
import { GirokError, systemCode } from '../../lib/errors.ts';
import { readIfThere } from '../../lib/read-file.ts';

/**
 * The folder of the backups bears a mark, and the storage folder notes that it has been there: a disk that is not
 * mounted must not be mistaken for a new place.
 */
const MARK = 'girok-backups.json';
const NOTE = 'backup-place.json';

const markShape = z.strictObject({ v: z.literal(1), place: z.uuid(), site: z.string() });
const noteShape = z.strictObject({ v: z.literal(1), folder: z.string(), place: z.uuid() });

export interface BackupPlace {
  /** `backup.folder` */
  readonly folder: string;
  readonly site: string;
  /** The storage folder that is backed up. */
  readonly storage: string;
}

/**
 * Finds the place, or makes it where there has never been one.
 *
 * @param anew somebody says that the old place is gone for good
 * @returns whether it lies on the disk of the storage folder: then it survives less
 * @throws GirokError `backup_place_missing` (it has been there, and is not), `backup_foreign`, the system's errors
 */
export async function openPlace(
  { folder, site, storage }: BackupPlace,
  anew = false,
): Promise<{ sameDisk: boolean }> {
  const note = join(storage, NOTE);
  const [mark, noted] = [await readMark(folder), await read(note, noteShape)];
  if (mark && mark.site !== site)
    throw new GirokError('backup_foreign', { path: folder, site: mark.site, expected: site });
  if (!mark && noted?.folder === folder && !anew)
    throw new GirokError('backup_place_missing', { path: folder });
  const place = mark?.place ?? randomUUID();
  if (!mark) {
    await makeFolder(folder);
    await writeFileDurably(join(folder, MARK), `${JSON.stringify({ v: 1, place, site })}\n`);
  }
  if (noted?.folder !== folder || noted.place !== place)
    await writeFileDurably(note, `${JSON.stringify({ v: 1, folder, place })}\n`);
  const [here, there] = [await stat(storage), await stat(folder)];
  return { sameDisk: here.dev === there.dev };
}

/** Whether there has ever been a backup of this storage folder. */
export const hasEverBeen = (storage: string): boolean => existsSync(join(storage, NOTE));

/** Names of what may be backups, oldest first. @throws GirokError `backup_place_missing` */
export async function backupNames(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name)).sort();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw new GirokError(
      'backup_place_missing',
      { path: folder, system: systemCode(error) },
      { cause: error },
    );
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return;
    // Its parent is never made: that would be a mount point.
    if (code === 'ENOENT') throw new GirokError('backup_place_missing', { path: folder }, { cause: error });
    throw error;
  }
  await syncDirectory(dirname(folder));
}

const readMark = (folder: string) => read(join(folder, MARK), markShape);

/** @returns undefined where there is none. @throws GirokError `backup_foreign` for what is not ours */
async function read<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    throw new GirokError('backup_foreign', { path }, { cause: error });
  }
}
