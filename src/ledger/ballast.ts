import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { spaceOf } from '../lib/space.ts';

/**
 * A file that only takes up room beside the ledger. On a full disk it goes, and what must be accounted for even then
 * has that room to itself.
 */
export interface Ballast {
  /** Gives the room free; nothing happens where it is free already. */
  release(): Promise<void>;
  /** Takes the room again once there is plenty. @returns whether it is taken */
  restore(): Promise<boolean>;
}

const BLOCK = Buffer.alloc(1024 * 1024);
/** Taking the last of the room would only fill the disk again. */
const PLENTY = 3;

/** @param bytes a whole number of MiB */
export function createBallast({ path, bytes }: { path: string; bytes: number }): Ballast {
  const isThere = async () => {
    try {
      return (await stat(path)).size === bytes;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return false;
      throw error;
    }
  };
  return {
    release: () => rm(path, { force: true }),
    async restore() {
      if (await isThere()) return true;
      const folder = dirname(path);
      if ((await spaceOf(folder)).freeBytes < PLENTY * bytes) return false;
      // Written, not only sized: a hole takes no room.
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        for (let at = 0; at < bytes; at += BLOCK.length) await file.write(BLOCK, 0, BLOCK.length, at);
        await file.sync();
      } catch (error) {
        // Half a ballast would only make the disk fuller.
        await rm(`${path}.new`, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
      await syncDirectory(folder);
      return true;
    },
  };
}
