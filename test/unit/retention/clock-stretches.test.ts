import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../../src/lib/clock.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import {
  createStretchNotes,
  doubtfulFrom,
  readStretches,
  type Stretch,
  sighted,
} from '../../../src/retention/clock-stretches.ts';
import { type LastLook, lateComers, lookOf } from '../../../src/retention/late-comers.ts';
import { type CameraDayFound, dueUs, planErasing } from '../../../src/retention/plan.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const siteTime = createSiteTime('Asia/Seoul');
const START_US = Date.parse('2026-11-22T03:00:00Z') * 1000;
const RETENTION_DAYS = 30;
const KEY_DAYS_AHEAD = 3;

interface Phase {
  readonly reboots: boolean;
  /** How far the wall clock is behind, µs. */
  readonly behindUs: number;
  readonly hours: number;
}

/** One camera of a site whose clock may be wrong, and the purge that looks at what it leaves. */
function siteOf() {
  let [realUs, bootUs, behindUs] = [START_US, START_US, 0];
  let boots = 0;
  let stretches: readonly Stretch[] = [];
  let looked: LastLook | undefined;
  /** By the day it is filed under: the last instant at which footage came, undefined for keys alone. */
  const days = new Map<LocalDay, number | undefined>();
  const now = () => realUs - behindUs;
  const boot = () => ({ id: `boot ${boots}`, uptimeUs: realUs - bootUs });
  const record = () => {
    const today = siteTime.dayOf(now());
    stretches = sighted(stretches, { boot: boot(), utcUs: now(), today, synchronised: undefined });
    for (let ahead = 0; ahead <= KEY_DAYS_AHEAD; ahead++) {
      const day = siteTime.addDays(today, ahead);
      if (!days.has(day)) days.set(day, undefined);
    }
    days.set(today, realUs);
  };
  return {
    phase(phase: Phase, everyHours = 1) {
      behindUs = phase.behindUs;
      if (phase.reboots) {
        boots += 1;
        bootUs = realUs;
      }
      for (let hour = 0; hour < phase.hours; hour += everyHours) {
        record();
        realUs += everyHours * HOUR_US;
      }
    },
    /** A run with a clock that is right, and known to be. @returns what it erased, and what it kept as late */
    purge() {
      const found: CameraDayFound[] = [...days.keys()].map((day) => ({
        camera: 'cam01',
        day,
        hours: [1],
        files: 1,
        bytes: 1,
        listed: false,
      }));
      const doubt = doubtfulFrom(stretches, looked?.upTo, { boot: boot(), utcUs: now() });
      const today = siteTime.dayOf(now());
      const late = lateComers(looked, found, today, doubt);
      looked = lookOf(found, late, today, stretches.at(-1)?.id);
      const plan = planErasing({
        nowUs: now(),
        siteTime,
        retentionDays: RETENTION_DAYS,
        found,
        late,
        deferrals: [],
      });
      const erased = plan.erase.map(({ day }) => ({ day, recordedUs: days.get(day) }));
      for (const { day } of erased) days.delete(day);
      return { atUs: realUs, erased, late };
    },
    days,
  };
}

const behind = fc.oneof(
  fc.integer({ min: 0, max: 90 * 24 }).map((hours) => hours * HOUR_US),
  // Less than a minute is what a clock may be off.
  fc.integer({ min: 2, max: 5 * 24 * 60 }).map((minutes) => (minutes * HOUR_US) / 60),
);
const phase = fc.record({ reboots: fc.boolean(), behindUs: behind, hours: fc.integer({ min: 1, max: 80 }) });

