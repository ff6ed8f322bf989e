import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { ID_PATTERN } from '../lib/id-pattern.ts';

/** The lockers' folder for the process that erases. */
export interface LockerFolders {
  list(): Promise<string[]>;
  /** Removes a hold's copies, durable when it resolves; nothing happens where there are none. */
  remove(hold: string): Promise<void>;
}

/** @param root `<storage>/evidence` */
export function createLockerFolders(root: string): LockerFolders {
  return {
    async list() {
      try {
        return (await readdir(root)).filter((name) => ID_PATTERN.test(name)).sort();
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return [];
        throw error;
      }
    },
    async remove(hold) {
      if (!ID_PATTERN.test(hold)) throw new GirokError('internal', { hold });
      try {
        await rm(join(root, hold), { recursive: true });
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
        return;
      }
      await syncDirectory(root);
    },
  };
}
