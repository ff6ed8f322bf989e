import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compareViews,
  type GreyPicture,
  structureOf,
  VIEW_HEIGHT,
  VIEW_WIDTH,
} from '../../../src/cameras/view/agreement.ts';
import { LEAST_AGREEMENT, LEAST_STRUCTURE, stateOf } from '../../../src/cameras/view/standing.ts';
import { COVERED, HARMLESS, TOUCHED } from '../../support/views/alterations.ts';
import { type Luma, roomViews, small } from '../../support/views/room-views.ts';

/** Furniture as a camera sees it: boxes of one brightness each, before a plain wall. */
const room = fc
  .array(
    fc.record({
      left: fc.integer({ min: 0, max: VIEW_WIDTH - 8 }),
      top: fc.integer({ min: 0, max: VIEW_HEIGHT - 6 }),
      width: fc.integer({ min: 5, max: 24 }),
      height: fc.integer({ min: 4, max: 16 }),
      brightness: fc.integer({ min: 40, max: 200 }),
    }),
    { minLength: 6, maxLength: 14 },
  )
  .map((boxes): GreyPicture => {
    const picture = new Uint8Array(VIEW_WIDTH * VIEW_HEIGHT).fill(120);
    for (const { left, top, width, height, brightness } of boxes)
      for (let y = top; y < Math.min(VIEW_HEIGHT, top + height); y++)
        picture.fill(brightness, y * VIEW_WIDTH + left, y * VIEW_WIDTH + Math.min(VIEW_WIDTH, left + width));
    return picture;
  })
  .filter((picture) => structureOf(picture) > 0.2);

const shifted = (picture: GreyPicture, pixels: number): GreyPicture =>
  picture.map((_, at) => picture[at - (at % VIEW_WIDTH) + (((at % VIEW_WIDTH) + pixels) % VIEW_WIDTH)]!);

describe('the agreement of two views', () => {
  it('is whole for the same picture, and the same whoever is the reference', () => {
    fc.assert(
      fc.property(room, room, (one, other) => {
        expect(compareViews(one, one).agreement).toBeGreaterThan(0.93);
        expect(compareViews(one, one).left).toBeCloseTo(1);
        const { agreement, left } = compareViews(one, other);
        expect(agreement).toBeGreaterThanOrEqual(0);
        expect(agreement).toBeLessThanOrEqual(1);
        expect(left).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('does not mind brightness and contrast, nor which side of an edge is the brighter one', () => {
    const contrast = fc.double({ min: 0.4, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        room,
        contrast,
        fc.integer({ min: 0, max: 50 }),
        fc.boolean(),
        (before, by, more, turned) => {
          const after = before.map((value) => {
            const toned = value * by + more;
            return Math.round(turned ? 255 - toned : toned);
          });
          expect(compareViews(before, after).agreement).toBeGreaterThan(0.8);
        },
      ),
    );
  });

  it('falls with every pixel that the picture moves', () => {
    fc.assert(
      fc.property(room, (before) => {
        const by = (pixels: number) => compareViews(before, shifted(before, pixels)).agreement;
        expect(by(1)).toBeLessThan(by(0));
        expect(by(3)).toBeLessThan(by(1));
        expect(by(4)).toBeLessThan(0.75);
      }),
    );
  });

  it('has nothing to say of a plain picture, and refuses one of another size', () => {
    const plain = new Uint8Array(VIEW_WIDTH * VIEW_HEIGHT).fill(90);
    expect(structureOf(plain)).toBe(0);
    expect(compareViews(plain, plain)).toEqual({ agreement: 0, left: 0 });
    expect(() => structureOf(new Uint8Array(100))).toThrow(RangeError);
  });
});

describe('the simulated rooms', () => {
  let rooms: Luma[][];
  beforeAll(async () => {
    rooms = await roomViews(4);
  }, 60_000);

  /** Each room's view of the first instant against all others, altered. */
  const looks = (alter: (luma: Luma) => Luma) =>
    rooms.flatMap(([first, ...others]) => {
      const reference = small(first!);
      return others.map((luma) => compareViews(reference, small(alter(luma))));
    });

  it('are each good enough for a reference, by day and by night', () => {
    for (const luma of rooms.flat()) expect(structureOf(small(luma))).toBeGreaterThan(4 * LEAST_STRUCTURE);
  });

  it.each(Object.entries(HARMLESS))('%s: no view counts as another one', (_, alter) => {
    const wrong = looks(alter).filter((found) => stateOf(found) !== 'same');
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(TOUCHED))('%s: at least 80 in 100 views count as another one', (_, alter) => {
    const found = looks(alter);
    expect(found.filter(({ agreement }) => agreement < LEAST_AGREEMENT).length).toBeGreaterThanOrEqual(
      0.8 * found.length,
    );
  });

  it.each(Object.entries(COVERED))('%s: every view counts as covered', (_, alter) => {
    expect(new Set(looks(alter).map(stateOf))).toEqual(new Set(['covered']));
  });
});
