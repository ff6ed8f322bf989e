import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openCatalogueForReading } from '../../../src/db/catalogue/open.ts';
import { DAY_US } from '../../../src/lib/clock.ts';
import { DAY, recordMinute, startRun, startWriter } from '../../support/catalogue/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { type PurgeHome, purgeHome } from '../../support/retention/purge-home.ts';

const homes: PurgeHome[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

const seoul = (iso: string) => Date.parse(`${iso}+09:00`) * 1000;

function begin(iso = '2026-11-22T00:00:00', more: { timeZone?: string; days?: number } = {}) {
  const clock = createManualClock(seoul(iso));
  const home = purgeHome(clock, more);
  homes.push(home);
  return { clock, home };
}

const daysOf = (home: PurgeHome) =>
  [...new Set([...home.openable().keys].map((key) => key.split('/')[1]))].sort();

describe('a run', () => {
  it('erases what is due and nothing else, and accounts for it before and after', async () => {
    const { clock, home } = begin();
    for (const day of ['2026-10-20', '2026-10-21', '2026-10-23', '2026-11-22']) home.record('cam01', day, 2);
    home.record('removed', '2026-10-01');
    const outcome = await home.purge(clock);
    expect(outcome).toMatchObject({ kind: 'done', certificate: { state: 'complete', resumed: false } });
    expect(daysOf(home)).toEqual(['2026-10-23', '2026-11-22']);
    expect(home.openable().files.every((file) => /2026-10-23|2026-11-22/.test(file))).toBe(true);
    const entries = home.entries();
    expect(entries.map(({ event }) => event)).toEqual(['erase.intent', 'erase.done']);
    expect(entries[0]?.facts.fromEpoch).toBe(1);
    const [certificate] = home.certificates();
    const bytes = readFileSync(join(home.storage, 'retention/certificates', `${certificate?.run}.json`));
    const certificateSha256 = createHash('sha256').update(bytes).digest('hex');
    expect(entries[1]?.facts).toEqual({ ...certificate, certificateSha256 });
    expect(certificate).toMatchObject({
      site: 'test',
      epoch: 2,
      clock: 'time_server',
      failures: [],
      keys: { erased: 72, survivors: 48, proof: { copies: 144, epochs: [2], opened: 0 } },
    });
    const days = certificate?.days as { camera: string; day: string; hours: number[]; files: number }[];
    expect(days.map(({ camera, day, hours, files }) => [camera, day, hours.length, files])).toEqual([
      ['removed', '2026-10-01', 24, 2],
      ['cam01', '2026-10-20', 24, 4],
      ['cam01', '2026-10-21', 24, 4],
    ]);
  });

  it('does exactly what the dry run said, which itself changes nothing', async () => {
    const { clock, home } = begin();
    for (const day of ['2026-10-20', '2026-10-21', '2026-10-22']) home.record('cam01', day);
    const before = home.openable();
    const planned = await home.purge(clock, { dryRun: true });
    expect(home.openable()).toEqual(before);
    expect(home.entries()).toEqual([]);
    const done = await home.purge(clock);
    if (planned.kind !== 'planned' || done.kind !== 'done') throw new Error('not done');
    expect(done.certificate?.days).toEqual(planned.plan.erase);
  });

  it('does nothing more when it is run again, and gives each day one certificate', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-20');
    await home.purge(clock);
    clock.advance(3_600_000);
    expect(await home.purge(clock)).toMatchObject({ kind: 'done' });
    expect(home.certificates()).toHaveLength(1);
    clock.advance(24 * 3_600_000);
    const quiet = await home.purge(clock);
    expect(quiet).toMatchObject({ kind: 'done', certificate: { days: [], state: 'complete', epoch: 2 } });
    expect(home.entries().map(({ event }) => event)).toEqual(['erase.intent', 'erase.done', 'erase.done']);
  });

  it('waits while nothing vouches for the clock, says so once, and goes on when an officer does', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-20');
    const dark = { synchronised: () => undefined, boot: () => undefined };
    for (let hour = 0; hour < 3; hour++) {
      const outcome = await home.purge(clock, {}, dark);
      expect(outcome).toMatchObject({ kind: 'waiting', plan: { waiting: { why: 'clock' } }, overdue: false });
      clock.advance(3_600_000);
    }
    expect(home.entries().map(({ event }) => event)).toEqual(['erase.waits']);
    expect(daysOf(home)).toEqual(['2026-10-20']);
    clock.advance(5 * 24 * 3_600_000);
    expect(await home.purge(clock, {}, dark)).toMatchObject({ kind: 'waiting', overdue: true });
    const confirmed = { clock: true, days: false, place: false, by: '홍길동', reason: 'NTP 고장' };
    const outcome = await home.purge(clock, { confirmed }, dark);
    expect(outcome).toMatchObject({
      kind: 'done',
      certificate: { clock: 'officer' },
    });
    expect(daysOf(home)).toEqual([]);
    expect(home.entries().map(({ event }) => event)).toEqual([
      'erase.waits',
      'erase.overdue',
      'erase.confirmed',
      'erase.intent',
      'erase.done',
    ]);
    expect(home.entries()[1]?.facts).toMatchObject({ oldestDay: '2026-10-20', cameras: 1 });
  });

  it('gives time server and cameras until its second look after a boot to say what time it is', async () => {
    const { clock, home } = begin();
    const unsure = { synchronised: () => undefined };
    expect(await home.purge(clock, {}, unsure)).toMatchObject({ kind: 'waiting' });
    expect(home.entries()).toEqual([]);
    expect(await home.purge(clock)).toMatchObject({ certificate: { clock: 'time_server' } });
    // Another boot, in which nothing says what time it is: told once.
    const other = { ...unsure, boot: () => ({ id: 'other', uptimeUs: clock.monoUs() }) };
    for (let look = 0; look < 3; look++)
      expect(await home.purge(clock, {}, other)).toMatchObject({ kind: 'waiting' });
    expect(home.entries().map(({ event }) => event)).toEqual(['erase.done', 'erase.waits']);
  });

  it('says in a certificate of its own that it waits no longer, also on a day that has one', async () => {
    const { clock, home } = begin();
    await home.purge(clock);
    const dark = { synchronised: () => undefined, boot: () => undefined };
    expect(await home.purge(clock, {}, dark)).toMatchObject({ kind: 'waiting' });
    expect(await home.purge(clock)).toMatchObject({
      kind: 'done',
      certificate: { state: 'complete', days: [] },
    });
    expect(await home.purge(clock)).toMatchObject({ kind: 'done' });
    expect(home.entries().map(({ event }) => event)).toEqual(['erase.done', 'erase.waits', 'erase.done']);
  });

  it('trusts the median of three cameras, and a clock that was vouched for and left alone', async () => {
    const { clock, home } = begin();
    for (const day of ['2026-10-21', '2026-10-23']) home.record('cam01', day);
    const cameras = { synchronised: () => undefined, cameraOffsetsMs: async () => [-100, 0, 9e9] };
    expect(await home.purge(clock, {}, cameras)).toMatchObject({ certificate: { clock: 'cameras' } });
    clock.advance(24 * 3_600_000);
    const alone = { synchronised: () => undefined };
    expect(await home.purge(clock, {}, alone)).toMatchObject({ certificate: { clock: 'steady' } });
    // Somebody sets the clock ahead: the same run must not believe it.
    clock.setWall(40 * DAY_US);
    home.record('cam01', '2026-11-22');
    expect(await home.purge(clock, {}, alone)).toMatchObject({ kind: 'waiting' });
    expect(daysOf(home)).toEqual(['2026-11-22']);
  });

  it('erases also where the disk fails under the catalogue, and says that its rows are left', async () => {
    const { clock, home } = begin();
    for (const day of ['2026-10-21', '2026-10-23']) home.record('cam01', day, 2);
    const openRows = () => {
      throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
    };
    const outcome = await home.purge(clock, {}, { openRows });
    expect(outcome).toMatchObject({
      certificate: { state: 'incomplete', failures: [{ file: 'catalogue.db', code: 'SQLITE_IOERR' }] },
    });
    expect(daysOf(home)).toEqual(['2026-10-23']);
  });

  it('asks before it erases more days than have passed', async () => {
    const { clock, home } = begin();
    for (let day = 1; day <= 30; day++) home.record('cam01', `2026-11-${String(day).padStart(2, '0')}`, 0);
    await home.purge(clock);
    expect(daysOf(home)).toHaveLength(30);
    // The retention in cameras.yml is edited from 30 to 7 days.
    const outcome = await home.purge(clock, {}, { retentionDays: 7 });
    expect(outcome).toMatchObject({
      kind: 'waiting',
      plan: { waiting: { why: 'days', days: 14, expected: 1 } },
    });
    expect(daysOf(home)).toHaveLength(30);
    const confirmed = { clock: false, days: true, place: false, by: 'a', reason: 'b' };
    await home.purge(clock, { confirmed }, { retentionDays: 7 });
    expect(daysOf(home)).toHaveLength(16);
  });

  it('lets the run after an outage pass by itself', async () => {
    const { clock, home } = begin();
    for (let day = 1; day <= 30; day++) home.record('cam01', `2026-11-${String(day).padStart(2, '0')}`, 0);
    await home.purge(clock);
    clock.advance(20 * 24 * 3_600_000);
    expect(await home.purge(clock)).toMatchObject({ kind: 'done', certificate: { state: 'complete' } });
    expect(daysOf(home)[0]).toBe('2026-11-12');
  });

  it('waits a day for a ledger that cannot be written, and no longer', async () => {
    const { clock, home } = begin('2026-11-21T00:00:00');
    home.record('cam01', '2026-10-21');
    clock.advance(12 * 3_600_000);
    mkdirSync(join(home.storage, 'spool'));
    writeFileSync(join(home.storage, 'spool', 'purge'), 'in the way');
    expect(await home.purge(clock)).toMatchObject({ plan: { waiting: { why: 'ledger' } } });
    expect(daysOf(home)).toEqual(['2026-10-21']);
    clock.advance(13 * 3_600_000);
    expect(await home.purge(clock)).toMatchObject({ kind: 'done', certificate: { accounted: false } });
    expect(daysOf(home)).toEqual([]);
    rmSync(join(home.storage, 'spool', 'purge'));
    clock.advance(3_600_000);
    expect(await home.purge(clock)).toMatchObject({ certificate: { accounted: true } });
    const told = home.entries().filter(({ event }) => event === 'erase.done');
    expect(told.map(({ facts }) => (facts.days as unknown[]).length)).toEqual([1, 0]);
  });

  it('keeps footage that a clock which was behind filed under a day long gone', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-11-22');
    await home.purge(clock);
    clock.advance(24 * 3_600_000);
    home.record('cam01', '2026-03-01');
    expect(await home.purge(clock)).toMatchObject({
      certificate: { late: [{ camera: 'cam01', day: '2026-03-01', seenOn: '2026-11-23' }], days: [] },
    });
    clock.advance(29 * 24 * 3_600_000);
    await home.purge(clock);
    expect(daysOf(home)).toContain('2026-03-01');
    clock.advance(2 * 24 * 3_600_000);
    await home.purge(clock);
    expect(daysOf(home)).toEqual([]);
  });

  it('puts off the keys of a hold that is copying, and catches up', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-23');
    clock.advance(24 * 3_600_000);
    const untilUs = clock.utcUs() + 600_000_000;
    const deferrals = async () => [
      {
        hold: 'h1',
        camera: 'cam01',
        day: home.siteTime.dayOf(seoul('2026-10-23T12:00:00')),
        hours: [9],
        untilUs,
      },
    ];
    expect(await home.purge(clock, {}, { deferrals })).toMatchObject({
      certificate: { deferred: [{ hold: 'h1' }] },
    });
    expect([...home.openable().keys]).toEqual(['cam01/2026-10-23/9']);
    expect(home.openable().files).toHaveLength(2);
    clock.advance(3_600_000);
    await home.purge(clock, {}, { deferrals });
    expect(home.openable()).toEqual({ keys: new Set(), files: [] });
  });

  it('erases the copies of a hold whose end has come, with its key, and finds one that was broken off', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-11-22');
    const { hold, folder } = home.hold({ endUs: clock.utcUs() + 3 * DAY_US });
    await home.purge(clock);
    expect((await home.status(clock)).lockers).toMatchObject([{ hold }]);
    expect(existsSync(folder)).toBe(true);
    clock.advance(3 * 24 * 3_600_000);
    const stopped = { removeLocker: async () => Promise.reject(new Error('broken off')) };
    await expect(home.purge(clock, {}, stopped)).rejects.toThrow('broken off');
    expect((await home.status(clock)).lockers).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    const outcome = await home.purge(clock);
    expect(outcome).toMatchObject({ certificate: { lockers: [{ hold, reason: 'lapsed' }], days: [] } });
    expect(existsSync(folder)).toBe(false);
    expect(daysOf(home)).toEqual(['2026-11-22']);
    clock.advance(3_600_000);
    expect(await home.purge(clock)).toMatchObject({ plan: { lockers: [] } });
  });

  it('tells of a file that cannot be removed, whose footage is gone all the same, and tries again', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-20');
    const strange = join(home.storage, 'vault/cam01/2026-10-20/notes.txt');
    writeFileSync(strange, 'whose?');
    expect(await home.purge(clock)).toMatchObject({
      certificate: { state: 'incomplete', failures: [{ code: 'strange' }] },
    });
    expect(home.openable()).toEqual({ keys: new Set(), files: [] });
    rmSync(strange);
    clock.advance(3_600_000);
    await home.purge(clock);
    expect(home.entries().map(({ event }) => event)).toContain('erase.incomplete');
  });

  it('refuses a keyring out of a backup that is older than the last certificate', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-20');
    const names = ['keys/keyring.db', 'mirror/keyring.db', 'keys/epoch.slots', 'mirror/epoch.slots'];
    const old = names.map((name) => readFileSync(join(home.storage, name)));
    await home.purge(clock);
    for (const [i, name] of names.entries()) {
      for (const ending of ['-wal', '-shm']) rmSync(join(home.storage, name + ending), { force: true });
      writeFileSync(join(home.storage, name), old[i]!);
    }
    await expect(home.purge(clock)).rejects.toThrow(/keyring_outdated/);
  });

  it('refuses a journal that is not its own', async () => {
    const { clock, home } = begin();
    writeFileSync(join(home.storage, 'retention/purge.json'), '{"v":1,"unaccounted":"yes"}');
    await expect(home.purge(clock)).rejects.toThrow(/purge_journal_damaged/);
  });

  it('takes the rows and indexes of erased footage out of the catalogue, beside its writer', async () => {
    const { clock, home } = begin('2026-12-23T12:00:00');
    const path = join(home.storage, 'catalogue.db');
    const { writer, reported } = await startWriter(path);
    startRun(writer);
    for (let minute = 0; minute < 450; minute++) await recordMinute(writer, minute, 9);
    await writer.flush();
    home.record('cam01', DAY, 3);
    const outcome = await home.purge(clock);
    expect(outcome).toMatchObject({ certificate: { state: 'complete', rows: 450 } });
    await recordMinute(writer, 800);
    await writer.flush();
    expect(reported).toEqual({ trouble: [], refused: [], fatal: [] });
    const { db, query } = openCatalogueForReading(path);
    const count = (table: string) => db.prepare(`select count(*) from ${table}`).pluck().get();
    expect([count('segment_detail'), count('segment_integrity')]).toEqual([1, 1]);
    await query.destroy();
    // What came late into a day that is over goes with the next run, files or not.
    expect(await home.purge(clock)).toMatchObject({ certificate: { rows: 1 } });
  });
});

