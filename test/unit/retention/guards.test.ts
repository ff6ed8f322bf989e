import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../../src/lib/clock.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { brake } from '../../../src/retention/brake.ts';
import { type ClockEvidence, judgeClock } from '../../../src/retention/clock-guard.ts';
import { lateComers, lookOf } from '../../../src/retention/late-comers.ts';
import type { CameraDayFound, Plan } from '../../../src/retention/plan.ts';

describe('the clock guard', () => {
  const NOW_US = Date.parse('2026-11-22T00:00:00Z') * 1000;
  const evidence = (more: Partial<ClockEvidence> = {}): ClockEvidence => ({
    nowUs: NOW_US,
    boot: { id: 'a', uptimeUs: 100_000_000 },
    synchronised: undefined,
    cameraOffsetsMs: [],
    vouched: undefined,
    witness: undefined,
    confirmedByOfficer: false,
    ...more,
  });
  const vouched = { boot: 'a', uptimeUs: 40_000_000, utcUs: NOW_US - 60_000_000 };

  it('trusts no clock that nothing vouches for', () => {
    expect(judgeClock(evidence())).toEqual({ trusted: false });
    expect(judgeClock(evidence({ synchronised: false }))).toEqual({ trusted: false });
  });

  it('takes one source that agrees: a time server, three cameras, an officer', () => {
    expect(judgeClock(evidence({ synchronised: true }))).toEqual({ trusted: true, by: 'time_server' });
    const offsets = { cameraOffsetsMs: [-900, 200, 4_000_000] };
    expect(judgeClock(evidence(offsets))).toEqual({ trusted: true, by: 'cameras' });
    expect(judgeClock(evidence({ confirmedByOfficer: true }))).toEqual({ trusted: true, by: 'officer' });
  });

  it('does not take two cameras, nor three whose median is far off', () => {
    expect(judgeClock(evidence({ cameraOffsetsMs: [0, 0] }))).toEqual({ trusted: false });
    expect(judgeClock(evidence({ cameraOffsetsMs: [0, 400_000, 400_000] }))).toEqual({ trusted: false });
    expect(judgeClock(evidence({ cameraOffsetsMs: [0, 0, 700_000, 700_000] }))).toEqual({ trusted: false });
  });

  it('goes on trusting a clock that nobody has set since, within the same boot', () => {
    expect(judgeClock(evidence({ vouched }))).toEqual({ trusted: true, by: 'steady' });
    expect(judgeClock(evidence({ vouched, boot: { id: 'b', uptimeUs: 100_000_000 } })).trusted).toBe(false);
    expect(judgeClock(evidence({ vouched, boot: undefined })).trusted).toBe(false);
    for (const jumpUs of [-120_000_000, 120_000_000])
      for (const source of [{}, { synchronised: true }, { cameraOffsetsMs: [0, 0, 0] }]) {
        // A time server's flag and the cameras' answers may be from before the jump.
        const jumped = evidence({ vouched, nowUs: NOW_US + jumpUs, ...source });
        expect(judgeClock(jumped)).toEqual({ trusted: false });
        expect(judgeClock({ ...jumped, confirmedByOfficer: true })).toEqual({ trusted: true, by: 'officer' });
      }
  });
});

describe('the witness’s time', () => {
  const NOW_US = Date.parse('2026-11-22T00:00:00Z') * 1000;
  const boot = { id: 'a', uptimeUs: 7_200_000_000 };
  const base: ClockEvidence = {
    nowUs: NOW_US,
    boot,
    synchronised: undefined,
    cameraOffsetsMs: [],
    vouched: undefined,
    // Its signature is an hour old.
    witness: { boot: 'a', uptimeUs: 3_600_000_000, utcUs: NOW_US - 3_600_000_000 },
    confirmedByOfficer: false,
  };

  it('vouches for a clock that agrees with it and the uptime since, also after a jump that was put right', () => {
    expect(judgeClock(base)).toEqual({ trusted: true, by: 'witness' });
    const vouched = { boot: 'a', uptimeUs: 7_000_000_000, utcUs: NOW_US - DAY_US };
    expect(judgeClock({ ...base, vouched })).toEqual({ trusted: true, by: 'witness' });
  });

  it('vouches for no other clock, no other boot, and not for ever', () => {
    for (const offUs of [-301_000_000, 301_000_000, DAY_US, 40 * DAY_US])
      expect(judgeClock({ ...base, nowUs: NOW_US + offUs })).toEqual({ trusted: false });
    expect(judgeClock({ ...base, boot: { id: 'b', uptimeUs: 7_200_000_000 } })).toEqual({ trusted: false });
    expect(judgeClock({ ...base, boot: undefined })).toEqual({ trusted: false });
    const later = { nowUs: NOW_US + DAY_US, boot: { id: 'a', uptimeUs: boot.uptimeUs + DAY_US } };
    expect(judgeClock({ ...base, ...later })).toEqual({ trusted: false });
    // What it said later than now in this boot is nothing it can have said.
    expect(judgeClock({ ...base, boot: { id: 'a', uptimeUs: 60_000_000 } })).toEqual({ trusted: false });
  });
});

