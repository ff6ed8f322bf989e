import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSpool, listSpool, takeFromSpool } from '../../../src/stewardship/spool.ts';
import { createStillClock } from '../vault/sealing-room.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'girok-spool-'));
});
afterEach(() => {
  chmodSync(home, 0o700);
  rmSync(home, { recursive: true });
});

const readSpool = async (folder: string) =>
  (await listSpool(folder)).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

function spoolIn(folder: string) {
  const { clock, advance } = createStillClock();
  const troubles: ({ code: string; waiting: number } | undefined)[] = [];
  const spool = createSpool({
    folder,
    clock,
    writer: 'recorder',
    trouble: (standing) => troubles.push(standing),
  });
  /** File calls end in their own time; the clock stands still meanwhile. */
  const rest = () => vi.waitFor(() => expect(spool.waiting).toBe(0), { interval: 2 });
  return { spool, troubles, advance, rest };
}

describe('the spool', () => {
  it('keeps each entry in a file of its own, in the order they were appended', async () => {
    const folder = join(home, 'recorder');
    const { spool, rest } = spoolIn(folder);
    for (const n of [1, 2, 3]) spool.append({ event: 'tried', facts: { n } });
    await rest();
    expect(await spool.settled(0)).toBe(true);
    const entries = await readSpool(folder);
    expect(entries.map(({ text }) => JSON.parse(text))).toMatchObject(
      [1, 2, 3].map((n) => ({ v: 1, event: 'tried', facts: { n }, writer: 'recorder' })),
    );
    expect(JSON.parse(entries[0]!.text).at).toBe('2026-11-22T03:00:00.000Z');
  });

  it('forgets an entry once the ledger has it', async () => {
    const { spool, rest } = spoolIn(home);
    spool.append({ event: 'first', facts: {} });
    spool.append({ event: 'second', facts: {} });
    await rest();
    await takeFromSpool(home, (await listSpool(home)).slice(0, 1));
    expect((await readSpool(home)).map(({ text }) => JSON.parse(text).event)).toEqual(['second']);
  });

  it('holds on to everything while the disk refuses, says so, and writes it when that passes', async () => {
    // A file where the folder should be: refused for everybody, the superuser included.
    const folder = join(home, 'recorder');
    writeFileSync(folder, '');
    const { spool, troubles, advance } = spoolIn(folder);
    spool.append({ event: 'one', facts: {} });
    spool.append({ event: 'two', facts: {} });
    await vi.waitFor(() => expect(troubles).toHaveLength(1), { interval: 2 });
    expect(troubles.at(-1)).toEqual({ code: 'EEXIST', waiting: 2 });
    rmSync(folder);
    await advance(2100);
    await vi.waitFor(() => expect(troubles.at(-1)).toBeUndefined(), { interval: 2 });
    expect((await readSpool(folder)).map(({ text }) => JSON.parse(text).event)).toEqual(['one', 'two']);
  });
});
