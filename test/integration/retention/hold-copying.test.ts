import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOUR_US, MINUTE_US, systemClock } from '../../../src/lib/clock.ts';
import { startSteward } from '../../support/ledger/steward-home.ts';
import { createHoldHome, type HoldHome } from '../../support/retention/hold-home.ts';

let home: HoldHome;
let files: string[];
let range: readonly string[];
beforeEach(async () => {
  home = await createHoldHome();
  const fromUs = systemClock.utcUs() - 3 * HOUR_US;
  files = await home.record(fromUs, fromUs + 28 * MINUTE_US, 60);
  const label = (atUs: number) => home.siteTime.label(atUs);
  // Four minutes of the 28, and ten around them.
  range = [
    '--camera',
    'cam01',
    '--from',
    label(fromUs + 12 * MINUTE_US),
    '--to',
    label(fromUs + 16 * MINUTE_US),
  ];
});
afterEach(() => home.remove());

const LONG = { timeout: 30_000, interval: 100 };
const add = async (...more: string[]) => {
  const { code, said } = await home.girok('hold', 'add', ...range, ...home.who, ...more);
  return { code, said, hold: String(said.hold) };
};

/** Every file of the storage folder and beside it. */
const everything = () =>
  readdirSync(home.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(home.folder, name)).isFile(),
  );

