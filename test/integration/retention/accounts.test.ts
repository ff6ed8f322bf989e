import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Certificate, ErasedDay } from '../../../src/contract/purge-outcome.ts';
import { openSiteForWriting } from '../../../src/db/site/open.ts';
import { en } from '../../../src/i18n/en.ts';
import { drainSpool } from '../../../src/ledger/drain.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { openLog } from '../../../src/ledger/log.ts';
import { VIEWS } from '../../../src/ledger/views.ts';
import { DAY_US } from '../../../src/lib/clock.ts';
import { resultOf } from '../../../src/retention/accounts.ts';
import { daysFacts } from '../../../src/retention/ledger-facts.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { type PurgeHome, purgeHome, ROOT_KEY } from '../../support/retention/purge-home.ts';

const homes: PurgeHome[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

function begin(iso = '2026-11-22T00:00:00+09:00') {
  const clock = createManualClock(Date.parse(iso) * 1000);
  const home = purgeHome(clock);
  homes.push(home);
  const journal = join(home.storage, 'retention/purge.json');
  return { clock, home, journal };
}

/** What the steward does with all that was told. */
async function ledgerOf(home: PurgeHome, clock: ReturnType<typeof createManualClock>) {
  const db = openSiteForWriting(join(home.storage, 'site.db'));
  openLog(db, { site: 'test', rootKey: ROOT_KEY, clock });
  const ledger = createLedger({ db, clock });
  const drained = await drainSpool(ledger, join(home.storage, 'spool'));
  const entries = [...ledger.rows.entries(0, 10_000)]
    .map(({ body }) => readBody(body))
    .filter(({ event }) => event.startsWith('erase.'));
  const log = VIEWS.destruction({ rows: ledger.rows, siteTime: home.siteTime, words: en.ledger.views });
  db.close();
  return { drained, entries, log };
}

const manyDays = (cameras: number, days: number): ErasedDay[] =>
  Array.from({ length: cameras * days }, (_, i) => ({
    camera: `cam${(i % cameras) + 1}`,
    day: new Date(Date.UTC(2025, 0, 1 + Math.floor(i / cameras))).toISOString().slice(0, 10),
    dueAt: '2026-11-22T00:00:00.000Z',
    hours: Array.from({ length: 24 }, (_, hour) => hour),
    files: 10,
    bytes: 1000,
    removesFiles: true,
    reason: 'expired' as const,
  }));

describe('the account of a run', () => {
  it('fits into the ledger whatever the run was like, and binds the whole certificate', async () => {
    const { clock, home } = begin();
    const deps = home.deps(clock);
    home.record('cam01', '2026-10-20');
    await home.purge(clock);
    const [made] = home.certificates() as unknown as Certificate[];
    const late = { camera: 'c', day: '2026-01-01', seenOn: '2026-01-02', dueAt: made!.startedAt };
    const large: Certificate = {
      ...made!,
      run: 'zzzzzzzzzzzzzzzz',
      entry: 'zzzzzzzzzzzzzzzz',
      state: 'incomplete',
      days: manyDays(13, 400),
      failures: Array.from({ length: 40_000 }, (_, n) => ({ file: `${'파'.repeat(250)}${n}`, code: 'EIO' })),
      deferred: Array.from({ length: 5000 }, () => ({
        hold: 'h',
        camera: 'c',
        day: '2026-01-01',
        hours: [1],
        until: made!.startedAt,
      })),
      late: Array.from({ length: 5000 }, () => late),
      lockers: Array.from({ length: 5000 }, () => ({ hold: '0123456789abcdef', reason: 'ended' as const })),
      keys: {
        ...made!.keys!,
        damaged: Array.from({ length: 5000 }, () => ({ camera: 'c', day: 'd', hour: 1 })),
      },
    };
    const kept = await deps.accounts.keep(large);
    await deps.accounts.enter(resultOf(kept));
    deps.eraser.close();
    const { drained, entries, log } = await ledgerOf(home, clock);
    expect(drained).toMatchObject({ refused: 0 });
    const last = entries.at(-1);
    if (last?.event !== 'erase.incomplete') throw new Error(last?.event);
    expect(last.facts).toMatchObject({
      failuresCount: 40_000,
      deferredCount: 5000,
      certificateSha256: kept.sha256,
      days: Array.from({ length: 13 }, (_, i) => ({
        camera: `cam${i + 1}`,
        day: '2025-01-01',
        to: '2026-02-04',
        days: 400,
        keys: 9600,
        files: 4000,
        bytes: 400_000,
      })),
    });
    expect(log.rows.at(-1)).toEqual(
      expect.arrayContaining([13, '2025-01-01', '2026-02-04', 52_000, 5_200_000, 5000, 40_000]),
    );
  });

  it('names each unbroken stretch of days, and counts what does not fit', async () => {
    const days = manyDays(3, 100);
    expect(daysFacts(days.slice(0, 200)).days).toEqual(days.slice(0, 200));
    const broken = days.filter(({ day }) => day !== '2025-02-01');
    expect(daysFacts(broken).days.map(({ camera, day }) => `${camera} ${day}`)).toEqual(
      ['cam1', 'cam2', 'cam3'].flatMap((camera) => [`${camera} 2025-01-01`, `${camera} 2025-02-02`]),
    );
    // Every second day: a stretch for each would be too many, so a camera has one that says how many there are.
    const gaps = manyDays(13, 400).filter((_, i) => Math.floor(i / 13) % 2 === 0);
    expect(daysFacts(gaps).days).toHaveLength(13);
    expect(daysFacts(gaps).days[0]).toMatchObject({ day: '2025-01-01', to: '2026-02-03', days: 200 });
    const cameras = daysFacts(manyDays(600, 2));
    expect(cameras.days).toHaveLength(500);
    expect(cameras.daysOmitted).toBe(200);
  });

  it('stands in the ledger once, however often a kill between certificate and journal has it entered', async () => {
    const { clock, home, journal } = begin();
    home.record('cam01', '2026-10-20');
    let beforeEnd = '';
    // The journal as it was when the certificate was kept and its result entered.
    const onStep = (step: string) => {
      if (step === 'prove') beforeEnd = readFileSync(journal, 'utf8');
    };
    await home.purge(clock, {}, { onStep });
    expect(JSON.parse(beforeEnd).intent).toBeDefined();
    for (let kill = 0; kill < 2; kill++) {
      await ledgerOf(home, clock);
      writeFileSync(journal, beforeEnd);
      clock.advance(60_000);
      expect(await home.purge(clock)).toMatchObject({ kind: 'done' });
    }
    expect(home.certificates()).toHaveLength(1);
    const { entries, log } = await ledgerOf(home, clock);
    expect(entries.map(({ event }) => event)).toEqual(['erase.intent', 'erase.done']);
    expect(log.rows).toHaveLength(1);
  });

  it('comes after its intent, although both wait in the spool', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-20');
    // Somebody sets the clock back while the run goes on.
    await home.purge(clock, {}, { onStep: (step) => void (step === 'commit' && clock.setWall(-60_000_000)) });
    const { entries } = await ledgerOf(home, clock);
    expect(entries.map(({ event }) => event)).toEqual(['erase.intent', 'erase.done']);
  });
});

