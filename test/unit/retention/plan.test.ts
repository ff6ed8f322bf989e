import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US, HOUR_US } from '../../../src/lib/clock.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import {
  type CameraDayFound,
  type Deferral,
  dueUs,
  type PlanInput,
  planErasing,
} from '../../../src/retention/plan.ts';

/** A quarter-hour zone, the date line's two sides, days of 23 and 25 hours, a half-hour change, a skipped day. */
const ZONES = [
  'Asia/Seoul',
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'America/Sao_Paulo',
];
const START_US = Date.UTC(2024, 0, 1) * 1000;
const SPAN_DAYS = 1200;
/** Every day of it begins and ends here, a leap day and all changes of the clocks among them. */
const anyDay = fc
  .integer({ min: 0, max: SPAN_DAYS })
  .map((n) => new Date(START_US / 1000 + n * 86_400_000).toISOString().slice(0, 10) as LocalDay);
const anyHours = fc.uniqueArray(fc.integer({ min: 0, max: 24 }));
const anyFound = fc.record({
  camera: fc.constantFrom('cam01', 'cam02', 'removed-long-ago'),
  day: anyDay,
  hours: anyHours,
  files: fc.integer({ min: 0, max: 2000 }),
  bytes: fc.nat(),
  listed: fc.boolean(),
});
const anyInput = fc.record({
  zone: fc.constantFrom(...ZONES),
  retentionDays: fc.integer({ min: 1, max: 400 }),
  found: fc.uniqueArray(anyFound, { selector: ({ camera, day }) => `${camera}/${day}`, maxLength: 30 }),
  nowUs: fc.integer({ min: 0, max: (SPAN_DAYS + 500) * 24 * 3600 }).map((s) => START_US + s * 1_000_000),
});

const found = (more: Partial<CameraDayFound> = {}): CameraDayFound => ({
  camera: 'cam01',
  day: '2026-10-01' as LocalDay,
  hours: Array.from({ length: 24 }, (_, hour) => hour),
  files: 10,
  bytes: 1000,
  listed: true,
  ...more,
});
const seoul = createSiteTime('Asia/Seoul');
const at = (iso: string) => Date.parse(iso) * 1000;
const plan = (more: Partial<PlanInput>) =>
  planErasing({
    nowUs: at('2026-11-01T00:00:00+09:00'),
    siteTime: seoul,
    retentionDays: 30,
    found: [found()],
    late: [],
    deferrals: [],
    ...more,
  });

describe('the plan', () => {
  it('erases a day at the first instant of the day after thirty full ones, and not a microsecond before', () => {
    const midnightUs = at('2026-11-01T00:00:00+09:00');
    expect(plan({ nowUs: midnightUs - 1 }).erase).toEqual([]);
    expect(plan({ nowUs: midnightUs }).erase).toMatchObject([
      { day: '2026-10-01', dueUs: midnightUs, reason: 'expired', removesFiles: true },
    ]);
  });

  it('is never early and never late, in every time zone and on days of every length', () => {
    fc.assert(
      fc.property(anyInput, ({ zone, ...input }) => {
        const siteTime = createSiteTime(zone);
        const { erase } = planErasing({ ...input, siteTime, late: [], deferrals: [] });
        const doomed = new Set(erase.map(({ camera, day }) => `${camera}/${day}`));
        for (const { camera, day, hours, files, listed } of input.found) {
          // Said again in another way: so many whole local days lie between the end of D and now.
          let keptDays = 0;
          let next = siteTime.addDays(day, 1);
          while (
            keptDays <= input.retentionDays &&
            siteTime.startOf(siteTime.addDays(next, 1)) <= input.nowUs
          ) {
            keptDays += 1;
            next = siteTime.addDays(next, 1);
          }
          const isDue = keptDays >= input.retentionDays;
          const isThere = hours.length > 0 || files > 0 || listed;
          expect(doomed.has(`${camera}/${day}`), `${zone} ${day}`).toBe(isDue && isThere);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes with the clock: a later one erases all that an earlier one does', () => {
    fc.assert(
      fc.property(anyInput, fc.nat({ max: 100 }), ({ zone, ...input }, days) => {
        const siteTime = createSiteTime(zone);
        const idsAt = (nowUs: number) =>
          planErasing({ ...input, nowUs, siteTime, late: [], deferrals: [] }).erase.map(
            ({ camera, day }) => `${camera}/${day}`,
          );
        const later = new Set(idsAt(input.nowUs + days * DAY_US));
        for (const id of idsAt(input.nowUs)) expect(later.has(id)).toBe(true);
      }),
    );
  });

  it('treats a camera that nobody configures any more like every other', () => {
    const ids = plan({ found: [found(), found({ camera: 'gone' })] }).erase.map(({ camera }) => camera);
    expect(ids).toEqual(['cam01', 'gone']);
  });

  it('removes files whose keys went before, and rows whose files did', () => {
    expect(plan({ found: [found({ hours: [] })] }).erase).toMatchObject([{ reason: 'left_over', hours: [] }]);
    expect(plan({ found: [found({ hours: [], files: 0 })] }).erase).toHaveLength(1);
    expect(plan({ found: [found({ hours: [], files: 0, listed: false })] }).erase).toEqual([]);
  });

  it('keeps what was recorded later than its name says, counted from when it was first seen', () => {
    const late = [{ camera: 'cam01', day: '2026-10-01' as LocalDay, seenOn: '2026-10-31' as LocalDay }];
    const young = plan({ late });
    expect(young.erase).toEqual([]);
    expect(young.late).toEqual([{ ...late[0], dueUs: at('2026-12-01T00:00:00+09:00') }]);
    expect(plan({ late, nowUs: at('2026-12-01T00:00:00+09:00') }).erase).toHaveLength(1);
    // Nothing in it opens any more: then its name is enough.
    expect(plan({ late, found: [found({ hours: [] })] }).erase).toHaveLength(1);
  });

  const deferral = (more: Partial<Deferral> = {}): Deferral => ({
    hold: 'h1',
    camera: 'cam01',
    day: '2026-10-01' as LocalDay,
    hours: [9, 10],
    untilUs: at('2026-11-01T00:20:00+09:00'),
    ...more,
  });

  it('puts off only the keys that a copying hold touches, and the files with them', () => {
    const { erase, deferred } = plan({ deferrals: [deferral()] });
    expect(erase).toMatchObject([{ removesFiles: false }]);
    expect(erase[0]?.hours).toHaveLength(22);
    expect(erase[0]?.hours).not.toContain(9);
    expect(deferred).toMatchObject([{ hold: 'h1', hours: [9, 10] }]);
  });

  it('puts nothing off for more than an hour, whatever a hold asks', () => {
    const dueAtUs = dueUs('2026-10-01' as LocalDay, 30, seoul);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3 * DAY_US }),
        fc.integer({ min: 0, max: 100 * DAY_US }),
        anyHours,
        (lateUs, moreUs, hours) => {
          const nowUs = dueAtUs + lateUs;
          const { erase, deferred } = plan({
            nowUs,
            deferrals: [deferral({ hours, untilUs: nowUs + moreUs })],
          });
          const erased = erase.flatMap((each) => each.hours);
          const kept = new Set(deferred.flatMap((each) => each.hours));
          // Every hour is exactly one of the two: nothing held is lost, nothing else is kept.
          expect([...erased, ...kept].sort((a, b) => a - b)).toEqual(found().hours);
          if (lateUs >= HOUR_US) expect(kept.size).toBe(0);
          else if (moreUs > 0) expect(kept).toEqual(new Set(hours.filter((hour) => hour < 24)));
        },
      ),
    );
  });
});
