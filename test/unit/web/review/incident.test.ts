import { describe, expect, it } from 'vitest';
import { incidentRanges } from '../../../../web/pages/review/desk/incident-ranges.ts';
import { createWatched } from '../../../../web/pages/review/desk/watched.ts';
import { heldAt, heldBarsOf, heldOf } from '../../../../web/pages/review/timeline/holds.ts';

const S = 1_000_000;
const RANGE = { fromUs: 1000 * S, toUs: 4600 * S };
const watchedFrom = (fromS: number, toS: number) => {
  const watched = createWatched(RANGE);
  for (let at = fromS; at <= toS; at += 0.5) watched.see(at * S);
  return watched;
};

describe('what is watched', () => {
  it('is the stretch since the playhead was last set, a minute at least, and nothing outside of what was granted', () => {
    const watched = watchedFrom(2000, 2100);
    expect(watched.stretch()).toEqual({ fromUs: 2000 * S, toUs: 2100 * S });
    for (let at = 3000; at <= 3010; at += 0.5) watched.see(at * S);
    expect(watched.stretch()).toEqual({ fromUs: 2975 * S, toUs: 3035 * S });
    watched.see(4600 * S);
    expect(watched.stretch()).toEqual({ fromUs: 4570 * S, toUs: 4600 * S });
    expect(createWatched(RANGE).stretch()).toBeUndefined();
  });
});

describe('the time of an incident', () => {
  it('is what was marked, then what was watched, then all', () => {
    const marks = { inUs: 1500 * S, outUs: 1600 * S };
    const ranges = incidentRanges(marks, watchedFrom(2000, 2100), RANGE);
    expect(Object.keys(ranges)).toEqual(['marked', 'watched', 'whole']);
    expect(ranges.marked).toEqual({ fromUs: 1500 * S, toUs: 1600 * S });
    expect(ranges.whole).toEqual(RANGE);
  });

  it('takes marks in either order, and one alone', () => {
    const none = createWatched(RANGE);
    const marked = (inUs?: number, outUs?: number) => incidentRanges({ inUs, outUs }, none, RANGE).marked;
    expect(marked(1600 * S, 1500 * S)).toEqual({ fromUs: 1500 * S, toUs: 1600 * S });
    expect(marked(1600 * S)).toEqual({ fromUs: 1600 * S, toUs: RANGE.toUs });
    expect(marked(undefined, 1600 * S)).toEqual({ fromUs: RANGE.fromUs, toUs: 1600 * S });
    expect(marked()).toBeUndefined();
    expect(marked(1600 * S, 1600 * S)).toBeUndefined();
  });

  it('is never more than a day: then it has to be marked', () => {
    const days = { fromUs: 0, toUs: 2 * 86_400 * S };
    expect(incidentRanges({ inUs: undefined, outUs: undefined }, createWatched(days), days)).toEqual({});
  });
});

describe('what is held', () => {
  const iso = (s: number) => new Date(s * 1000).toISOString();
  const hold = (
    state: 'held' | 'copying' | 'ended' | 'erased',
    fromS: number,
    toS: number,
    endS: number,
  ) => ({
    state,
    cameras: ['cam01', 'cam02'],
    from: iso(fromS),
    to: iso(toS),
    end: iso(endS),
  });

  it('is told of each camera until the last of its holds ends, and of none that is over', () => {
    const held = heldOf([
      hold('held', 1000, 2000, 9000),
      hold('copying', 1500, 2500, 9500),
      hold('ended', 3000, 4000, 9900),
      hold('erased', 3000, 4000, 9900),
    ]);
    expect(held).toHaveLength(4);
    expect(heldAt(held, 'cam02', 1600 * S)?.endUs).toBe(9500 * S);
    expect(heldAt(held, 'cam01', 1200 * S)?.endUs).toBe(9000 * S);
    expect(heldAt(held, 'cam01', 2500 * S)).toBeUndefined();
    expect(heldAt(held, 'cam03', 1600 * S)).toBeUndefined();
    expect(heldAt(held, undefined, 1600 * S)).toBeUndefined();
  });

  it('is drawn where it is in sight, its edges where they are', () => {
    const held = heldOf([hold('held', 1000, 2000, 9000)]);
    const view = { fromUs: 1500 * S, toUs: 2500 * S };
    expect(heldBarsOf(held, 'cam01', view, 1000)).toEqual([{ x: -4, width: 504 }]);
    expect(heldBarsOf(held, 'cam01', { fromUs: 2000 * S, toUs: 2500 * S }, 1000)).toEqual([]);
    expect(heldBarsOf(held, 'cam03', view, 1000)).toEqual([]);
  });
});
