import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's package `faketime`. */
const LIBRARIES = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`);

/** A wall clock that a test sets while a process runs; the steady clock stays true. */
export interface FakedClock {
  /** What the process has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** The wall clock from now on: so much beside the true one. */
  set(offsetS: number): void;
  remove(): void;
}

/** @returns undefined where libfaketime is not installed; on the machine that judges that is a failure */
export function createFakedClock(offsetS = 0): FakedClock | undefined {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (!library) {
    if (process.env.CI === 'true') throw new Error('the package faketime must be installed');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'girok-faketime-'));
  const file = join(folder, 'offset');
  const set = (seconds: number) => {
    // By renaming: the library must never read half a number.
    writeFileSync(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds).toFixed(3)}\n`);
    renameSync(`${file}.new`, file);
  };
  set(offsetS);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
    },
    set,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
