import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ledgerEvent } from '../../../src/ledger/events.ts';
import { createSpool, listSpool, type SpoolBounds, takeFromSpool } from '../../../src/stewardship/spool.ts';
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

function spoolIn(folder: string, bounds?: SpoolBounds) {
  const { clock, advance } = createStillClock();
  const troubles: ({ code: string; waiting: number } | undefined)[] = [];
  const spool = createSpool({
    folder,
    clock,
    writer: 'recorder',
    trouble: (standing) => troubles.push(standing),
    ...(bounds ? { bounds } : {}),
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

  it('stays bounded on the disk while nobody empties it, and counts by kind what had no room', async () => {
    const bounds = { inMemory: 100, onDisk: 20 };
    const { spool, troubles, rest } = spoolIn(home, bounds);
    for (let n = 0; n < 30; n++) spool.append({ event: n % 3 ? 'often' : 'seldom', facts: { n } });
    spool.append({ event: 'sum', facts: {}, counts: { often: 500 } });
    await rest();
    expect(await listSpool(home)).toHaveLength(20);
    expect(readdirSync(home)).toHaveLength(21);
    expect(troubles.at(-1)).toEqual({ code: 'SPOOL_FULL', waiting: 510 });
    // Killed, and still nobody empties it: the next process counts on.
    const next = spoolIn(home, bounds);
    for (let n = 0; n < 5; n++) next.spool.append({ event: 'seldom', facts: {} });
    await next.rest();
    expect(readdirSync(home)).toHaveLength(21);
    await takeFromSpool(home, (await listSpool(home)).slice(0, 11));
    await next.advance(30_100);
    await vi.waitFor(() => expect(next.troubles.at(-1)).toBeUndefined(), { interval: 2 });
    const told = (await readSpool(home)).map(({ text }) => JSON.parse(text));
    expect(told).toHaveLength(10);
    expect(told.at(-1)).toMatchObject({
      event: 'spool.overflowed',
      facts: { entries: 515, events: { seldom: 8, often: 507 } },
    });
    expect(ledgerEvent.safeParse({ event: told.at(-1).event, facts: told.at(-1).facts }).success).toBe(true);
    expect(readdirSync(home)).toHaveLength(10);
  });

  it('stays bounded in memory while the disk refuses, and forgets no count', async () => {
    const folder = join(home, 'recorder');
    writeFileSync(folder, '');
    const { spool, troubles, advance } = spoolIn(folder, { inMemory: 5, onDisk: 100 });
    for (let n = 0; n < 12; n++) spool.append({ event: 'tried', facts: { n } });
    await vi.waitFor(() => expect(troubles.at(-1)).toEqual({ code: 'EEXIST', waiting: 12 }), { interval: 2 });
    rmSync(folder);
    await advance(2100);
    await vi.waitFor(() => expect(troubles.at(-1)).toBeUndefined(), { interval: 2 });
    const told = (await readSpool(folder)).map(({ text }) => JSON.parse(text));
    expect(told.map(({ event }) => event)).toEqual([...Array(5).fill('tried'), 'spool.overflowed']);
    expect(told.at(-1).facts).toMatchObject({ entries: 7, events: { tried: 7 } });
  });

  it('has the steward lay aside a count that is not its own', async () => {
    writeFileSync(join(home, 'overflow'), '{"facts":{"entries":-1}}');
    const { spool, rest } = spoolIn(home);
    spool.append({ event: 'one', facts: {} });
    await rest();
    expect((await readSpool(home)).map(({ text }) => JSON.parse(text).event).sort()).toEqual([
      'one',
      undefined,
    ]);
    expect(existsSync(join(home, 'overflow'))).toBe(false);
  });
});
