import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { syncDirectory, writeFileDurably } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { createOverflow } from './overflow.ts';

/** Something that the ledger has to know, told by a process that may not write the ledger. */
export interface SpooledEvent {
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Its id and time, where they were settled before: told again after a crash it is still one entry. */
  readonly as?: { readonly id: string; readonly atUs: number };
  /** Which entries it stands for, where it is a summary: where there is no room for it these are counted. */
  readonly counts?: Readonly<Record<string, number>>;
}

/**
 * The way of the recorder's entries into the ledger: one durable file per entry, drained by the steward in the
 * order of their names. Appending never waits and never fails the caller: while the disk refuses, entries
 * stay in memory in order, the trouble is told, and they are written when it passes.
 *
 * Bounded in both places. In memory by {@link SpoolBounds.inMemory}, on disk by {@link SpoolBounds.onDisk}: what
 * comes beyond is counted by kind and told as one `spool.overflowed` once half of the room is free again.
 */
export interface Spool {
  append(event: SpooledEvent): void;
  /** Entries accepted but not yet durable. */
  readonly waiting: number;
  /** Resolves when everything appended before is durable, or once `withinMs` have passed; tells which. */
  settled(withinMs: number): Promise<boolean>;
}

export interface SpoolBounds {
  /** Entries that wait for the disk; some 500 bytes each. */
  readonly inMemory: number;
  /** Entries that wait for the steward; a file of one block each. */
  readonly onDisk: number;
}

export interface SpoolDeps {
  readonly folder: string;
  readonly clock: Clock;
  /** Who writes, e.g. `recorder`. */
  readonly writer: string;
  /** `code`: the system's, or `SPOOL_FULL` when nobody empties it. */
  trouble(standing: { code: string; waiting: number } | undefined): void;
  readonly bounds?: SpoolBounds;
}

const RETRY_MS = 2000;
/** A full spool is not counted again more often. */
const COUNT_MS = 30_000;
/** About 10 MB of memory and 80 MiB of disk; at the most entries that a recorder makes (folding.ts), four days. */
const BOUNDS: SpoolBounds = { inMemory: 20_000, onDisk: 20_000 };

export function createSpool(deps: SpoolDeps): Spool {
  const { folder, clock, writer, bounds = BOUNDS } = deps;
  const overflow = createOverflow({ folder, writer, clock });
  const queue: { name: string; text: string; counts: Readonly<Record<string, number>> }[] = [];
  /** As far as we know; the steward takes files away meanwhile. */
  let onDisk: number | undefined;
  let listedMonoUs = 0;
  let writing = false;
  let cancelRetry: (() => void) | undefined;
  let settledWaiters: (() => void)[] = [];

  const countsOf = ({ event, counts = { [event]: 1 } }: SpooledEvent) => counts;
  const enqueue = (told: SpooledEvent) => {
    const { event, facts, as: { id, atUs } = { id: undefined, atUs: clock.utcUs() } } = told;
    const text = canonicalJson({ v: 1, at: isoFromUs(atUs), writer, event, facts });
    queue.push({ name: `${id ?? newId(atUs)}.json`, text, counts: countsOf(told) });
  };

  const list = async () => {
    onDisk = (await listSpool(folder)).length;
    listedMonoUs = clock.monoUs();
    return onDisk;
  };
  const hasRoom = async (most: number) => {
    if ((onDisk ?? 0) < most) return true;
    return clock.monoUs() - listedMonoUs >= COUNT_MS * 1000 && (await list()) < most;
  };
  const retry = (inMs: number) => {
    cancelRetry?.();
    cancelRetry = clock.after(inMs, () => void drain());
  };

  const drain = async () => {
    if (writing) return;
    writing = true;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (onDisk === undefined) {
        await overflow.load();
        await list();
      }
      do {
        for (let next = queue[0]; next; next = queue[0]) {
          if (await hasRoom(bounds.onDisk)) {
            await writeFileDurably(join(folder, next.name), next.text);
            onDisk = (onDisk ?? 0) + 1;
          } else overflow.add(next.counts);
          queue.shift();
        }
        if (overflow.entries > 0 && (await hasRoom(bounds.onDisk / 2))) {
          await overflow.release();
          onDisk = (onDisk ?? 0) + 1;
        }
        await overflow.keep();
        // The end of an alarm is an entry too: it is told from in here, so it is written from in here.
        const isFull = overflow.entries > 0;
        deps.trouble(isFull ? { code: 'SPOOL_FULL', waiting: overflow.entries } : undefined);
        if (isFull) retry(COUNT_MS);
      } while (queue.length > 0 || overflow.unkept > 0);
      for (const wake of settledWaiters) wake();
      settledWaiters = [];
    } catch (error) {
      deps.trouble({ code: systemCode(error) ?? 'unknown', waiting: queue.length + overflow.unkept });
      retry(RETRY_MS);
    } finally {
      writing = false;
    }
  };

  return {
    append(event) {
      if (queue.length >= bounds.inMemory) overflow.add(countsOf(event));
      else enqueue(event);
      void drain();
    },
    get waiting() {
      return queue.length + overflow.unkept;
    },
    settled(withinMs) {
      if (queue.length + overflow.unkept === 0 && !writing) return Promise.resolve(true);
      return new Promise((resolve) => {
        const cancel = clock.after(withinMs, () => resolve(false));
        settledWaiters.push(() => {
          cancel();
          resolve(true);
        });
      });
    },
  };
}

/** Names of what waits in a spool folder, oldest first, for the steward. A folder that is not there yet is empty. */
export async function listSpool(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Removes entries that the ledger holds now. A crash before this leaves them to be recognised by their names. */
export async function takeFromSpool(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await unlink(join(folder, name));
  await syncDirectory(folder);
}
