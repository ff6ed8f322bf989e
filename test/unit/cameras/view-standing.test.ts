import { describe, expect, it } from 'vitest';
import { isDue } from '../../../src/cameras/view/due.ts';
import { afterLook } from '../../../src/cameras/view/standing.ts';
import { viewAlarm } from '../../../src/cameras/view/view-alarms.ts';
import { HOUR_US, MINUTE_US } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';

const good = { structure: 0.5, agreement: { agreement: 0.8, left: 1 } };
const turned = { structure: 0.5, agreement: { agreement: 0.2, left: 0.9 } };
const covered = { structure: 0.01, agreement: { agreement: 0.01, left: 0.02 } };
const alone = { structure: 0.5 };
const dark = { structure: 0.01 };
const sound = { hasReference: true, doubts: 0 };

describe('what follows from a look', () => {
  it('counts looks in a row that found another view, and one good look ends them', () => {
    expect(afterLook(sound, turned, false)).toEqual({ state: 'changed', doubts: 1 });
    expect(afterLook({ ...sound, doubts: 1 }, covered, false)).toEqual({ state: 'covered', doubts: 2 });
    expect(afterLook({ ...sound, doubts: 7 }, good, false)).toEqual({ state: 'same', doubts: 0 });
  });

  it('takes the first picture in which there is something for the reference', () => {
    const new_ = { hasReference: false, doubts: 0 };
    expect(afterLook(new_, dark, false)).toEqual({ state: 'covered', doubts: 1 });
    expect(afterLook({ ...new_, doubts: 1 }, alone, false)).toMatchObject({ becomes: 'first', doubts: 0 });
  });

  it('goes on to a new reference before the old one is erased, if both agree', () => {
    expect(afterLook(sound, good, true)).toEqual({ state: 'same', doubts: 0, becomes: 'renewed' });
    expect(afterLook(sound, turned, true)).toEqual({ state: 'changed', doubts: 1 });
    expect(afterLook(sound, good, false)).toEqual({ state: 'same', doubts: 0 });
  });

  it('takes another for one that is gone, but never while the view is in doubt', () => {
    expect(afterLook(sound, alone, true)).toMatchObject({ becomes: 'lost' });
    expect(afterLook({ ...sound, doubts: 1 }, alone, true)).toEqual({ state: 'changed', doubts: 2 });
    expect(afterLook(sound, dark, true)).toEqual({ state: 'covered', doubts: 1 });
  });

  it('is an alarm from the second look on', () => {
    expect(viewAlarm({ doubts: 1, state: 'changed' })).toBeUndefined();
    expect(viewAlarm({ doubts: 2, state: 'changed' })).toBe('camera_view_changed');
    expect(viewAlarm({ doubts: 5, state: 'covered' })).toBe('camera_covered');
    expect(viewAlarm({ doubts: 0, state: 'same' })).toBeUndefined();
  });
});

describe('when a view is looked at', () => {
  const siteTime = createSiteTime('Asia/Seoul');
  const at = (text: string) => Date.parse(`${text}+09:00`) * 1000;
  const settled = (lastUs: number) => ({ referenceUs: 1, doubts: 0, lastUs });

  it('is at ten in the morning, once', () => {
    const due = (lastUs: number, nowUs: number, triedUs?: number) =>
      isDue(settled(lastUs), triedUs, nowUs, siteTime);
    const yesterdayUs = at('2026-11-21T10:00:20');
    expect(due(yesterdayUs, at('2026-11-22T09:59:59'))).toBe(false);
    expect(due(yesterdayUs, at('2026-11-22T10:00:00'))).toBe(true);
    expect(due(at('2026-11-22T10:00:10'), at('2026-11-22T23:00:00'))).toBe(false);
    // Asked for at night: the day's own look is still to come.
    expect(due(at('2026-11-22T02:00:00'), at('2026-11-22T10:00:30'))).toBe(true);
    // An attempt that failed is none, and is not made each minute.
    expect(due(yesterdayUs, at('2026-11-22T10:09:00'), at('2026-11-22T10:00:00'))).toBe(false);
    expect(due(yesterdayUs, at('2026-11-22T10:10:00'), at('2026-11-22T10:00:00'))).toBe(true);
  });

  it('is at once for a camera that never was, and each ten minutes while it is in doubt', () => {
    const nowUs = at('2026-11-22T15:00:00');
    expect(isDue(undefined, undefined, nowUs, siteTime)).toBe(true);
    for (const minutes of [9, 10]) {
      const lastUs = nowUs - minutes * MINUTE_US;
      expect(isDue(undefined, lastUs, nowUs, siteTime)).toBe(minutes === 10);
      for (const view of [{ doubts: 1 }, { referenceUs: null }])
        expect(isDue({ ...settled(lastUs), ...view }, lastUs, nowUs, siteTime)).toBe(minutes === 10);
    }
  });

  it('is not put off by a clock that was set back', () => {
    const nowUs = at('2026-11-22T15:00:00');
    expect(isDue(settled(nowUs + 48 * HOUR_US), undefined, nowUs, siteTime)).toBe(true);
  });
});
