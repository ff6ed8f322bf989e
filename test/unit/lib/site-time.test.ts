import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_US } from '../../../src/lib/clock.ts';
import { createSiteTime, parseLocalDay } from '../../../src/lib/site-time.ts';

const us = (iso: string) => Date.parse(iso) * 1000;

describe('the site’s calendar', () => {
  it.each([
    ['Asia/Seoul', '2026-11-22', '2026-11-21T15:00:00Z', 24],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['Asia/Kathmandu', '2026-06-01', '2026-05-31T18:15:00Z', 24],
    // Clocks go forward at midnight: the day begins at one o'clock.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 23],
  ])('in %s begins %s at %s and gives it %i hours', (zone, date, start, hours) => {
    const site = createSiteTime(zone);
    const day = parseLocalDay(date);
    const startUs = site.startOf(day);
    const endUs = site.startOf(site.addDays(day, 1));
    expect(startUs).toBe(us(start));
    expect((endUs - startUs) / HOUR_US).toBe(hours);
    expect(site.dayOf(startUs - 1)).toBe(site.addDays(day, -1));
    expect(site.dayOf(endUs - 1)).toBe(day);
    expect(site.hourOf(startUs)).toBe(0);
    expect(site.hourOf(endUs - 1)).toBe(hours - 1);
  });

  it('puts every instant into the day and the hour that hold it, asked in any order', () => {
    for (const zone of ['Asia/Seoul', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo']) {
      const site = createSiteTime(zone);
      fc.assert(
        fc.property(
          fc.integer({ min: us('2025-12-30T00:00:00Z'), max: us('2027-01-02T00:00:00Z') }),
          (at) => {
            const day = site.dayOf(at);
            expect(site.startOf(day)).toBeLessThanOrEqual(at);
            expect(site.startOf(site.addDays(day, 1))).toBeGreaterThan(at);
            expect(site.hourOf(at)).toBeGreaterThanOrEqual(0);
            expect(site.hourOf(at)).toBeLessThanOrEqual(24);
          },
        ),
        { numRuns: 60 },
      );
    }
  });

  it('writes local wall time for files and for people', () => {
    const site = createSiteTime('Asia/Seoul');
    expect(site.hhmmss(us('2026-11-21T18:14:05.999Z'))).toBe('031405');
    expect(site.label(us('2026-11-21T18:14:05.999Z'))).toBe('2026-11-22 03:14:05');
  });

  it('refuses zones and days that do not exist', () => {
    expect(() => createSiteTime('Asia/Atlantis')).toThrow(RangeError);
    for (const text of ['2026-02-30', '26-01-01', '2026-1-1', '', '2026-01-01T00:00'])
      expect(() => parseLocalDay(text)).toThrow(RangeError);
  });
});
