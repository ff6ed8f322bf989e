import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../src/lib/errors.ts';

/** A file system of a few MB in memory, that can really be full. Needs the right to mount. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it to the last byte. */
  fill(): void;
  /** Fills it until so many bytes are left. */
  fillUpTo(leftBytes: number): void;
  /** Takes the filling away. */
  empty(): void;
  grow(bytes: number): void;
  unmount(): void;
}

const FILLING = 'filling';
const BLOCK = Buffer.alloc(256 * 1024, 1);

/** @returns why it could not be mounted, or the disk */
export function mountSmallDisk(folder: string, bytes: number): SmallDisk | { readonly refused: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const options = ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'girok-test', folder];
  const mounted = spawnSync('mount', options, { encoding: 'utf8' });
  if (mounted.status !== 0) {
    const refused = mounted.error?.message ?? mounted.stderr.trim();
    // On the machine that judges, a test that cannot run is a failure.
    if (process.env.CI === 'true') throw new Error(`a file system must be mounted for this test: ${refused}`);
    return { refused };
  }
  return {
    folder,
    fill() {
      const file = openSync(join(folder, FILLING), 'a');
      for (let size = BLOCK.length; size >= 1; ) {
        try {
          writeSync(file, BLOCK, 0, size);
        } catch (error) {
          if (systemCode(error) !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        }
      }
      closeSync(file);
    },
    fillUpTo(leftBytes) {
      const file = openSync(join(folder, FILLING), 'a');
      const free = () => {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      };
      while (free() > leftBytes) writeSync(file, BLOCK);
      closeSync(file);
    },
    empty: () => rmSync(join(folder, FILLING), { force: true }),
    grow: (more) => void spawnSync('mount', ['-o', `remount,size=${more}`, folder]),
    unmount: () => void spawnSync('umount', ['-l', folder]),
  };
}
