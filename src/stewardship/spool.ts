import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { syncDirectory, writeFileDurably } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';

/** Something that the ledger has to know, told by a process that may not write the ledger. */
export interface SpooledEvent {
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * The way of the recorder's entries into the ledger: one durable file per entry, drained by the steward in the
 * order of their names. Appending never waits and never fails the caller: while the disk refuses, entries
 * stay in memory in order, the trouble is told, and they are written when it passes.
 */
export interface Spool {
  append(event: SpooledEvent): void;
  /** Entries accepted but not yet durable. */
  readonly waiting: number;
  /** Resolves when everything appended before is durable, or once `withinMs` have passed; tells which. */
  settled(withinMs: number): Promise<boolean>;
}

export interface SpoolDeps {
  readonly folder: string;
  readonly clock: Clock;
  /** Who writes, e.g. `recorder`. */
  readonly writer: string;
  trouble(standing: { code: string; waiting: number } | undefined): void;
}

const RETRY_MS = 2000;
/** About 10 MB; beyond it the newest are folded into one entry that counts them, so that nothing goes unseen. */
const MOST_WAITING = 20_000;

export function createSpool(deps: SpoolDeps): Spool {
  const queue: { name: string; text: string }[] = [];
  let unheard = 0;
  let writing = false;
  let cancelRetry: (() => void) | undefined;
  let settledWaiters: (() => void)[] = [];

  const enqueue = ({ event, facts }: SpooledEvent) => {
    const nowUs = deps.clock.utcUs();
    const text = canonicalJson({ v: 1, at: isoFromUs(nowUs), writer: deps.writer, event, facts });
    queue.push({ name: `${newId(nowUs)}.json`, text });
  };

  const drain = async () => {
    if (writing) return;
    writing = true;
    try {
      await mkdir(deps.folder, { recursive: true, mode: 0o700 });
      do {
        for (let next = queue[0]; next; next = queue[0]) {
          await writeFileDurably(join(deps.folder, next.name), next.text);
          queue.shift();
          if (unheard > 0 && queue.length < MOST_WAITING / 2) {
            const count = unheard;
            unheard = 0;
            enqueue({ event: 'spool.overflowed', facts: { entries: count } });
          }
        }
        // The end of an alarm is an entry too: it is told from in here, so it is written from in here.
        deps.trouble(undefined);
      } while (queue.length > 0);
      for (const wake of settledWaiters) wake();
      settledWaiters = [];
    } catch (error) {
      deps.trouble({ code: systemCode(error) ?? 'unknown', waiting: queue.length });
      cancelRetry?.();
      cancelRetry = deps.clock.after(RETRY_MS, () => void drain());
    } finally {
      writing = false;
    }
  };

  return {
    append(event) {
      if (queue.length >= MOST_WAITING) unheard++;
      else enqueue(event);
      void drain();
    },
    get waiting() {
      return queue.length + unheard;
    },
    settled(withinMs) {
      if (queue.length === 0 && !writing) return Promise.resolve(true);
      return new Promise((resolve) => {
        const cancel = deps.clock.after(withinMs, () => resolve(false));
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
