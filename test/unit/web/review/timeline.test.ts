import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapAt, type Lanes, lanesOf, movementFrom } from '../../../../web/pages/review/timeline/lanes.ts';
import { barsOf } from '../../../../web/pages/review/timeline/layout.ts';
import { ticksOf } from '../../../../web/pages/review/timeline/ticks.ts';
import {
  atLevel,
  bucketSecondsOf,
  following,
  panned,
  spanOf,
  usOf,
  type View,
  xOf,
  zoomed,
} from '../../../../web/pages/review/timeline/view.ts';

const HOUR = 3_600_000_000;
const DAY = 24 * HOUR;
const bounds: View = { fromUs: 0, toUs: 31 * DAY };
const view: View = { fromUs: 10 * DAY, toUs: 11 * DAY };

describe('the line of time', () => {
  it('stays within its bounds and keeps what is under the pointer, however it is zoomed and moved', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
        ),
        (moves) => {
          let now = view;
          for (const [factor, share] of moves) {
            const around = now.fromUs + share * spanOf(now);
            const x = xOf(now, 1000, around);
            const next = zoomed(now, factor, around, bounds);
            if (next.fromUs > bounds.fromUs && next.toUs < bounds.toUs)
              expect(xOf(next, 1000, around)).toBeCloseTo(x, 3);
            now = panned(next, (factor - 1) * HOUR, bounds);
            expect(now.fromUs).toBeGreaterThanOrEqual(bounds.fromUs - 1);
            expect(now.toUs).toBeLessThanOrEqual(bounds.toUs + 1);
            expect(spanOf(now)).toBeGreaterThanOrEqual(9_999_999);
          }
        },
      ),
    );
  });

  it('goes from thirty days to a minute around an instant', () => {
    expect(spanOf(atLevel('month', 11 * DAY, bounds))).toBe(31 * DAY);
    const minute = atLevel('minute', 11 * DAY, bounds);
    expect(minute).toEqual({ fromUs: 11 * DAY - 30_000_000, toUs: 11 * DAY + 30_000_000 });
    expect(usOf(minute, 600, 300)).toBe(11 * DAY);
  });

  it('follows the playhead by pages, and stays while it is in sight', () => {
    expect(following(view, 10.5 * DAY, bounds)).toBe(view);
    expect(following(view, 11 * DAY, bounds).fromUs).toBeCloseTo(10.9 * DAY, -3);
  });

  it('asks for buckets that the server gives: no more than ten thousand, and a second at least', () => {
    for (const span of [10e6, HOUR, DAY, 6 * DAY]) {
      const bucket = bucketSecondsOf({ fromUs: 0, toUs: span });
      expect(bucket).toBeGreaterThanOrEqual(1);
      expect((span * 3) / (bucket * 1e6)).toBeLessThan(10_000);
    }
  });

  it('writes times that are round at the site, and the day where it begins', () => {
    const seoul = 9 * HOUR;
    const ticks = ticksOf({ fromUs: 10 * DAY, toUs: 11 * DAY }, 1200, seoul);
    expect(ticks.length).toBeGreaterThan(4);
    expect(ticks.filter(({ says }) => says === 'day').map(({ us }) => us)).toEqual([11 * DAY - seoul]);
    for (const [at, tick] of ticks.entries())
      if (at > 0) expect(tick.x - (ticks[at - 1]?.x ?? 0)).toBeGreaterThanOrEqual(89);
    expect(
      ticksOf({ fromUs: 0, toUs: 60e6 }, 900, seoul).every(
        ({ says, us }) => says !== 'minutes' || us % 60e6 === 0,
      ),
    ).toBe(true);
  });
});

const lanes: Lanes = lanesOf({
  from: '1970-01-01T00:00:00.000Z',
  to: '1970-01-01T00:10:00.000Z',
  bucketSeconds: 60,
  lanes: [
    {
      camera: 'cam01',
      stream: 'main',
      recorded: [{ from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:05:00.000Z' }],
      gaps: [{ from: '1970-01-01T00:05:00.000Z', to: '1970-01-01T00:06:00.000Z', cause: 'network' }],
      activity: btoa(String.fromCharCode(0, 0, 200, 255, 0, 0, 0, 90, 90, 0)),
    },
    { camera: 'cam02', stream: 'main', recorded: [], gaps: [] },
  ],
});

describe('what lies along it', () => {
  it('finds the gap of an instant with its cause', () => {
    expect(gapAt(lanes.lanes[0], 5.5 * 60e6)?.cause).toBe('network');
    expect(gapAt(lanes.lanes[0], 6 * 60e6)).toBeUndefined();
    expect(gapAt(lanes.lanes[1], 5.5 * 60e6)).toBeUndefined();
  });

  it('goes from movement to movement, both ways, and says where there is none', () => {
    const minute = (us: number | undefined) => us && us / 60e6;
    expect(minute(movementFrom(lanes, 0, 1))).toBe(2);
    expect(minute(movementFrom(lanes, 2 * 60e6, 1))).toBe(7);
    expect(movementFrom(lanes, 7 * 60e6, 1)).toBeUndefined();
    expect(minute(movementFrom(lanes, 9 * 60e6, -1))).toBe(7);
    expect(minute(movementFrom(lanes, 7 * 60e6, -1))).toBe(2);
    expect(movementFrom(lanes, 2 * 60e6, -1)).toBeUndefined();
  });

  it('draws what is in sight, within the width, and the highest movement where buckets are narrower than pixels', () => {
    const [lane] = lanes.lanes;
    if (!lane) throw new Error('no lane');
    const bars = barsOf(lane, lanes, { fromUs: 60e6, toUs: 5.5 * 60e6 }, 450);
    expect(bars.filter(({ is }) => is === 'recorded')).toEqual([
      { x: 0, width: 400, height: 0.22, is: 'recorded' },
    ]);
    expect(bars.filter(({ is }) => is === 'gap')).toEqual([{ x: 400, width: 50, height: 1, is: 'gap' }]);
    expect(bars.filter(({ is }) => is === 'moving')).toHaveLength(2);
    const narrow = barsOf(lane, lanes, { fromUs: 0, toUs: DAY }, 100).filter(({ is }) => is === 'moving');
    expect(narrow).toHaveLength(1);
    expect(narrow[0]?.height).toBe(1);
  });
});
