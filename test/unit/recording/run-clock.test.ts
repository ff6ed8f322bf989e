import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND_US } from '../../../src/lib/clock.ts';
import { type Arrival, createRunClock } from '../../../src/recording/run-clock.ts';

const TIMESCALE = 90_000;
const HALF = 45_000;
const HALF_US = 500_000;
const BEGAN_US = 1_795_000_000_000_000;

/** The `index`th half second, which came `lateUs` after its last frame was taken. */
const arrival = (index: number, lateUs = 0): Arrival => ({
  mediaStart: 777 + index * HALF,
  durationTicks: HALF,
  timescale: TIMESCALE,
  receivedWallUs: BEGAN_US + (index + 1) * HALF_US + lateUs,
});

describe('the clock of a run', () => {
  it('never lets the network’s jitter become picture time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 * SECOND_US }), { minLength: 2, maxLength: 200 }),
        (late) => {
          const arrivals = late.map((lateUs, index) => arrival(index, lateUs));
          const clock = createRunClock(arrivals.slice(0, 1));
          const placed = arrivals.map(clock.place);
          for (const [index, { wallUs, durationUs }] of placed.entries()) {
            expect(durationUs).toBe(HALF_US);
            const before = placed[index - 1];
            if (before) expect(Math.abs(wallUs - before.wallUs - HALF_US)).toBeLessThanOrEqual(251);
          }
        },
      ),
    );
  });

  it('places the buffer that a camera sends first into the past', () => {
    const burst = Array.from({ length: 10 }, (_, index) => ({
      ...arrival(index),
      receivedWallUs: BEGAN_US + 10 * HALF_US,
    }));
    const clock = createRunClock(burst);
    expect(Math.abs(clock.place(burst[0]!).wallUs - BEGAN_US)).toBeLessThanOrEqual(250);
  });

  it.each([-400, 400])('follows a camera that is %i ppm fast or slow and does not leave the host', (ppm) => {
    const drifting = (index: number): Arrival => ({
      ...arrival(index),
      receivedWallUs: BEGAN_US + Math.round((index + 1) * HALF_US * (1 + ppm / 1_000_000)),
    });
    const clock = createRunClock([drifting(0)]);
    let difference = 0;
    for (let index = 0; index < 7200; index++) {
      const { wallUs } = clock.place(drifting(index));
      difference = drifting(index).receivedWallUs - HALF_US - wallUs;
    }
    // An hour would be 1.44 s apart; the window of a minute leaves at most its own drift.
    expect(Math.abs(difference)).toBeLessThan(60_000);
  });

  it('moves no faster than 500 ppm and says how far it still is from the host', () => {
    const clock = createRunClock([arrival(0)]);
    const late = (index: number) => arrival(index, index === 0 ? 0 : SECOND_US);
    let last = clock.place(late(0));
    for (let index = 1; index < 400; index++) {
      const next = clock.place(late(index));
      expect(next.wallUs - last.wallUs - HALF_US).toBeGreaterThanOrEqual(0);
      expect(next.wallUs - last.wallUs - HALF_US).toBeLessThanOrEqual(251);
      last = next;
    }
    // After the one early fragment has left the window it is a second behind, less what it has caught up.
    expect(last.hostMinusWallUs).toBeGreaterThan(850_000);
    expect(last.hostMinusWallUs).toBeLessThan(SECOND_US);
  });

  it('takes a frame’s length from the stream, whatever its arrival says', () => {
    const clock = createRunClock([arrival(0)]);
    expect(clock.place({ ...arrival(0), durationTicks: 9000 }).durationUs).toBe(100_000);
  });

  it('does not begin without a fragment', () => {
    expect(() => createRunClock([])).toThrow(RangeError);
  });
});
