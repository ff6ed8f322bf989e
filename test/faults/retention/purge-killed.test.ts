import { expect, it } from 'vitest';
import { showFigures } from '../../support/figures.ts';
import { killPurges } from '../../support/retention/killed-purge.ts';

/** `npm run bench -- purge` does the same 200 times. */
const KILLS = 24;

it('a purge that is killed anywhere leaves a day whole or beyond recovery, and the next one finishes it', async () => {
  const reports = await killPurges(KILLS, Math.random);
  expect(reports).toHaveLength(KILLS);
  const count = (left: string) => reports.filter((report) => report.left === left).length;
  showFigures({ intact: count('intact'), keysGone: count('keys_gone'), erased: count('erased') });
});
