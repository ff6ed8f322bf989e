import { readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { syncDirectory, writeFileDurably } from '../lib/durable.ts';
import { systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';

/**
 * Counts the entries that a full spool has no room for, by kind, in one file that lies beside them. It is the text of
 * the entry that will tell of them, so that telling is one rename: a crash neither forgets the count nor doubles it.
 */
export interface Overflow {
  /** How many entries it stands for. */
  readonly entries: number;
  /** Of them, how many are not durable. */
  readonly unkept: number;
  /** @param events how many of which kinds */
  add(events: Readonly<Record<string, number>>): void;
  /** Takes up what an earlier process left. Once, before anything else. */
  load(): Promise<void>;
  /** Makes the count durable. */
  keep(): Promise<void>;
  /** Makes the count an entry of the spool and begins anew. */
  release(): Promise<void>;
}

/** Without `.json`: nothing that the steward takes for an entry. */
const NAME = 'overflow';
const count = z.int().nonnegative();
const leftShape = z.object({
  facts: z.strictObject({
    entries: count,
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    events: z.record(z.string(), count),
  }),
});

export function createOverflow(deps: { folder: string; writer: string; clock: Clock }): Overflow {
  const { folder, writer, clock } = deps;
  const path = join(folder, NAME);
  let events: Record<string, number> = {};
  let entries = 0;
  let unkept = 0;
  let fromUs = 0;
  let toUs = 0;

  const keep = async () => {
    if (unkept === 0) return;
    const seen = unkept;
    const facts = { entries, from: isoFromUs(fromUs), to: isoFromUs(toUs), events };
    const entry = { v: 1, at: isoFromUs(toUs), writer, event: 'spool.overflowed', facts };
    await writeFileDurably(path, canonicalJson(entry));
    unkept -= seen;
  };

  const add = (more: Readonly<Record<string, number>>) => {
    const nowUs = clock.utcUs();
    if (entries === 0) fromUs = nowUs;
    toUs = nowUs;
    for (const [event, times] of Object.entries(more)) {
      events[event] = (events[event] ?? 0) + times;
      entries += times;
      unkept += times;
    }
  };

  return {
    get entries() {
      return entries;
    },
    get unkept() {
      return unkept;
    },
    add,
    async load() {
      // Half-written by a process that was killed: the whole one lies beside it.
      await unlink(`${path}.new`).catch(unlessAbsent);
      const text = await readFile(path, 'utf8').catch(unlessAbsent);
      if (text === undefined) return;
      const left = leftShape.safeParse(jsonOf(text));
      // Not what we wrote: the steward lays it aside, and the ledger says so.
      if (!left.success) return rename(path, join(folder, `${newId(clock.utcUs())}.json`));
      const { from, to, events: counted } = left.data.facts;
      restore({ events: counted, fromUs: Date.parse(from) * 1000, toUs: Date.parse(to) * 1000 });
    },
    keep,
    async release() {
      while (unkept > 0) await keep();
      const told = { events, fromUs, toUs };
      // What comes from now on belongs to the next one.
      [events, entries] = [{}, 0];
      try {
        await rename(path, join(folder, `${newId(clock.utcUs())}.json`));
      } catch (error) {
        restore(told);
        throw error;
      }
      await syncDirectory(folder);
    },
  };

  /** Counts again what is in the file already. */
  function restore(kept: { events: Readonly<Record<string, number>>; fromUs: number; toUs: number }) {
    if (entries === 0) toUs = kept.toUs;
    fromUs = kept.fromUs;
    for (const [event, times] of Object.entries(kept.events)) {
      events[event] = (events[event] ?? 0) + times;
      entries += times;
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said by the shape that it then has not.
    return undefined;
  }
}

function unlessAbsent(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
  return undefined;
}