describe('a journal that is lost', () => {
  it('is made again from the newest certificate: brake, epoch and late-comers go on', async () => {
    const { clock, home, journal } = begin();
    for (let day = 1; day <= 22; day++) home.record('cam01', `2026-11-${String(day).padStart(2, '0')}`);
    await home.purge(clock);
    clock.advance(24 * 3_600_000);
    home.record('cam01', '2026-03-01');
    await home.purge(clock);
    rmSync(journal);
    clock.advance(3_600_000);
    await home.purge(clock);
    expect(home.openable().keys.has('cam01/2026-03-01/5')).toBe(true);
    // Days that were recorded on their day are no late-comers for all that.
    expect((JSON.parse(readFileSync(journal, 'utf8')).looked.late as unknown[]).length).toBe(1);
    const shorter = await home.purge(clock, {}, { retentionDays: 7 });
    expect(shorter).toMatchObject({ kind: 'waiting', plan: { waiting: { why: 'days' } } });
    const { log } = await ledgerOf(home, clock);
    expect(new Set(log.rows.map(([, run]) => run)).size).toBe(log.rows.length);
  });

  it('makes a keyring out of an old backup no less old', async () => {
    const { clock, home, journal } = begin();
    home.record('cam01', '2026-10-20');
    const names = ['keys/keyring.db', 'mirror/keyring.db', 'keys/epoch.slots', 'mirror/epoch.slots'];
    const old = names.map((name) => readFileSync(join(home.storage, name)));
    await home.purge(clock);
    rmSync(journal);
    for (const [i, name] of names.entries()) {
      for (const ending of ['-wal', '-shm']) rmSync(join(home.storage, name + ending), { force: true });
      writeFileSync(join(home.storage, name), old[i]!);
    }
    await expect(home.purge(clock)).rejects.toThrow(/keyring_outdated/);
  });

  it('takes the certificate before one that is damaged', async () => {
    const { clock, home, journal } = begin();
    home.record('cam01', '2026-10-20');
    await home.purge(clock);
    clock.advance(24 * 3_600_000);
    await home.purge(clock);
    const folder = join(home.storage, 'retention/certificates');
    const [first, newest] = readdirSync(folder).sort();
    writeFileSync(join(folder, newest!), '{');
    rmSync(journal);
    await home.purge(clock, {}, { synchronised: () => undefined, boot: () => undefined });
    expect(JSON.parse(readFileSync(journal, 'utf8')).lastGood.run).toBe(first?.replace('.json', ''));
  });
});

