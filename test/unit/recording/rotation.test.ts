import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_US, SECOND_US } from '../../../src/lib/clock.ts';
import { createSiteTime, parseLocalDay } from '../../../src/lib/site-time.ts';
import { filedUnder, judgeRotation, planRotation, staggerOf } from '../../../src/recording/rotation.ts';

const us = (iso: string) => Date.parse(iso) * 1000;
/** A zone and the first instant of a day in it; the American ones are 23 and 25 hours long. */
const DAYS = [
  ['Asia/Seoul', '2026-11-22'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Asia/Kathmandu', '2026-02-28'],
] as const;
const stagger = fc.double({ min: 0, max: 0.999, noNaN: true });
/** Mostly around the end of the day, where the rules are. */
const beforeEndUs = fc.oneof(
  fc.integer({ min: -2 * MINUTE_US, max: 5 * MINUTE_US }),
  fc.integer({ min: 0, max: 25 * 60 * MINUTE_US }),
);

describe.each(DAYS)('in %s on %s', (zone, date) => {
  const siteTime = createSiteTime(zone);
  const day = parseLocalDay(date);
  const endUs = siteTime.startOf(siteTime.addDays(day, 1));

  it('no fragment that ends after a day goes into a segment of that day', () => {
    const fragment = fc.record({
      durationUs: fc.integer({ min: 1, max: 10 * SECOND_US }),
      startsWithKeyFrame: fc.boolean(),
    });
    fc.assert(
      fc.property(
        beforeEndUs,
        stagger,
        fc.array(fragment, { minLength: 1, maxLength: 60 }),
        (left, at, list) => {
          let wallUs = endUs - left;
          let open:
            | { filed: ReturnType<typeof filedUnder>; plan: ReturnType<typeof planRotation> }
            | undefined;
          for (const each of list) {
            const placed = { ...each, wallUs };
            if (!open || judgeRotation(open.plan, placed) !== 'continue') {
              const filed = filedUnder(wallUs, siteTime, at);
              open = { filed, plan: planRotation(wallUs, filed.day, siteTime, at, MINUTE_US) };
            }
            const lastUs = siteTime.startOf(siteTime.addDays(open.filed.day, 1));
            expect(wallUs + each.durationUs).toBeLessThanOrEqual(lastUs);
            wallUs += each.durationUs;
          }
        },
      ),
    );
  });

  it('a segment begun in the stream’s share of the last minute belongs to the next day, at hour 0', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.integer({ min: 1, max: MINUTE_US }), (millionths, left) => {
        const at = millionths / 1e6;
        const turned = left <= MINUTE_US - millionths * 50;
        const filed = filedUnder(endUs - left, siteTime, at);
        if (turned) expect(filed).toEqual({ day: siteTime.addDays(day, 1), hour: 0 });
        else expect(filed).toEqual({ day, hour: siteTime.hourOf(endUs - left) });
      }),
    );
  });

  it('with key frames every second a segment lasts at most one and a half times its length', () => {
    fc.assert(
      fc.property(beforeEndUs, stagger, fc.integer({ min: 10, max: 300 }), (left, at, seconds) => {
        const wallUs = endUs - left;
        const filed = filedUnder(wallUs, siteTime, at);
        const plan = planRotation(wallUs, filed.day, siteTime, at, seconds * SECOND_US);
        expect(plan.softUs - wallUs).toBeGreaterThan(0);
        expect(plan.softUs - wallUs).toBeLessThanOrEqual(1.5 * seconds * SECOND_US + 1);
        expect(plan.softUs).toBeLessThanOrEqual(plan.hardUs);
      }),
    );
  });
});

describe('rotation', () => {
  it('waits for a key frame at the stream’s own moment', () => {
    const plan = { softUs: 100, hardUs: 1000 };
    const at = (wallUs: number, startsWithKeyFrame: boolean) =>
      judgeRotation(plan, { wallUs, durationUs: 10, startsWithKeyFrame });
    expect(at(99, true)).toBe('continue');
    expect(at(100, false)).toBe('continue');
    expect(at(100, true)).toBe('rotate');
  });

  it('cuts a stream without key frames at midnight and says so', () => {
    const seoul = createSiteTime('Asia/Seoul');
    const midnight = us('2026-11-22T15:00:00Z');
    const day = parseLocalDay('2026-11-22');
    const plan = planRotation(midnight - 90 * SECOND_US, day, seoul, 0.5, MINUTE_US);
    const at = (wallUs: number, startsWithKeyFrame = false) =>
      judgeRotation(plan, { wallUs, durationUs: SECOND_US, startsWithKeyFrame });
    expect(plan.hardUs).toBe(midnight);
    expect(at(midnight - SECOND_US)).toBe('continue');
    expect(at(midnight - SECOND_US + 1)).toBe('cut_without_key_frame');
    expect(at(midnight, true)).toBe('rotate');
  });

  it('spreads 26 streams over the minute, no two within a second', () => {
    const moments = Array.from({ length: 26 }, (_, ordinal) => staggerOf(ordinal) * 60).sort((a, b) => a - b);
    expect(moments.every((moment) => moment >= 0 && moment < 60)).toBe(true);
    const apart = moments.slice(1).map((moment, index) => moment - moments[index]!);
    expect(Math.min(...apart)).toBeGreaterThan(1);
  });
});
