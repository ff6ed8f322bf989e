import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamClock } from '../../../src/rtp/stream-clock.ts';

const RATE = 90_000;
const MS = 90;

/** A camera's pictures on their way to us: what it stamps, and when it comes here. */
function camera({ fps = 25, reorder = 0 as number | undefined, first = 1_234_567 } = {}) {
  const clock = createStreamClock(RATE);
  clock.reorder(reorder);
  let rtp = first;
  let monoUs = 5_000_000_000;
  const shown: number[] = [];
  const step = RATE / fps;
  const self = {
    clock,
    shown,
    /** One more picture: made so much later, here so much later. */
    picture(laterTicks = step, waitedMs = 1000 / fps) {
      if (shown.length > 0) {
        rtp += laterTicks;
        monoUs += waitedMs * 1000;
      }
      shown.push(clock.next(((rtp % 2 ** 32) + 2 ** 32) % 2 ** 32, Math.round(monoUs)));
    },
    pictures(count: number) {
      for (let i = 0; i < count; i++) self.picture();
    },
    /** Ticks between the last two pictures. */
    get lastStep() {
      return shown.at(-1)! - shown.at(-2)!;
    },
    get steps() {
      return shown.slice(1).map((ticks, index) => ticks - shown[index]!);
    },
  };
  return self;
}

