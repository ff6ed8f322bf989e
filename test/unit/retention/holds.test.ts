import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOLD_DAYS, HOLD_KINDS } from '../../../src/contract/hold-kinds.ts';
import { DAY_US, MINUTE_US } from '../../../src/lib/clock.ts';
import { createSiteTime, parseLocalTime } from '../../../src/lib/site-time.ts';
import { rangeHeld, termsOf } from '../../../src/retention/hold-terms.ts';
import { deferralsOf, type Hold, isLasting, lapsedHolds } from '../../../src/retention/holds.ts';

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

  it('are over when they never got beyond their beginning', () => {
    const broken = [hold({ state: 'beginning' })];
    expect(lapsedHolds(broken, madeUs + 10 * MINUTE_US - 1)).toEqual([]);
    expect(lapsedHolds(broken, madeUs + 10 * MINUTE_US)).toEqual([
      { hold: '06h0a72vta2hwxnh', reason: 'lapsed' },
    ]);
  });

  it('are given another end while they last, and not in their last minute', () => {
    const endUs = madeUs + 3 * DAY_US;
    for (const state of ['copying', 'held'] as const) {
      expect(isLasting(hold({ state }), endUs - MINUTE_US - 1)).toBe(true);
      expect(isLasting(hold({ state }), endUs - MINUTE_US)).toBe(false);
    }
    for (const state of ['beginning', 'ended', 'erased'] as const)
      expect(isLasting(hold({ state }), madeUs)).toBe(false);
  });
});

describe('the terms of a hold', () => {
  it('end by themselves, no later than the kind may last, and are looked at within thirty days', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...HOLD_KINDS),
        fc.option(fc.integer({ min: -5, max: 400 }), { nil: undefined }),
        (kind, days) => {
          const terms = termsOf(kind, madeUs, days === undefined ? undefined : madeUs + days * DAY_US);
          const { usual, most } = HOLD_DAYS[kind];
          const asked = days ?? usual;
          const isAllowed = asked > 0 && asked <= most;
          expect(terms).toEqual(
            isAllowed
              ? { endUs: madeUs + asked * DAY_US, reviewUs: madeUs + Math.min(asked, 30) * DAY_US }
              : undefined,
          );
        },
      ),
    );
  });

  it('cover what is asked for and ten minutes around it, nothing of the future and never more than a day', () => {
    const nowUs = at('2026-11-22 14:25');
    expect(rangeHeld(at('2026-11-22 14:00'), at('2026-11-22 14:05'), nowUs)).toEqual({
      fromUs: at('2026-11-22 13:50'),
      toUs: at('2026-11-22 14:15'),
    });
    expect(rangeHeld(at('2026-11-22 14:00'), at('2026-11-22 14:20'), nowUs)?.toUs).toBe(nowUs);
    for (const [from, to] of [
      ['2026-11-22 14:00', '2026-11-22 14:00'],
      ['2026-11-22 14:00', '2026-11-22 14:26'],
      ['2026-11-21 13:00', '2026-11-22 13:01'],
    ] as const)
      expect(rangeHeld(at(from), at(to), nowUs)).toBeUndefined();
  });
});
