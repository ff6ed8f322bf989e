import { describe, expect, it } from 'vitest';
import { STRIP_CELL_US, stripOf } from '../../../src/catalogue/strip.ts';
import { SECOND_US } from '../../../src/lib/clock.ts';

const cell = (at: number) => at * STRIP_CELL_US;
const span = (from: number, to: number) => ({ fromUs: cell(from), toUs: cell(to) });
const day = (cells: number) => ({ fromUs: 0, toUs: cell(cells) });

describe('a strip', () => {
  it('says of each five minutes whether all, a part or nothing of it is recorded', () => {
    const lane = { recorded: [span(0, 2), span(2.5, 3), span(4, 5)] };
    expect(stripOf(lane, day(6), 0)).toBe('aapnan');
  });

  it('ends with the five minutes that have begun, measured by what has passed of them', () => {
    expect(stripOf({ recorded: [span(0, 1.2)] }, day(1.2), 0)).toBe('aa');
    expect(stripOf({ recorded: [span(0, 1)] }, day(1.2), 0)).toBe('an');
  });

  it('takes what lies between two files for no hole, and two seconds for one', () => {
    const torn = (us: number) => ({
      recorded: [
        { fromUs: 0, toUs: cell(0.5) },
        { fromUs: cell(0.5) + us, toUs: cell(1) },
      ],
    });
    expect(stripOf(torn(100_000), day(1), 0)).toBe('a');
    expect(stripOf(torn(2 * SECOND_US), day(1), 0)).toBe('p');
  });

  it('blames nobody for the time before a camera was there', () => {
    expect(stripOf({ recorded: [span(2, 3)] }, day(4), cell(2))).toBe('bban');
    expect(stripOf({ recorded: [] }, day(2), undefined)).toBe('bb');
    expect(stripOf({ recorded: [span(1.5, 3)] }, day(3), cell(1.5))).toBe('baa');
  });

  it('shares a recording that reaches over many cells', () => {
    expect(stripOf({ recorded: [span(-3, 7)] }, day(5), -1)).toBe('aaaaa');
  });
});
