import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../../src/lib/clock.ts';
import { createSiteTime, parseLocalTime } from '../../../src/lib/site-time.ts';
import { deferralsOf, type Hold, lapsedHolds } from '../../../src/retention/holds.ts';

const siteTime = createSiteTime('Asia/Seoul');
const at = (text: string) => parseLocalTime(text, 'Asia/Seoul');
const madeUs = at('2026-11-22 23:50');
const hold = (more: Partial<Hold> = {}): Hold => ({
  v: 1,
  id: '06h0a72vta2hwxnh',
  kind: 'desk',
  cameras: ['cam01', 'cam02'],
  fromUs: at('2026-10-22 23:20'),
  toUs: at('2026-10-23 01:10:30'),
  madeUs,
  reviewUs: madeUs + 3 * DAY_US,
  endUs: madeUs + 3 * DAY_US,
  state: 'copying',
  note: '',
  files: [],
  ...more,
});

describe('holds', () => {
  it('put off the hours that their range touches, the turn of the day included', () => {
    const deferrals = deferralsOf([hold()], siteTime, madeUs);
    expect(deferrals.map(({ camera, day, hours }) => [camera, day, hours])).toEqual([
      ['cam01', '2026-10-22', [23]],
      ['cam01', '2026-10-23', [0, 1]],
      ['cam02', '2026-10-22', [23]],
      ['cam02', '2026-10-23', [0, 1]],
    ]);
    // Footage of the last minute may be filed under the next day.
    const late = hold({ fromUs: at('2026-10-22 23:30'), toUs: at('2026-10-22 23:59:30'), cameras: ['a'] });
    expect(deferralsOf([late], siteTime, madeUs).map(({ day }) => day)).toEqual(['2026-10-22', '2026-10-23']);
  });

  it('put nothing off once they are copied, ended or over', () => {
    for (const state of ['held', 'ended', 'erased'] as const)
      expect(deferralsOf([hold({ state })], siteTime, madeUs)).toEqual([]);
    expect(deferralsOf([hold()], siteTime, madeUs + 3 * DAY_US)).toEqual([]);
  });

  it('are over when somebody ends them or their time has come, and only once', () => {
    const overAt = (state: Hold['state'], nowUs: number) => lapsedHolds([hold({ state })], nowUs);
    expect(overAt('held', madeUs + 3 * DAY_US - 1)).toEqual([]);
    expect(overAt('held', madeUs + 3 * DAY_US)).toEqual([{ hold: '06h0a72vta2hwxnh', reason: 'lapsed' }]);
    expect(overAt('copying', madeUs + 3 * DAY_US)).toHaveLength(1);
    expect(overAt('ended', madeUs)).toEqual([{ hold: '06h0a72vta2hwxnh', reason: 'ended' }]);
    expect(overAt('erased', madeUs + 9 * DAY_US)).toEqual([]);
  });
});
