import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileDurably } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import type { SpooledEvent } from '../stewardship/spool.ts';

/**
 * Whether the site records on another volume than last time. Kept in the second place, since what lies on the volume
 * goes with it.
 *
 * @param path `StorageFolders.lastVolume`
 * @param mayKeep whether the second place is there, and not the empty mount point of a disk that is missing
 * @returns the entry that says so. @throws the system's error
 */
export async function noteVolume(
  path: string,
  { volume, isNew, mayKeep }: { volume: string; isNew: boolean; mayKeep: boolean },
): Promise<SpooledEvent | undefined> {
  const previous = read(path);
  if (previous !== volume && mayKeep) await writeFileDurably(path, `${volume}\n`);
  const isOther = previous !== undefined && previous !== volume;
  if (!isNew && !isOther) return undefined;
  return { event: 'volume.changed', facts: { volume, ...(isOther ? { previous } : {}) } };
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return z.uuid().safeParse(text).success ? text : undefined;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw error;
    return undefined;
  }
}
