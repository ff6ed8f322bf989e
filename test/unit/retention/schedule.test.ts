import { describe, expect, it } from 'vitest';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { nextRunUs, secondLookUs } from '../../../src/retention/schedule.ts';

describe('the schedule', () => {
  it.each([
    ['Asia/Seoul', '2026-11-22T10:20:00Z', '2026-11-22T11:20:00Z'],
    ['Asia/Seoul', '2026-11-22T14:20:00Z', '2026-11-22T15:00:00Z'],
    ['Asia/Seoul', '2026-11-22T15:00:00Z', '2026-11-22T16:00:00Z'],
    ['Asia/Kathmandu', '2026-11-22T18:00:00Z', '2026-11-22T18:15:00Z'],
    ['America/Sao_Paulo', '2018-11-04T02:30:00Z', '2018-11-04T03:00:00Z'],
  ])('in %s goes from %s on to %s', (zone, last, next) => {
    expect(nextRunUs(Date.parse(last) * 1000, createSiteTime(zone))).toBe(Date.parse(next) * 1000);
  });

  it('looks again after two minutes when nobody has said yet what time it is, and not later than midnight', () => {
    const [seoul, noonUs] = [createSiteTime('Asia/Seoul'), Date.parse('2026-11-22T03:00:00Z') * 1000];
    expect(secondLookUs(noonUs, seoul)).toBe(noonUs + 120_000_000);
    const midnightUs = Date.parse('2026-11-22T15:00:00Z') * 1000;
    expect(secondLookUs(midnightUs - 1_000_000, seoul)).toBe(midnightUs);
  });
});
