import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GAP_CAUSES } from '../../../src/catalogue/causes.ts';
import { totalsOf } from '../../../src/catalogue/coverage-totals.ts';
import { className, divide, type GapSpan, type RecordedSpan } from '../../../src/catalogue/stretches.ts';

const S = 1_000_000;
const span = fc.record({
  startUs: fc.integer({ min: -20 * S, max: 120 * S }),
  durationUs: fc.integer({ min: 0, max: 30 * S }),
  run: fc.integer({ min: 1, max: 3 }),
});
const gap: fc.Arbitrary<GapSpan> = fc
  .record({
    fromUs: fc.integer({ min: -20 * S, max: 120 * S }),
    lengthUs: fc.option(fc.integer({ min: 1, max: 50 * S })),
    cause: fc.constantFrom(...GAP_CAUSES),
  })
  .map(({ fromUs, lengthUs, cause }) => ({
    fromUs,
    toUs: lengthUs === null ? null : fromUs + lengthUs,
    cause,
  }));
const world = fc.record({
  recorded: fc.array(span).map((list) => list.sort((a, b) => a.startUs - b.startUs)),
  gaps: fc.array(gap).map((list) => list.sort((a, b) => a.fromUs - b.fromUs)),
  fromUs: fc.integer({ min: -10 * S, max: 60 * S }),
  lengthUs: fc.integer({ min: 0, max: 90 * S }),
});

const holds = (spans: readonly RecordedSpan[], t: number) =>
  spans.some(({ startUs, durationUs }) => t >= startUs && t < startUs + durationUs);

describe('coverage', () => {
  it('divides every range into stretches that touch and never overlap', () => {
    fc.assert(
      fc.property(world, ({ recorded, gaps, fromUs, lengthUs }) => {
        const toUs = fromUs + lengthUs;
        const stretches = divide(fromUs, toUs, recorded, gaps);
        let at = fromUs;
        let before = '';
        for (const stretch of stretches) {
          expect(stretch.fromUs).toBe(at);
          expect(stretch.toUs).toBeGreaterThan(at);
          expect(className(stretch.is)).not.toBe(before);
          at = stretch.toUs;
          before = className(stretch.is);
        }
        expect(at).toBe(toUs);
      }),
      { numRuns: 300 },
    );
  });

  it('calls a moment recorded exactly when footage holds it, seams inside a run apart', () => {
    fc.assert(
      fc.property(world, fc.nat(), ({ recorded, gaps, fromUs, lengthUs }, pick) => {
        fc.pre(lengthUs > 0);
        const t = fromUs + (pick % lengthUs);
        const apart = recorded.map((one, run) => ({ ...one, run }));
        const at = divide(fromUs, fromUs + lengthUs, apart, gaps).find((s) => t >= s.fromUs && t < s.toUs);
        expect(at?.is === 'recorded').toBe(holds(apart, t));
        if (!holds(apart, t)) {
          const cause = gaps.findLast((g) => t >= g.fromUs && (g.toUs === null || t < g.toUs))?.cause;
          expect(at?.is).toEqual(cause === undefined ? 'unknown' : { gap: cause });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('counts every second exactly once and every microsecond exactly once', () => {
    fc.assert(
      fc.property(world, ({ recorded, gaps, fromUs, lengthUs }) => {
        const { durationUs, seconds } = totalsOf(divide(fromUs, fromUs + lengthUs, recorded, gaps));
        const sum = (values: typeof seconds) =>
          values.recorded + values.unknown + Object.values(values.gap).reduce((a, b) => a + b, 0);
        expect(sum(durationUs)).toBe(lengthUs);
        expect(sum(seconds)).toBe(Math.ceil(lengthUs / S));
      }),
      { numRuns: 300 },
    );
  });

  it('joins segments of one run over a seam of half a second, but not two runs and not a longer hole', () => {
    const first = { startUs: 0, durationUs: 10 * S, run: 1 };
    const classes = (startUs: number, run: number) =>
      divide(0, 20 * S, [first, { startUs, durationUs: 20 * S - startUs, run }], []).map((s) => s.is);
    expect(classes(10.5 * S, 1)).toEqual(['recorded']);
    expect(classes(10.5 * S, 2)).toEqual(['recorded', 'unknown', 'recorded']);
    expect(classes(10.5 * S + 1, 1)).toEqual(['recorded', 'unknown', 'recorded']);
  });

  it('believes the later of two gaps and footage before both', () => {
    const stretches = divide(
      0,
      10 * S,
      [{ startUs: 6 * S, durationUs: S, run: 1 }],
      [
        { fromUs: 0, toUs: null, cause: 'network' },
        { fromUs: 2 * S, toUs: 4 * S, cause: 'disk' },
      ],
    );
    expect(stretches.map((s) => `${s.fromUs / S}-${s.toUs / S} ${className(s.is)}`)).toEqual([
      '0-2 gap:network',
      '2-4 gap:disk',
      '4-6 gap:network',
      '6-7 recorded',
      '7-10 gap:network',
    ]);
  });

  it('gives a second to the class that fills most of it', () => {
    const stretches = divide(0, 3 * S, [{ startUs: 0, durationUs: 1.6 * S, run: 1 }], []);
    expect(totalsOf(stretches).seconds).toEqual({ recorded: 2, unknown: 1, gap: {} });
  });
});
