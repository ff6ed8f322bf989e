import { expect, it } from 'vitest';
import { cutPower } from '../support/power-cuts/cut-power.ts';

/** The long form is `npm run -s bench -- power`. */
const CUTS = 20;

it('a power cut leaves sealed footage whole, the ledger without a hole, and a purge intact or erased', async () => {
  const done = await cutPower(CUTS, Math.random);
  if ('refused' in done) return expect(done.refused).toMatch(/FUSE|permitted|denied|superuser|libfaketime/i);
  expect(done.cuts).toBe(CUTS);
  expect(done.segments).toBeGreaterThan(4);
  expect(done.purges).toBeGreaterThan(2);
  expect(done.intact).toBeGreaterThan(0);
  expect(done.erased).toBeGreaterThan(0);
});
