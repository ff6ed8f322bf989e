import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../support/manual-clock.ts';
import { type PurgeHome, purgeHome } from '../../support/retention/purge-home.ts';

const homes: PurgeHome[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

const HOUR_MS = 3_600_000;

/** A home with one due day each day from the 22nd on, and its mirror's disk unmounted. */
function begin() {
  const clock = createManualClock(Date.parse('2026-11-22T00:00:00+09:00') * 1000);
  const home = purgeHome(clock);
  homes.push(home);
  for (const day of [22, 23, 24, 25, 26, 27, 28]) home.record('cam01', `2026-10-${day}`);
  const [mirror, aside] = [join(home.storage, 'mirror'), join(home.storage, 'aside')];
  return {
    clock,
    home,
    slots: join(mirror, 'epoch.slots'),
    /** An empty mount point is what is left. */
    unmount() {
      renameSync(mirror, aside);
      mkdirSync(mirror);
    },
    mount() {
      rmSync(mirror, { recursive: true });
      renameSync(aside, mirror);
    },
  };
}

const eventsOf = (home: PurgeHome) => home.entries().map(({ event }) => event);

describe('the second place of the keys', () => {
  it('is named missing while its disk is away, and nothing is complete before its secret has gone', async () => {
    const { clock, home, slots, unmount, mount } = begin();
    await home.purge(clock);
    clock.advance(24 * HOUR_MS);
    unmount();
    const first = await home.purge(clock);
    expect(first).toMatchObject({
      kind: 'done',
      certificate: {
        state: 'incomplete',
        days: [{ day: '2026-10-23' }],
        keys: { mirror: 'behind', places: [{ state: 'overwritten' }, { path: slots, state: 'missing' }] },
      },
      overdue: false,
    });
    expect(existsSync(slots)).toBe(false);
    const run = home.certificates().at(-1)?.run;
    // Each hour again; one certificate a day says so.
    for (let hour = 0; hour < 3; hour++) {
      clock.advance(HOUR_MS);
      expect(await home.purge(clock)).toMatchObject({ certificate: { run, state: 'incomplete' } });
    }
    expect(eventsOf(home).filter((event) => event === 'erase.incomplete')).toHaveLength(1);
    clock.advance(24 * HOUR_MS);
    const second = await home.purge(clock);
    expect(second).toMatchObject({
      certificate: {
        state: 'incomplete',
        settled: [{ state: 'overwritten' }, { state: 'missing' }],
        days: [{ day: '2026-10-24' }],
      },
    });
    mount();
    expect(home.openable().keys.has('cam01/2026-10-23/5')).toBe(true);
    clock.advance(HOUR_MS);
    const last = await home.purge(clock);
    expect(last).toMatchObject({
      certificate: {
        state: 'complete',
        resumed: true,
        days: [],
        settled: [{ state: 'overwritten' }, { path: slots, state: 'overwritten' }],
        finishes: { since: run },
      },
      overdue: false,
    });
    expect([...home.openable().keys].some((key) => /2026-10-2[234]/.test(key))).toBe(false);
    expect(eventsOf(home).at(-1)).toBe('erase.done');
    clock.advance(HOUR_MS);
    const quiet = await home.purge(clock);
    expect(quiet).toMatchObject({ kind: 'done' });
    expect(quiet).not.toHaveProperty('certificate');
  });

  it('is no hindrance where it has been away since its old secrets went', async () => {
    const { clock, home, unmount } = begin();
    await home.purge(clock);
    unmount();
    clock.advance(HOUR_MS);
    const quiet = await home.purge(clock);
    expect(quiet).not.toHaveProperty('certificate');
    clock.advance(24 * HOUR_MS);
    expect(await home.purge(clock)).toMatchObject({ certificate: { state: 'incomplete' } });
  });

  it('does not loosen the brake by being away for long', async () => {
    const { clock, home, unmount } = begin();
    await home.purge(clock);
    unmount();
    for (let day = 0; day < 4; day++) {
      clock.advance(24 * HOUR_MS);
      await home.purge(clock);
    }
    const outcome = await home.purge(clock, {}, { retentionDays: 20 });
    expect(outcome).toMatchObject({ kind: 'waiting', plan: { waiting: { why: 'days', expected: 1 } } });
  });

  it('is lost when an officer says so, which is recorded, and another is made', async () => {
    const { clock, home, slots, unmount } = begin();
    await home.purge(clock);
    clock.advance(24 * HOUR_MS);
    unmount();
    await home.purge(clock);
    const run = home.certificates().at(-1)?.run;
    clock.advance(HOUR_MS);
    const confirmed = { clock: false, days: false, place: true, by: '홍길동', reason: '디스크 파손' };
    const outcome = await home.purge(clock, { confirmed });
    expect(outcome).toMatchObject({
      certificate: {
        state: 'complete',
        settled: [{ path: slots, state: 'lost' }, { state: 'overwritten' }, { path: slots, state: 'absent' }],
        finishes: { since: run, runs: 1 },
      },
    });
    expect(home.entries().find(({ event }) => event === 'erase.confirmed')?.facts).toMatchObject({
      place: true,
    });
    expect(existsSync(slots)).toBe(true);
    expect(await home.purge(clock)).not.toHaveProperty('certificate');
    clock.advance(24 * HOUR_MS);
    expect(await home.purge(clock)).toMatchObject({ certificate: { state: 'complete' } });
  });

  it('is overdue five days after what it may still open had to go, and says so once a day', async () => {
    const { clock, home, unmount } = begin();
    await home.purge(clock);
    unmount();
    clock.advance(24 * HOUR_MS);
    await home.purge(clock);
    clock.advance(4 * 24 * HOUR_MS);
    expect(await home.purge(clock)).toMatchObject({ certificate: { state: 'incomplete' }, overdue: false });
    clock.advance(24 * HOUR_MS);
    for (let hour = 0; hour < 3; hour++) {
      expect(await home.purge(clock)).toMatchObject({ overdue: true });
      clock.advance(HOUR_MS);
    }
    const told = () => home.entries().filter(({ event }) => event === 'erase.overdue');
    expect(told().map(({ facts }) => facts)).toMatchObject([{ oldestDay: '2026-10-23', cameras: 1 }]);
    clock.advance(24 * HOUR_MS);
    await home.purge(clock);
    expect(told()).toHaveLength(2);
  });
});
