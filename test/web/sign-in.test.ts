import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/web/browser.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

let site: SiteUnderTest;

describe.runIf(hasChromium())('signing in', () => {
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(() => site.close());

  it.each([
    ['ko', 'light'],
    ['ko', 'dark'],
    ['en', 'light'],
    ['en', 'dark'],
  ] as const)('looks as it should, in %s and %s', async (language, theme) => {
    const page = await site.page('nobody', { language, theme });
    await photograph(page, `sign-in-${language}-${theme}`);
    await noSeriousFindings(page);
    const own = await site.page('administrator', { language, theme });
    await own.getByRole('table').waitFor();
    await photograph(own, `account-${language}-${theme}`);
    await noSeriousFindings(own);
    expect(site.faults).toEqual([]);
  });
});