describe('the status', () => {
  it('names the oldest byte that can still be decrypted, and what is overdue or left', async () => {
    const { clock, home } = begin();
    expect(await home.status(clock)).toMatchObject({ cameras: [], sound: true });
    for (const day of ['2026-10-20', '2026-10-24']) home.record('cam01', day);
    expect(await home.status(clock)).toMatchObject({
      oldest: { camera: 'cam01', day: '2026-10-20', hour: 0, from: '2026-10-19T14:59:00.000Z' },
      overdue: [{ camera: 'cam01', day: '2026-10-20', dueAt: '2026-11-19T15:00:00.000Z' }],
      sound: false,
    });
    await home.purge(clock);
    const after = await home.status(clock);
    expect(after).toMatchObject({ epoch: 2, overdue: [], leftOver: [], oldSecrets: [], sound: true });
    expect(after.oldest?.day).toBe('2026-10-24');
    const folder = join(home.storage, 'vault/cam01/2026-10-01');
    mkdirSync(folder);
    writeFileSync(join(folder, '120000-main-0123456789abcdef.seg'), 'sealed');
    expect(await home.status(clock)).toMatchObject({ leftOver: [{ day: '2026-10-01', files: 1 }] });
  });

  it('says when a secret of a past epoch is left, since what was erased may open with it', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-20');
    const slots = join(home.storage, 'mirror/epoch.slots');
    const old = readFileSync(slots);
    await home.purge(clock);
    writeFileSync(slots, old);
    expect(await home.status(clock)).toMatchObject({
      oldSecrets: [{ path: slots, epochs: [1] }],
      sound: false,
    });
    clock.advance(3_600_000);
    expect(await home.purge(clock)).toMatchObject({ certificate: { resumed: true } });
    expect(await home.status(clock)).toMatchObject({ oldSecrets: [], sound: true });
  });
});

