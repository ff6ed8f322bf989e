import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import { systemCode } from '../../src/lib/errors.ts';

/** Longer than any one folder takes; whoever has been at it for longer is taken for another program of that number. */
const LONGEST_DRAWING_MS = 120_000;
const LOOK_AGAIN_MS = 200;

/**
 * Builds a folder under a temporary name and moves it into place whole. Where another process is at the same folder
 * already, what it makes is waited for: two that begin together share the work, instead of each doing all of it.
 *
 * @param read throws for what is not there or not whole
 * @throws what `build` throws; the signal's reason when aborted
 */
export async function drawFolder<T>(target: string, { read, build, signal }: DrawnFolder<T>): Promise<T> {
  if (await isWaitedFor(target, signal)) {
    const theirs = await read().catch(() => undefined);
    if (theirs) return theirs;
  }
  const temporary = temporaryOf(target, process.pid);
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  try {
    await build(temporary);
    // What stands there now was unreadable a moment ago, or another process has just finished the same work.
    const ours = await rename(temporary, target).then(
      () => true,
      (error) => {
        if (systemCode(error) === 'ENOTEMPTY' || systemCode(error) === 'EEXIST') return false;
        throw error;
      },
    );
    const theirs = ours ? undefined : await read().catch(() => undefined);
    if (theirs) return theirs;
    if (ours) return await read();
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
    return await read();
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

export interface DrawnFolder<T> {
  readonly read: () => Promise<T>;
  readonly build: (temporary: string) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Half-written folders of processes that are no longer there. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = ownerOf(name);
    if (owner !== undefined && !isAlive(owner))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

const temporaryOf = (target: string, pid: number) => `${target}.tmp-${pid}`;

function ownerOf(name: string): number | undefined {
  const owner = /\.tmp-(\d+)$/.exec(name)?.[1];
  return owner === undefined ? undefined : Number(owner);
}

/** @returns whether somebody else was at it, and is not any more */
async function isWaitedFor(target: string, signal: AbortSignal | undefined): Promise<boolean> {
  let hasWaited = false;
  while (await isDrawnElsewhere(target)) {
    hasWaited = true;
    signal?.throwIfAborted();
    await wait(LOOK_AGAIN_MS);
  }
  return hasWaited;
}

async function isDrawnElsewhere(target: string): Promise<boolean> {
  for (const name of await readdir(dirname(target))) {
    const owner = ownerOf(name);
    if (owner === undefined || owner === process.pid || !isAlive(owner)) continue;
    if (name !== basename(temporaryOf(target, owner))) continue;
    // Gone between the two looks: it is finished.
    const changed = await stat(join(dirname(target), name)).catch(() => undefined);
    if (changed && systemClock.utcUs() / 1000 - changed.mtimeMs < LONGEST_DRAWING_MS) return true;
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
