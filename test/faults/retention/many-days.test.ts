import { expect, it } from 'vitest';
import type { LocalDay } from '../../../src/lib/site-time.ts';
import { liveManyDays, seeded } from '../../support/retention/many-days.ts';

/** The long form, ninety days of thirteen cameras, is `npm run -s bench -- purge`. */
it('a dozen days over a change of the clocks: nothing early, nothing late, nothing lost to a hold', async () => {
  const seed = String(Math.random());
  const lived = await liveManyDays({
    days: 14,
    cameras: 4,
    retentionDays: 4,
    firstDay: '2026-10-18' as LocalDay,
    timeZone: 'Europe/Berlin',
    random: seeded(seed),
  });
  expect(lived, seed).toMatchObject({ cameraDays: 56, erased: 40 });
  expect(lived.runs).toBeGreaterThanOrEqual(28);
  expect(lived.holds, seed).toBeGreaterThan(0);
});
