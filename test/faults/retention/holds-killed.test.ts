import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HOUR_US, MINUTE_US, systemClock } from '../../../src/lib/clock.ts';
import { createHoldBook } from '../../../src/retention/holds.ts';
import { type Started, startSteward } from '../../support/ledger/steward-home.ts';
import { createHoldHome, type HoldHome } from '../../support/retention/hold-home.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const LONG = { timeout: 90_000, interval: 50 };
const ROUNDS = 4;

let home: HoldHome;
let steward: Started;
let range: readonly string[];
beforeAll(async () => {
  home = await createHoldHome();
  home.configureReserve('1 MiB');
  const fromUs = systemClock.utcUs() - 3 * HOUR_US;
  await home.record(fromUs, fromUs + 26 * MINUTE_US, 60, 30_000);
  const label = (atUs: number) => home.siteTime.label(atUs);
  const [from, to] = [label(fromUs + 11 * MINUTE_US), label(fromUs + 15 * MINUTE_US)];
  range = ['--camera', 'cam01', '--from', from, '--to', to];
  steward = startSteward(home);
});
afterAll(() => home?.remove());

const book = () => createHoldBook(join(home.storage, 'retention', 'holds'));
const moment = (most: number) => new Promise((resolve) => setTimeout(resolve, Math.random() * most));
const purge = () => home.girok('purge', '--confirm', 'clock', ...home.who);

/** A hold that the steward has begun to copy. */
async function beginCopying(): Promise<string> {
  const { said } = await home.girok('hold', 'add', ...range, ...home.who, '--no-wait');
  const hold = String(said.hold);
  await vi.waitFor(() => expect(home.locker(hold)?.length).toBeGreaterThan(0), LONG);
  return hold;
}

const isGone = (hold: string) => {
  expect(home.page(hold)).toMatchObject({ state: 'erased', note: '' });
  expect(home.hasKey(hold)).toBe(false);
  expect(home.locker(hold)).toBeUndefined();
};

describe('a hold that is over while the steward copies it', () => {
  it('never comes back, neither its page nor its key nor a file', async () => {
    const gone: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const hold = await beginCopying();
      await moment(700);
      const isEnded = round % 2 === 0;
      const stillCopying = await book().change(hold, ['copying'], (page) =>
        isEnded ? { ...page, state: 'ended' } : { ...page, endUs: systemClock.utcUs() },
      );
      expect(stillCopying, 'the copying was too fast for this test').toBeDefined();
      expect(await purge()).toMatchObject({
        code: 0,
        said: { certificate: { lockers: [{ hold, reason: isEnded ? 'ended' : 'lapsed' }] } },
      });
      isGone(hold);
      gone.push(hold);
    }
    // One more, whole: whatever the steward still had in hand for the others is done by now.
    const { said } = await home.girok('hold', 'add', ...range, ...home.who);
    expect(said).toMatchObject({ state: 'held', missed: [] });
    for (const hold of gone) isGone(hold);
    expect(steward.said()).not.toContain('hold.failed');
  });
});

describe('a steward that is killed while it copies', () => {
  it('goes on by itself, until every file of the range is there and proved whole', async () => {
    const hold = await beginCopying();
    for (let kills = 0; kills < 3; kills++) {
      const before = home.locker(hold)?.length ?? 0;
      await vi.waitFor(() => expect(home.locker(hold)?.length).toBeGreaterThan(before), LONG);
      await moment(200);
      steward.child.kill('SIGKILL');
      await steward.ended;
      expect(home.page(hold).state).toBe('copying');
      steward = startSteward(home);
    }
    await vi.waitFor(() => expect(home.page(hold).state).toBe('held'), LONG);
    const shown = await home.girok('hold', 'show', hold);
    const files = (shown.said.files as { file: string }[]).map(({ file }) => file);
    expect(new Set(files).size).toBe(files.length);
    expect(files.sort()).toEqual(home.locker(hold)?.sort());
    expect(shown.said.missed).toEqual([]);
    // Each opens whole; the ledger enters the hour by itself meanwhile.
    await vi.waitFor(
      async () =>
        expect(await home.girok('hold', 'verify', hold)).toMatchObject({
          code: 0,
          said: { proved: files.length, findings: [] },
        }),
      { ...LONG, interval: 1000 },
    );
    steward.child.kill('SIGTERM');
    expect(await steward.ended).toBe(0);
  });
});

describe('a disk that is full', () => {
  it('breaks no hold: nothing half-written counts, and it goes on when there is room', async ({ skip }) => {
    const disk = mountSmallDisk(join(home.storage, 'evidence'), 6 * 1024 * 1024);
    if ('refused' in disk) return skip(disk.refused);
    home.onRemove(disk.unmount);
    steward = startSteward(home);
    const { said } = await home.girok('hold', 'add', ...range, ...home.who, '--no-wait');
    const hold = String(said.hold);
    await vi.waitFor(() => expect(steward.said()).toContain('"why":"no_room"'), LONG);
    expect(home.page(hold).state).toBe('copying');
    const shown = await home.girok('hold', 'show', hold);
    const copied = (shown.said.files as { file: string }[]).map(({ file }) => file);
    expect(copied.length).toBeGreaterThan(0);
    await vi.waitFor(() => expect(home.locker(hold)?.sort()).toEqual(copied.sort()), LONG);
    expect(shown.said.missed).toEqual([]);
    disk.grow(400 * 1024 * 1024);
    await vi.waitFor(() => expect(home.page(hold)).toMatchObject({ state: 'held' }), LONG);
    expect(home.page(hold)).not.toHaveProperty('missed');
    expect((await home.girok('hold', 'verify', hold)).said).toMatchObject({ missed: 0, findings: [] });
    steward.child.kill('SIGTERM');
    expect(await steward.ended).toBe(0);
  });
});
