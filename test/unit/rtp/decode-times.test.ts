import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecodeTimes } from '../../../src/rtp/decode-times.ts';

const TICKS = 3600;

/** Presentation places of one group in the order sent; the next group goes on behind the last. */
const ORDERS: readonly [name: string, reorder: number, group: readonly number[]][] = [
  ['no B', 0, [1]],
  ['1 B', 1, [2, 1]],
  ['2 B', 1, [3, 1, 2]],
  ['3 B', 1, [4, 1, 2, 3]],
  ['3 B in a pyramid', 2, [4, 2, 1, 3]],
  ['7 B in a pyramid', 3, [8, 4, 2, 1, 3, 6, 5, 7]],
];

const places = (group: readonly number[], groups: number) => [
  0,
  ...Array.from({ length: groups }, (_, g) => group.map((place) => g * group.length + place)).flat(),
];

const rising = (decoded: readonly number[]) =>
  decoded.every((time, index) => index === 0 || time > decoded[index - 1]!);

describe.each(ORDERS)('decode times of %s', (_, reorder, group) => {
  const shown = places(group, 40).map((place) => place * TICKS);

  it('are, where it is announced, never later than shown, rise, and keep the pace of the pictures', () => {
    const times = createDecodeTimes(3000);
    times.reorder(reorder);
    const decoded = shown.map(times.next);
    expect(rising(decoded)).toBe(true);
    expect(decoded.every((time, index) => time <= shown[index]!)).toBe(true);
    expect(decoded[0]).toBe(reorder === 0 ? 0 : -reorder * 3000);
    const settled = decoded.slice(reorder);
    expect(settled).toEqual(settled.map((_, index) => index * TICKS));
  });

  it('are, where it is not, found out within the first pictures', () => {
    const times = createDecodeTimes(3000);
    times.reorder(undefined);
    const decoded = shown.map(times.next);
    expect(rising(decoded)).toBe(true);
    const settled = decoded.slice(2 * group.length + 1);
    const due = shown.slice(2 * group.length + 1);
    expect(settled.every((time, index) => time <= due[index]!)).toBe(true);
    // Not more than is needed: each picture is decoded when the one `reorder` places before it is shown.
    expect(settled).toEqual(settled.map((_, index) => (2 * group.length + 1 + index - reorder) * TICKS));
  });

  it('are found out too where the camera announces less than it does', () => {
    const times = createDecodeTimes(3000);
    times.reorder(0);
    const decoded = shown.map(times.next);
    expect(rising(decoded)).toBe(true);
    expect(decoded.slice(20).every((time, index) => time <= shown[20 + index]!)).toBe(true);
  });

  it('follow when the camera changes to it in mid-stream', () => {
    const times = createDecodeTimes(3000);
    times.reorder(0);
    const before = Array.from({ length: 10 }, (_, i) => i * TICKS);
    const decodedBefore = before.map(times.next);
    times.reorder(reorder);
    const after = shown.map((ticks) => ticks + 10 * TICKS);
    const decoded = after.map(times.next);
    expect(rising([...decodedBefore, ...decoded])).toBe(true);
    expect(decoded.every((time, index) => time <= after[index]!)).toBe(true);
  });
});

it('decode times rise for any times in any order, and stay within the most that is ever reordered', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(undefined, 0, 1, 2, 16),
      (shown, reorder) => {
        const times = createDecodeTimes(3000);
        times.reorder(reorder);
        const decoded = shown.map(times.next);
        expect(rising(decoded)).toBe(true);
        expect(Math.max(...decoded)).toBeLessThanOrEqual(Math.max(...shown) + shown.length);
      },
    ),
  );
});
