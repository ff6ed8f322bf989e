import { afterEach, expect, it, vi } from 'vitest';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US, systemClock } from '../../../src/lib/clock.ts';
import { createFakedClock } from '../../support/faked-clock.ts';
import { startSteward } from '../../support/ledger/steward-home.ts';
import { createHoldHome, type HoldHome } from '../../support/retention/hold-home.ts';

let home: HoldHome | undefined;
afterEach(() => home?.remove());

const LONG = { timeout: 30_000, interval: 100 };

it('a hold that still copies at midnight puts off the hours that it touches, for an hour and no longer', async ({
  skip,
}) => {
  const faked = createFakedClock();
  if (!faked) return skip('the package faketime is not installed');
  const it = await createHoldHome('Asia/Seoul', faked.env);
  home = it;
  it.onRemove(faked.remove);
  const { siteTime, who } = it;
  const today = siteTime.dayOf(systemClock.utcUs());
  const day = siteTime.addDays(today, -30);
  const at = (hour: number, minute: number) => siteTime.startOf(day) + hour * HOUR_US + minute * MINUTE_US;
  const files = [
    ...(await it.record(at(3, 0), at(3, 2), 60)),
    ...(await it.record(at(14, 20), at(14, 24), 60)),
    ...(await it.record(at(18, 20), at(18, 24), 60)),
  ];
  const midnightUs = siteTime.startOf(siteTime.addDays(today, 1));
  const setClock = (afterMidnightUs: number) =>
    faked.set((midnightUs + afterMidnightUs - systemClock.utcUs()) / SECOND_US);
  const hold = async (hour: number) => {
    const [from, to] = [siteTime.label(at(hour, 21)), siteTime.label(at(hour, 23))];
    const range = ['--camera', 'cam01', '--from', from, '--to', to];
    const { said } = await it.girok('hold', 'add', ...range, ...who, '--no-wait');
    return String(said.hold);
  };
  const purge = async () => (await it.girok('purge', '--confirm', 'clock', ...who)).said;

  // Late in the evening, on a disk that has no room: the steward looks, and cannot copy.
  setClock(-5 * MINUTE_US);
  it.configureReserve('100 TiB');
  const full = startSteward(it, faked.env);
  const [first, second] = [await hold(14), await hold(18)];
  await vi.waitFor(() => expect(full.said().split('"alarm":"hold_unfinished"')).toHaveLength(3), LONG);

  setClock(2 * MINUTE_US);
  expect(await purge()).toMatchObject({
    certificate: {
      state: 'complete',
      days: [{ camera: 'cam01', day, hours: [3] }],
      deferred: [
        { hold: first, camera: 'cam01', day, hours: [14] },
        { hold: second, camera: 'cam01', day, hours: [18] },
      ],
    },
  });
  full.child.kill('SIGTERM');
  await full.ended;

  // There is room, and both are copied: nothing of them was lost, and the next run takes the rest of the day.
  setClock(50 * MINUTE_US);
  it.configureReserve('1 MiB');
  const steward = startSteward(it, faked.env);
  for (const each of [first, second])
    await vi.waitFor(() => expect(it.page(each)).toMatchObject({ state: 'held' }), LONG);
  expect([...(it.locker(first) ?? []), ...(it.locker(second) ?? [])].sort()).toEqual(files.slice(2).sort());
  steward.child.kill('SIGTERM');
  await steward.ended;
  expect(await purge()).toMatchObject({
    certificate: { state: 'complete', days: [{ day, hours: [14, 18] }], deferred: [] },
  });
  expect((await it.girok('hold', 'verify', first)).said).toMatchObject({ files: 4, proved: 4 });
});

it('what was not copied within that hour is erased all the same, and the hold says that it lacks it', async ({
  skip,
}) => {
  const faked = createFakedClock();
  if (!faked) return skip('the package faketime is not installed');
  const it = await createHoldHome('Asia/Seoul', faked.env);
  home = it;
  it.onRemove(faked.remove);
  const { siteTime, who } = it;
  const nowUs = systemClock.utcUs();
  const day = siteTime.addDays(siteTime.dayOf(nowUs), -30);
  const fromUs = siteTime.startOf(day) + 14 * HOUR_US;
  const files = await it.record(fromUs, fromUs + 4 * MINUTE_US, 60);
  const setClock = (utcUs: number) => faked.set((utcUs - systemClock.utcUs()) / SECOND_US);
  const midnightUs = siteTime.startOf(siteTime.addDays(siteTime.dayOf(nowUs), 1));
  setClock(midnightUs - 5 * MINUTE_US);
  it.configureReserve('100 TiB');
  const full = startSteward(it, faked.env);
  const [from, to] = [siteTime.label(fromUs), siteTime.label(fromUs + 4 * MINUTE_US)];
  const range = ['--camera', 'cam01', '--from', from, '--to', to];
  const { said } = await it.girok('hold', 'add', ...range, ...who, '--no-wait');
  const hold = String(said.hold);
  await vi.waitFor(() => expect(full.said()).toContain('"alarm":"hold_unfinished"'), LONG);
  full.child.kill('SIGKILL');
  await full.ended;

  setClock(midnightUs + HOUR_US - MINUTE_US);
  const purge = async () => (await it.girok('purge', '--confirm', 'clock', ...who)).said;
  expect(await purge()).toMatchObject({ certificate: { days: [], deferred: [{ hold, hours: [14] }] } });
  setClock(midnightUs + HOUR_US);
  expect(await purge()).toMatchObject({
    certificate: { state: 'complete', days: [{ day, hours: [14] }], deferred: [] },
  });

  it.configureReserve('1 MiB');
  const { code, said: copied } = await it.girok('hold', 'copy');
  expect(copied).toMatchObject([{ hold, state: 'held', files: 0 }]);
  expect(code).toBe(1);
  const shown = await it.girok('hold', 'show', hold);
  const missed = files.map((file) => ({ file, code: 'key_missing' }));
  expect(shown.said.missed).toEqual(missed);
  const steward = startSteward(it, faked.env);
  await vi.waitFor(() => expect(steward.said()).toContain('"alarm":"hold_unfinished"'), LONG);
  // And the end of a desk hold comes three days after it was made, whatever it has.
  setClock(midnightUs + 3 * DAY_US);
  expect(await purge()).toMatchObject({ certificate: { lockers: [{ hold, reason: 'lapsed' }] } });
  expect(it.hasKey(hold)).toBe(false);
  await vi.waitFor(
    () => expect(steward.said()).toContain('"event":"alarm.cleared","alarm":"hold_unfinished"'),
    LONG,
  );
});