describe('the bulk brake', () => {
  const planOf = (days: number, hours = [1]): Plan => ({
    atUs: 0,
    retentionDays: 30,
    deferred: [],
    late: [],
    erase: Array.from({ length: days }, (_, i) => ({
      camera: 'cam01',
      day: `2026-10-${String(i + 1).padStart(2, '0')}` as LocalDay,
      dueUs: i * DAY_US,
      hours,
      files: 1,
      bytes: 1,
      removesFiles: true,
      reason: 'expired' as const,
    })),
  });
  const today = '2026-11-22' as LocalDay;

  it('lets the first run ever and the run after an outage pass', () => {
    expect(brake(planOf(20), today, undefined)).toBeUndefined();
    expect(brake(planOf(20), today, '2026-11-02' as LocalDay)).toBeUndefined();
  });

  it('asks when more days are due than have passed, and one', () => {
    expect(brake(planOf(2), today, '2026-11-21' as LocalDay)).toBeUndefined();
    expect(brake(planOf(3), today, '2026-11-21' as LocalDay)).toEqual({ days: 3, expected: 2 });
    expect(brake(planOf(2), today, today)).toEqual({ days: 2, expected: 1 });
    expect(brake(planOf(2), today, '2026-12-24' as LocalDay)).toEqual({ days: 2, expected: 1 });
  });

  it('does not count what is only left over', () => {
    expect(brake(planOf(9, []), today, today)).toBeUndefined();
  });

  it('counts late-comers by when they are due: after an outage with a flat battery several days are due at once', () => {
    const { erase, ...plan } = planOf(4);
    const atOnce = { ...plan, erase: erase.map((each) => ({ ...each, dueUs: 0 })) };
    expect(brake(atOnce, today, '2026-11-21' as LocalDay)).toBeUndefined();
    expect(brake(atOnce, today, today)).toBeUndefined();
  });
});

describe('late-comers', () => {
  const found = (day: string, hours = [1]): CameraDayFound => ({
    camera: 'cam01',
    day: day as LocalDay,
    hours,
    files: 1,
    bytes: 1,
    listed: true,
  });
  const monday = '2026-11-16' as LocalDay;
  const tuesday = '2026-11-17' as LocalDay;

  it('are days that appear after they were over', () => {
    const look = lookOf([found('2026-11-15'), found(monday)], [], monday);
    expect(lateComers(look, [found('2026-11-15'), found(monday), found(tuesday)], tuesday)).toEqual([]);
    const late = lateComers(look, [found('1970-01-01')], tuesday);
    expect(late).toEqual([{ camera: 'cam01', day: '1970-01-01', seenOn: tuesday }]);
    // And stay so until they are gone.
    const next = lookOf([found('1970-01-01')], late, tuesday);
    expect(lateComers(next, [found('1970-01-01')], '2026-11-18' as LocalDay)).toEqual(late);
    expect(lateComers(next, [], '2026-11-18' as LocalDay)).toEqual([]);
  });

  it('are nothing without keys, and nobody knows them at the first look', () => {
    expect(lateComers(undefined, [found('1970-01-01')], monday)).toEqual([]);
    expect(lateComers(lookOf([], [], monday), [found('1970-01-01', [])], tuesday)).toEqual([]);
  });
});