describe('a stream’s clock', () => {
  it('begins at 0 and follows the stream over the turn of its 32 bits', () => {
    const one = camera({ first: 2 ** 32 - 5 * 3600 });
    one.pictures(20);
    expect(one.shown).toEqual(Array.from({ length: 20 }, (_, i) => i * 3600));
    expect(one.clock.jumps).toBe(0);
    expect(one.clock.usualTicks).toBe(3600);
  });

  it.each([
    ['0.4 s forward, as SNTP does', 400 * MS],
    ['0.4 s back', -400 * MS],
    ['3 s forward', 3000 * MS],
    ['3 s back', -3000 * MS],
    ['an hour forward', 3_600_000 * MS],
    ['9 hours forward', 9 * 3_600_000 * MS],
    ['9 hours back', -9 * 3_600_000 * MS],
    ['40 years back', -40 * 365 * 86_400_000 * MS],
  ])('that jumps %s leaves no hole', (_, jumpTicks) => {
    const one = camera();
    one.pictures(100);
    one.picture(3600 + jumpTicks, 40);
    one.pictures(100);
    expect(new Set(one.steps)).toEqual(new Set([3600]));
    expect(one.clock.jumps).toBe(1);
  });

  it('that jumps in a pause keeps the pause', () => {
    const one = camera();
    one.pictures(100);
    one.picture(-7_000_000, 3000);
    expect(one.lastStep).toBe(3000 * MS);
    one.pictures(10);
    expect(one.lastStep).toBe(3600);
    expect(one.clock.jumps).toBe(1);
  });

  it('that jumps every minute is followed every time', () => {
    const one = camera();
    for (let minute = 0; minute < 10; minute++) {
      one.pictures(1500);
      one.picture(3600 + (minute % 2 ? -1 : 1) * 2000 * MS, 40);
    }
    expect(new Set(one.steps)).toEqual(new Set([3600]));
    expect(one.clock.jumps).toBe(10);
  });

  it('keeps a hole that is real: pictures were lost and the next one came as much later', () => {
    const one = camera();
    one.pictures(100);
    one.picture(3000 * MS, 3000);
    expect(one.lastStep).toBe(3000 * MS);
    one.pictures(100);
    expect(one.lastStep).toBe(3600);
    expect(one.clock.jumps).toBe(0);
  });

  it('keeps a hole behind a time in which we stood still and the camera could not send', () => {
    const one = camera();
    one.pictures(100);
    // We read nothing for 11 s; then what was on its way comes at once, then what the camera makes now.
    one.picture(3600, 11_000);
    for (let i = 0; i < 75; i++) one.picture(3600, 0.1);
    one.picture(11_000 * MS - 75 * 3600, 1);
    expect(one.lastStep).toBe(11_000 * MS - 75 * 3600);
    one.pictures(100);
    expect(one.clock.jumps).toBe(0);
    expect(one.shown.at(-1)! / MS).toBeCloseTo((99 + 1 + 100) * 40 + 11_000, 3);
  });

  it.each([25, 5, 1])('takes 5 s of pictures at once for what they are, at %i a second', (fps) => {
    const one = camera({ fps });
    for (let i = 0; i < 5 * fps; i++) one.picture(RATE / fps, 2);
    one.pictures(50);
    expect(new Set(one.steps)).toEqual(new Set([RATE / fps]));
    expect(one.clock.jumps).toBe(0);
  });

  it('follows one picture a second, and a camera that changes to it for the night', () => {
    const one = camera({ fps: 1 });
    one.pictures(100);
    expect(new Set(one.steps)).toEqual(new Set([RATE]));
    const other = camera();
    other.pictures(100);
    for (let i = 0; i < 100; i++) other.picture(RATE, 1000);
    expect(other.steps.slice(99)).toEqual(Array.from({ length: 100 }, () => RATE));
    expect(other.clock.jumps).toBe(0);
  });

  it('is not moved by any jitter, delay or loss of a network', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ delayMs: fc.nat(400), lost: fc.integer({ min: 0, max: 20 }) }), {
          minLength: 50,
          maxLength: 200,
        }),
        (fates) => {
          const clock = createStreamClock(RATE);
          clock.reorder(0);
          let latestUs = 0;
          let [number, origin] = [0, -1];
          for (const { delayMs, lost } of fates) {
            number += lost > 18 ? 30 * (lost - 18) : 1;
            if (origin < 0) origin = number;
            // A connection does not let one overtake the other; the first second shows its least delay.
            const delay = number < origin + 25 ? 0 : delayMs;
            latestUs = Math.max(latestUs, number * 40_000 + delay * 1000);
            expect(clock.next((number * 3600) % 2 ** 32, latestUs)).toBe((number - origin) * 3600);
          }
          expect(clock.jumps).toBe(0);
        },
      ),
    );
  });

  it('has the jitter of RFC 3550: nothing on a steady stream, the mean deviation on another', () => {
    const one = camera();
    one.pictures(100);
    expect(one.clock.jitterTicks).toBe(0);
    for (let i = 0; i < 400; i++) one.picture(3600, i % 2 ? 50 : 30);
    expect(one.clock.jitterTicks / MS).toBeCloseTo(10, 1);
  });

  it.each([200, -200, 50, 0])('sees a camera whose clock is faster by %i ppm', (ppm) => {
    const one = camera();
    let noise = 1;
    let delayMs = 0;
    expect(one.clock.driftPpm).toBeUndefined();
    for (let i = 0; i < 25 * 300; i++) {
      noise = (noise * 48_271) % 2_147_483_647;
      const nextDelayMs = noise % 20;
      one.picture(3600, 40 / (1 + ppm / 1e6) + nextDelayMs - delayMs);
      delayMs = nextDelayMs;
    }
    expect(one.clock.jumps).toBe(0);
    expect(Math.abs(one.clock.driftPpm! - ppm)).toBeLessThan(20);
    expect(new Set(one.steps)).toEqual(new Set([3600]));
  });

  it('sees the drift also behind a burst at the beginning and behind a jump', () => {
    const one = camera();
    for (let i = 0; i < 125; i++) one.picture(3600, 1);
    const drifting = (count: number) => {
      for (let i = 0; i < count; i++) one.picture(3600, 40 / 1.0001);
    };
    drifting(25 * 150);
    expect(Math.abs(one.clock.driftPpm! - 100)).toBeLessThan(20);
    one.picture(9_000_000, 40);
    drifting(25 * 150);
    expect(Math.abs(one.clock.driftPpm! - 100)).toBeLessThan(20);
  });

  it('goes on for a month without losing a tick', () => {
    const one = camera({ fps: 1 });
    const clock = one.clock;
    let last = 0;
    const seconds = 31 * 86_400;
    for (let second = 0; second <= seconds; second += 1)
      last = clock.next((second * RATE) % 2 ** 32, second * 1e6);
    expect(last).toBe(seconds * RATE);
  });
});