describe('a clock that was behind at the first start', () => {
  it('costs no footage a day of its time once it is put right, however often it was wrong and whenever the purge began', () => {
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 5 }), phase, (wrong, right) => {
        const site = siteOf();
        for (const each of wrong) site.phase(each);
        site.phase({ ...right, behindUs: 0 });
        for (let day = 0; day < 75; day++) {
          const { atUs, erased } = site.purge();
          for (const { day: name, recordedUs } of erased) {
            if (recordedUs === undefined) continue;
            const mayGoUs = dueUs(siteTime.dayOf(recordedUs), RETENTION_DAYS, siteTime);
            expect(atUs, name).toBeGreaterThanOrEqual(mayGoUs);
          }
          site.phase({ reboots: false, behindUs: 0, hours: 24 }, 6);
        }
        // And nothing is kept for ever: what is left is of the last thirty days, as it says.
        const oldest = [...site.days.keys()].sort()[0];
        expect(oldest && oldest >= siteTime.addDays(siteTime.dayOf(START_US), 40)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('is no reason to keep anything longer where it was right, whoever knew it, and the purge began late', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 * 24 }), (hours) => {
        const site = siteOf();
        site.phase({ reboots: true, behindUs: 0, hours });
        for (let day = 0; day < 40; day++) {
          const { atUs, late } = site.purge();
          expect(late).toEqual([]);
          for (const day of site.days.keys())
            expect(dueUs(day, RETENTION_DAYS, siteTime)).toBeGreaterThan(atUs);
          site.phase({ reboots: false, behindUs: 0, hours: 24 }, 6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is told from one that was set back later, between two looks', () => {
    const site = siteOf();
    site.phase({ reboots: true, behindUs: 0, hours: 24 });
    site.purge();
    // The battery is empty: twenty days back, but after the last look; nobody looks before it is right again.
    site.phase({ reboots: false, behindUs: 0, hours: 20 * 24 });
    site.phase({ reboots: true, behindUs: 19 * DAY_US, hours: 5 });
    site.phase({ reboots: true, behindUs: 0, hours: 1 });
    const { late } = site.purge();
    expect(late.length).toBeGreaterThan(0);
    expect(late.every(({ seenOn }) => seenOn >= siteTime.dayOf(START_US + 20 * DAY_US))).toBe(true);
  });
});

describe('stretches of a clock', () => {
  const today = '2026-11-22' as LocalDay;
  const at = (id: string, uptimeUs: number, utcUs: number, synchronised?: boolean) => ({
    boot: { id, uptimeUs },
    utcUs,
    today: siteTime.dayOf(utcUs),
    synchronised,
  });

  it('end with a boot or a step, and with nothing else', () => {
    const one = sighted([], at('a', 0, START_US));
    expect(one).toHaveLength(1);
    expect(sighted(one, at('a', 30 * DAY_US, START_US + 30 * DAY_US + 40_000_000))).toBe(one);
    expect(sighted(one, at('a', HOUR_US, START_US))).toHaveLength(2);
    expect(sighted(one, at('b', HOUR_US, START_US + HOUR_US))).toHaveLength(2);
  });

  it('count as right with a time server, but not by a flag that is older than the step', () => {
    const one = sighted([], at('a', 0, START_US, true));
    expect(doubtfulFrom(one, undefined, { boot: { id: 'b', uptimeUs: 0 }, utcUs: START_US })).toBeUndefined();
    const two = sighted(one, at('a', HOUR_US, START_US - 40 * DAY_US, true));
    expect(two.map(({ synchronised }) => synchronised)).toEqual([true, false]);
    expect(doubtfulFrom(two, undefined, { boot: undefined, utcUs: START_US })).toBe('2026-10-13');
    // One that came to follow a time server while it lasted.
    const later = sighted(sighted([], at('c', 0, START_US)), at('c', HOUR_US, START_US + HOUR_US, true));
    expect(later.map(({ synchronised }) => synchronised)).toEqual([true]);
  });

  it('stay bounded: the oldest are taken together, and their doubt stays', () => {
    let known: readonly Stretch[] = sighted([], at('first', 0, START_US - 400 * DAY_US));
    for (let boot = 0; boot < 200; boot++)
      known = sighted(known, at(`b${boot}`, 0, START_US + boot * HOUR_US));
    expect(known).toHaveLength(64);
    expect(doubtfulFrom(known, undefined, { boot: undefined, utcUs: START_US })).toBe('2025-10-18');
    expect(doubtfulFrom(known, known.at(-1)?.id, { boot: undefined, utcUs: START_US })).toBeUndefined();
    expect(doubtfulFrom('damaged', undefined, { boot: undefined, utcUs: START_US })).toBe('0000-01-01');
  });

  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('are on the disk before the caller goes on, and a disk that refuses is told and stops nobody', () => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-stretch-'));
    folders.push(folder);
    const path = join(folder, 'keys', 'clock.json');
    const clock = createManualClock(START_US);
    const failed: string[] = [];
    const notes = (where: string) =>
      createStretchNotes({
        path: where,
        clock,
        siteTime,
        boot: () => ({ id: 'a', uptimeUs: clock.monoUs() }),
        synchronised: () => undefined,
        failed: (code) => failed.push(code),
      });
    expect(readStretches(path)).toEqual([]);
    const note = notes(path);
    note();
    clock.setWall(-3 * DAY_US);
    note();
    const read = readStretches(path);
    expect(read === 'damaged' ? read : read.map(({ fromDay }) => fromDay)).toEqual([today, '2026-11-19']);
    notes(path)();
    expect(readStretches(path)).toEqual(read);
    writeFileSync(path, '{');
    expect(readStretches(path)).toBe('damaged');
    notes(path)();
    expect(readStretches(path)).toHaveLength(1);
    writeFileSync(join(folder, 'in-the-way'), '');
    notes(join(folder, 'in-the-way', 'clock.json'))();
    expect(failed).toEqual(['ENOTDIR']);
  });
});