describe('ninety days', () => {
  it('erase no day early, none late, and none of the young, with cameras coming and going', async () => {
    const { clock, home } = begin('2026-09-01T00:00:10', { timeZone: 'Europe/Berlin', days: 7 });
    const cameras = new Set(['a', 'b', 'c']);
    const recorded = new Set<string>();
    for (let n = 0; n < 90; n++) {
      const today = home.siteTime.dayOf(clock.utcUs());
      if (n === 20) cameras.delete('b');
      if (n === 25) cameras.add('d');
      if (n === 40) cameras.add('b');
      for (const camera of cameras) {
        home.record(camera, today);
        recorded.add(`${camera}/${today}`);
      }
      // Noon, and the first seconds after midnight, whatever the length of the day.
      clock.advance(12 * 3_600_000);
      await home.purge(clock);
      const midnightUs = home.siteTime.startOf(home.siteTime.addDays(today, 1));
      clock.advance((midnightUs - clock.utcUs()) / 1000 - 1);
      await home.purge(clock);
      const expectOpen = () => {
        const nowUs = clock.utcUs();
        const due = (id: string) => {
          const day = home.siteTime.dayOf(home.siteTime.startOf(id.split('/')[1] as never));
          return home.siteTime.startOf(home.siteTime.addDays(day, 8)) <= nowUs;
        };
        const open = new Set([...home.openable().keys].map((key) => key.split('/').slice(0, 2).join('/')));
        expect([...open].sort()).toEqual([...recorded].filter((id) => !due(id)).sort());
      };
      expectOpen();
      clock.advance(1001);
      await home.purge(clock);
      expectOpen();
    }
  });
});
