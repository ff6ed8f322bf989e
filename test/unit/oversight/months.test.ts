import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_US } from '../../../src/lib/clock.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { firstDayOf, type Month, monthAfter, monthOf, monthsOver } from '../../../src/oversight/months.ts';

const ZONES = ['Asia/Seoul', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/St_Johns', 'Europe/London'];
const us = (iso: string) => Date.parse(iso) * 1000;

describe('the months of a site', () => {
  it('follow each other over the ends of years', () => {
    expect(monthAfter('2026-12' as Month)).toBe('2027-01');
    expect(monthAfter('2028-02' as Month)).toBe('2028-03');
    expect(monthOf('2028-02-29' as LocalDay)).toBe('2028-02');
    expect(firstDayOf('2028-03' as Month)).toBe('2028-03-01');
  });

  it('are over at the first instant of the next one, in the time of the site', () => {
    const seoul = createSiteTime('Asia/Seoul');
    const begun = us('2026-10-15T00:00:00+09:00');
    expect(monthsOver(us('2026-10-31T23:59:59.999+09:00'), begun, seoul)).toEqual([]);
    expect(monthsOver(us('2026-11-01T00:00:00+09:00'), begun, seoul)).toEqual(['2026-10']);
    expect(monthsOver(us('2028-03-01T00:00:00+09:00'), us('2028-01-31T23:00:00+09:00'), seoul)).toEqual([
      '2028-01',
      '2028-02',
    ]);
  });

  it('are none while the clock is behind the beginning, and at most two years', () => {
    const seoul = createSiteTime('Asia/Seoul');
    const begun = us('2026-10-15T00:00:00+09:00');
    expect(monthsOver(us('2025-01-01T00:00:00Z'), begun, seoul)).toEqual([]);
    const far = monthsOver(us('2046-10-15T00:00:00Z'), begun, seoul);
    expect(far).toHaveLength(24);
    expect(far.at(-1)).toBe('2046-09');
  });

  it('come each once, without a hole, whatever the zone and the day', () => {
    const days = fc.integer({ min: 0, max: 730 });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), days, days, (zone, from, forDays) => {
        const siteTime = createSiteTime(zone);
        const begun = us('2026-01-01T12:00:00Z') + from * DAY_US;
        const now = begun + forDays * DAY_US;
        const months = monthsOver(now, begun, siteTime);
        const first = monthOf(siteTime.dayOf(begun));
        const current = monthOf(siteTime.dayOf(now));
        if (first === current) return void expect(months).toEqual([]);
        expect(months[0]).toBe(first);
        expect(monthAfter(months.at(-1)!)).toBe(current);
        for (const [n, month] of months.entries()) if (n > 0) expect(month).toBe(monthAfter(months[n - 1]!));
      }),
    );
  });
});