/** Presentation places of pictures in the order sent. */
const ORDERS: readonly [name: string, reorder: number, places: (group: number) => readonly number[]][] = [
  ['1 B', 1, (g) => [2, 1].map((n) => 2 * g + n)],
  ['2 B', 1, (g) => [3, 1, 2].map((n) => 3 * g + n)],
  ['3 B', 1, (g) => [4, 1, 2, 3].map((n) => 4 * g + n)],
  ['3 B in a pyramid', 2, (g) => [4, 2, 1, 3].map((n) => 4 * g + n)],
  ['7 B in a pyramid', 3, (g) => [8, 4, 2, 1, 3, 6, 5, 7].map((n) => 8 * g + n)],
];

describe.each(ORDERS)('a stream with %s', (_, reorder, places) => {
  const sent = (groups: number) => [0, ...Array.from({ length: groups }, (_, g) => places(g)).flat()];

  it.each([25, 10, 5])('is shown as it says, sent live at %i pictures a second', (fps) => {
    const clock = createStreamClock(RATE);
    clock.reorder(reorder);
    const ticks = RATE / fps;
    let latestUs = 0;
    for (const place of sent(300)) {
      latestUs = Math.max(latestUs + 500, (place * 1e6) / fps);
      expect(clock.next(place * ticks, latestUs)).toBe(place * ticks);
    }
    expect(clock.jumps).toBe(0);
    expect(clock.usualTicks / ticks).toBeGreaterThan(0.5);
    expect(clock.usualTicks / ticks).toBeLessThan(1.5);
  });

  it.each([25, 10, 5])('is shown as it says, sent from a file at %i pictures a second', (fps) => {
    const clock = createStreamClock(RATE);
    clock.reorder(reorder > 2 ? reorder : undefined);
    const ticks = RATE / fps;
    sent(300).forEach((place, index) => {
      expect(clock.next(place * ticks, (index * 1e6) / fps)).toBe(place * ticks);
    });
    expect(clock.jumps).toBe(0);
  });

  it('goes on behind a jump, and keeps a hole', () => {
    const clock = createStreamClock(RATE);
    clock.reorder(reorder);
    const ticks = RATE / 25;
    const before = sent(50);
    const size = before.length;
    before.forEach((place, index) => {
      clock.next(place * ticks, index * 40_000);
    });
    const furthest = Math.max(...before);
    // 3 s without pictures, then an hour forward in one step.
    const behind = before.map((place) => place + furthest + 75);
    const shown = behind.map((place, index) => clock.next(place * ticks, (size + 74 + index) * 40_000));
    expect(shown).toEqual(behind.map((place) => place * ticks));
    expect(clock.jumps).toBe(0);
    const jumped = behind.map((place, index) =>
      clock.next((place + furthest + 90_000) * ticks, (2 * size + 74 + index) * 40_000),
    );
    expect(clock.jumps).toBe(1);
    expect(jumped[0]! - Math.max(...shown)).toBeGreaterThan(0);
    expect(jumped[0]! - Math.max(...shown)).toBeLessThan(8 * ticks);
    expect(jumped.map((ticksAt) => ticksAt - jumped[0]!)).toEqual(
      behind.map((place) => (place - behind[0]!) * ticks),
    );
  });
});

it('never says anything that a fragment could not hold, whatever a camera stamps and whenever it comes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 30, 8000, 90_000, 999_999_999),
      fc.constantFrom(undefined, 0, 1, 4),
      fc.array(fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(20_000)), { minLength: 2, maxLength: 60 }),
      (rate, reorder, pictures) => {
        const clock = createStreamClock(rate);
        clock.reorder(reorder);
        let nowUs = 0;
        let latest = 0;
        for (const [rtpTime, waitedMs] of pictures) {
          nowUs += waitedMs * 1000;
          const ticks = clock.next(rtpTime, nowUs);
          expect(Number.isSafeInteger(ticks)).toBe(true);
          expect(ticks - latest).toBeLessThan(2 ** 32);
          expect(clock.usualTicks).toBeGreaterThanOrEqual(1);
          latest = ticks;
        }
      },
    ),
  );
});