describe('a certificate that is damaged', () => {
  const damage = (home: ReturnType<typeof begin>['home']) => {
    const folder = join(home.storage, 'retention/certificates');
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{');
  };

  it('is made again by the run that it was of', async () => {
    const { clock, home, journal } = begin();
    home.record('cam01', '2026-10-20');
    const journals: Buffer[] = [];
    await home.purge(
      clock,
      {},
      {
        onStep(step) {
          if (step === 'prove') journals.push(readFileSync(journal));
        },
      },
    );
    writeFileSync(journal, journals[0] ?? '');
    const { run } = JSON.parse(readFileSync(journal, 'utf8')).intent;
    damage(home);
    expect(await home.purge(clock)).toMatchObject({ kind: 'done', certificate: { run, state: 'complete' } });
    expect(home.certificates()).toMatchObject([{ run }]);
  });

  it('keeps the results of later runs from nobody', async () => {
    const { clock, home, journal } = begin();
    home.record('cam01', '2026-10-23');
    await home.purge(clock);
    const state = JSON.parse(readFileSync(journal, 'utf8'));
    writeFileSync(journal, JSON.stringify({ ...state, unaccounted: [state.lastGood.run] }));
    damage(home);
    clock.advance(24 * 3_600_000);
    const outcome = await home.purge(clock);
    expect(outcome).toMatchObject({ kind: 'done', certificate: { days: [{ day: '2026-10-23' }] } });
    expect(home.openable().keys.size).toBe(0);
    const { run } = (outcome as { certificate: Certificate }).certificate;
    expect(home.entries().at(-1)).toMatchObject({ event: 'erase.done', facts: { run } });
    // What can never be entered is no reason for a certificate each hour.
    const certificates = () => readdirSync(join(home.storage, 'retention/certificates')).length;
    const before = certificates();
    clock.advance(3_600_000);
    await home.purge(clock);
    expect(certificates()).toBe(before);
  });
});

describe('a first start with a clock in the past', () => {
  it('loses nothing when the clock is put right before the first run ever', async () => {
    const right = createManualClock(Date.parse('2026-11-22T10:00:00+09:00') * 1000);
    const wrong = createManualClock(right.utcUs() - 200 * DAY_US);
    const before = purgeHome(wrong, { bootId: 'first' });
    homes.push(before);
    before.record('cam01', '2026-05-06');
    const home = purgeHome(right, { storage: before.storage, bootId: 'second' });
    home.record('cam01', '2026-11-22');
    const outcome = await home.purge(right);
    expect(outcome).toMatchObject({
      kind: 'done',
      certificate: { days: [], late: [{ day: '2026-05-06', seenOn: '2026-11-22' }] },
    });
    expect(home.openable().keys.has('cam01/2026-05-06/9')).toBe(true);
    right.advance(30 * 24 * 3_600_000);
    await home.purge(right);
    expect(home.openable().keys.has('cam01/2026-05-06/9')).toBe(true);
    right.advance(24 * 3_600_000);
    await home.purge(right);
    expect(home.openable().keys.size).toBe(0);
  });

  it('keeps nothing longer where there are no notes of it, as before there were any', async () => {
    const { clock, home } = begin();
    home.record('cam01', '2026-10-20');
    rmSync(join(home.storage, 'keys/clock.json'));
    expect(existsSync(join(home.storage, 'keys/clock.json'))).toBe(false);
    expect(await home.purge(clock)).toMatchObject({
      certificate: { days: [{ day: '2026-10-20' }], late: [] },
    });
  });
});
