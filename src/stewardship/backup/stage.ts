import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertWhole } from '../../db/copy.ts';
import { syncDirectory } from '../../lib/durable.ts';
import { GirokError, isGirokError, systemCode } from '../../lib/errors.ts';
import { spaceOf } from '../../lib/space.ts';
import { type Manifest, readManifest } from './manifest.ts';

export interface Staged {
  readonly manifest: Manifest;
  /** Of the manifest. */
  readonly sha256: string;
  /** On the storage folder's disk; the files lie in it under their names. */
  readonly folder: string;
}

/**
 * Copies a backup onto the storage folder's disk and checks it on the way: every hash, every page of every database.
 *
 * @param into made anew
 * @throws GirokError `backup_unknown`, `backup_newer`, `backup_damaged` {file}, `backup_no_room`
 */
export async function stageBackup(path: string, into: string): Promise<Staged> {
  const { manifest, bytes } = await readManifest(path);
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { mode: 0o700 });
  const needed = manifest.files.reduce((sum, file) => sum + file.bytes, 2 ** 20);
  const { freeBytes } = await spaceOf(into);
  if (freeBytes < needed) throw new GirokError('backup_no_room', { path: into, free: freeBytes, needed });
  for (const file of manifest.files) {
    const copied = await copyHashed(join(path, file.name), join(into, file.name), file.bytes);
    if (copied !== file.sha256) throw new GirokError('backup_damaged', { path, file: file.name });
    if (!file.name.endsWith('.db')) continue;
    try {
      assertWhole(join(into, file.name));
    } catch (error) {
      if (!isGirokError(error, 'database_damaged')) throw error;
      throw new GirokError('backup_damaged', { path, file: file.name }, { cause: error });
    }
  }
  await syncDirectory(into);
  return { manifest, sha256: createHash('sha256').update(bytes).digest('hex'), folder: into };
}

/** @returns undefined for a file that is missing, or longer or shorter than it should be */
async function copyHashed(from: string, to: string, expected: number): Promise<string | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  const target = await open(to, 'wx', 0o600);
  try {
    for await (const part of createReadStream(from) as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > expected) return undefined;
      hash.update(part);
      await target.writeFile(part);
    }
    await target.sync();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'EIO') return undefined;
    throw error;
  } finally {
    await target.close();
  }
  return bytes === expected ? hash.digest('hex') : undefined;
}