describe('a hold', () => {
  it('is copied by the steward, proved by the ledger, and nowhere in clear', async () => {
    const steward = startSteward(home);
    await vi.waitFor(() => expect(steward.said()).toContain('evidence.entered'), LONG);
    const { code, said, hold } = await add();
    expect(said).toMatchObject({ kind: 'desk', state: 'held', missed: [] });
    expect(code).toBe(0);
    expect(steward.said()).toContain('"event":"hold.copied"');
    // 24 minutes of one stream in minutes; the range need not begin with one.
    expect(Number(said.files)).toBeGreaterThanOrEqual(24);
    expect(Number(said.files)).toBeLessThanOrEqual(26);
    const copied = home.locker(hold) ?? [];
    expect(copied).toHaveLength(Number(said.files));
    expect(files).toEqual(expect.arrayContaining(copied));

    const shown = await home.girok('hold', 'show', hold);
    expect(shown.said).toMatchObject({ state: 'held', history: [{ did: 'made', by: '김접수' }], missed: [] });
    expect((shown.said.files as { file: string }[]).map(({ file }) => file).sort()).toEqual(copied.sort());
    expect(await home.girok('hold', 'verify', hold)).toMatchObject({
      code: 0,
      said: { files: copied.length, proved: copied.length, findings: [] },
    });
    // Footage lies in these two folders and nowhere else, and there only sealed.
    for (const name of everything()) {
      expect(readFileSync(join(home.folder, name)).includes(home.canary), name).toBe(false);
      if (name.endsWith('.seg')) expect(name).toMatch(/^storage\/(vault|evidence)\//);
    }

    const [first = ''] = copied;
    const path = join(home.storage, 'evidence', hold, first);
    const bytes = readFileSync(path);
    bytes[2000] = (bytes[2000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await home.girok('hold', 'verify', hold)).toMatchObject({
      code: 1,
      said: { proved: copied.length - 1, findings: [{ file: first, proof: 'changed' }] },
    });
    steward.child.kill('SIGTERM');
    expect(await steward.ended).toBe(0);
  });

  it('is copied without a steward too, and goes on where it was broken off', async () => {
    const child = home.start('hold', 'add', ...range, ...home.who);
    const holds = () => readdirSync(join(home.storage, 'retention', 'holds'));
    await vi.waitFor(() => expect(holds().some((name) => name.endsWith('.files'))).toBe(true), LONG);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const [hold = ''] = holds().map((name) => name.split('.')[0] ?? '');
    expect(home.page(hold).state).toBe('copying');
    const listed = await home.girok('hold', 'list');
    expect(listed).toMatchObject({ code: 1, said: [{ hold, state: 'copying' }] });
    const before = home.locker(hold)?.length ?? 0;
    expect(await home.girok('hold', 'copy')).toMatchObject({
      code: 0,
      said: [{ hold, state: 'held', missed: [] }],
    });
    expect(home.locker(hold)?.length).toBeGreaterThan(before);
  });

  it('of the desk is taken over by a request, renewed and reviewed by its kind, and each is told the ledger', async () => {
    const { hold } = await add();
    expect((await home.girok('hold', 'renew', hold, ...home.who)).code).toBe(2);
    const taken = await home.girok('hold', 'take-over', hold, '--kind', 'incident', ...home.who);
    expect(taken).toMatchObject({ code: 0, said: { hold, kind: 'incident' } });
    const days = (Date.parse(String(taken.said.end)) * 1000 - systemClock.utcUs()) / (24 * HOUR_US);
    expect(days).toBeGreaterThan(29.9);
    expect((await home.girok('hold', 'take-over', hold, '--kind', 'desk', ...home.who)).code).toBe(2);
    expect((await home.girok('hold', 'renew', hold, ...home.who)).code).toBe(0);
    expect((await home.girok('hold', 'review', hold, ...home.who)).code).toBe(0);
    expect((await home.girok('hold', 'review', hold, '--by', 'x')).code).toBe(2);
    expect((await home.girok('hold', 'end', hold, ...home.who)).code).toBe(0);
    expect((await home.girok('hold', 'review', hold, ...home.who)).code).toBe(2);
    expect((await home.girok('hold', 'show', hold, '--sealed')).said).toMatchObject({ history: [] });
    const shown = await home.girok('hold', 'show', hold);
    const history = shown.said.history as { did: string }[];
    expect(history.map(({ did }) => did)).toEqual(['made', 'taken_over', 'renewed', 'reviewed', 'ended']);
    const spool = join(home.storage, 'spool', 'hold');
    const told = readdirSync(spool)
      .sort()
      .map((name) => JSON.parse(readFileSync(join(spool, name), 'utf8')));
    expect(told.map(({ event }) => event)).toEqual([
      'hold.made',
      'hold.copied',
      'hold.taken_over',
      'hold.renewed',
      'hold.reviewed',
      'hold.ended',
      'log.exported',
    ]);
    expect(told.slice(0, -1).map(({ facts }) => facts.hold)).toEqual(Array(6).fill(hold));
    expect(told.at(-1)).toMatchObject({
      facts: { view: 'holds', rows: 1 },
      personal: { by: expect.any(String) },
    });
    expect(JSON.stringify(told.map(({ facts }) => facts))).not.toContain('김접수');
    expect(told[2].personal).toEqual({ by: '김접수', reason: '분실물' });
    // The ledger takes them all.
    const steward = startSteward(home);
    await vi.waitFor(() => expect(readdirSync(spool)).toEqual([]), LONG);
    expect(readdirSync(join(home.storage, 'spool'))).not.toContain('refused');
    steward.child.kill('SIGTERM');
    expect(await steward.ended).toBe(0);
  });

  it('waits for room above the reserve of recording, says so, and goes on when there is some', async () => {
    home.configureReserve('100 TiB');
    const first = startSteward(home);
    const { hold } = await add('--no-wait');
    await vi.waitFor(() => expect(first.said()).toContain('"alarm":"hold_unfinished"'), LONG);
    expect(first.said()).toContain('no_room');
    expect(home.page(hold).state).toBe('copying');
    expect(home.locker(hold) ?? []).toEqual([]);
    first.child.kill('SIGTERM');
    await first.ended;
    home.configureReserve('1 MiB');
    const second = startSteward(home);
    await vi.waitFor(() => expect(home.page(hold).state).toBe('held'), LONG);
    second.child.kill('SIGTERM');
    await second.ended;
  });
});
