import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/contract/roles.ts';
import { account as accountEn } from '../../src/i18n/en/screens/account.ts';
import { people as peopleEn } from '../../src/i18n/en/screens/people.ts';
import { retention as retentionEn } from '../../src/i18n/en/screens/retention.ts';
import { review as reviewEn } from '../../src/i18n/en/screens/review.ts';
import { account } from '../../src/i18n/ko/screens/account.ts';
import { people } from '../../src/i18n/ko/screens/people.ts';
import { retention } from '../../src/i18n/ko/screens/retention.ts';
import { review } from '../../src/i18n/ko/screens/review.ts';
import { hasChromium } from '../support/web/browser.ts';
import { fitsTheScreen } from '../support/web/layout.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { openedBy, recordedTogether } from '../support/web/recorded-desk.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

/** Of `web/app/routes.ts`, which is typed for a browser. */
interface ListedPage {
  readonly path: string;
  readonly who: readonly [Role, ...Role[]];
}
const { PAGES } = (await import(new URL('../../web/app/routes.ts', import.meta.url).href)) as {
  PAGES: readonly ListedPage[];
};

const LOOKS = [
  ['ko', 'light'],
  ['en', 'dark'],
] as const;
const DESK = { width: 1280, height: 800 };
const TABLET = { width: 820, height: 1180 };
const REASON = '출입문이 열려 있던 까닭을 확인합니다';

/** What stands for the names in a page's path; a page with another name needs a line here. */
const NAMED: Readonly<Record<string, (site: SiteUnderTest, role: Role) => Promise<string>>> = {
  '/review/:id': async (site, role) => {
    const range = await recordedTogether(site, ['cam01'], 3);
    return (await openedBy(site, role, { cameras: ['cam01'], range, reason: REASON })).viewing;
  },
  '/people/:id': async (site) => {
    const { token } = await site.person('security');
    return ((await site.api.call(token, 'GET', '/api/me')) as { account: string }).account;
  },
  '/cameras/:id': async () => 'cam01',
};

interface SheetButton {
  readonly ko: string;
  readonly en: string;
  /** Whom it is offered to, where that is not everybody who sees the page. */
  readonly who?: readonly Role[];
}

/** The sheets that a button of a page opens, by the button's words. */
const SHEETS: Readonly<Record<string, readonly SheetButton[]>> = {
  '/review': [{ ko: review.start, en: reviewEn.start }],
  '/review/:id': (['bookmark', 'goTo', 'help'] as const)
    .map((name) => ({ ko: review.controls[name], en: reviewEn.controls[name] }))
    .concat({ ko: review.bar.more, en: reviewEn.bar.more }),
  '/retention': [{ ko: retention.holds.add, en: retentionEn.holds.add, who: ['security', 'officer'] }],
  '/people': [{ ko: people.create, en: peopleEn.create }],
  '/people/:id': [
    ...(['terms', 'suspend', 'unlock', 'password', 'factors', 'close'] as const).map((name) => ({
      ko: people.account[name],
      en: peopleEn.account[name],
    })),
    ...(['ask', 'change', 'revoke'] as const).map((name) => ({
      ko: people.rights[name],
      en: peopleEn.rights[name],
    })),
  ],
  '/account': [{ ko: account.factor.add, en: accountEn.factor.add }],
};

let site: SiteUnderTest;

describe.runIf(hasChromium())('every page and sheet', () => {
  const tabs = new Map<string, Promise<Page>>();
  beforeAll(async () => {
    site = await startSite({ cameras: 2 });
  });
  afterAll(() => site?.close());

  /** One tab for all pages of somebody: a page that is loaded anew is a page of its own. */
  const tabOf = (role: Role, language: 'ko' | 'en', theme: 'light' | 'dark'): Promise<Page> => {
    const key = `${role} ${language} ${theme}`;
    const there = tabs.get(key) ?? site.page(role, { language, theme, at: '/account', viewport: DESK });
    tabs.set(key, there);
    return there;
  };
  /** Everything that it fetches at first is there. */
  const settled = async (page: Page) => {
    await page.locator('h1, h2, h3').first().waitFor();
    await page.waitForLoadState('networkidle');
    await expect.poll(() => page.locator('main [aria-busy=true]').count(), { timeout: 30_000 }).toBe(0);
  };

  it.each(
    PAGES.flatMap(({ path, who }, at) =>
      LOOKS.map(([language]) => {
        // Each page in both languages, by the first and the last of those who see it, light and dark by turns.
        const role = language === 'ko' ? who[0] : (who.at(-1) ?? who[0]);
        const theme = (at + (language === 'ko' ? 0 : 1)) % 2 === 0 ? 'light' : 'dark';
        return { path, role, language, theme } as const;
      }),
    ),
  )(
    '$path shuts nobody out and fits a tablet, in $language and $theme, for $role',
    async ({ path, role, language, theme }) => {
      const page = await tabOf(role, language, theme);
      const named = path.includes(':') ? await NAMED[path]?.(site, role) : '';
      if (named === undefined) throw new Error(`${path} needs a line in NAMED`);
      const name = `every${path.replaceAll(/[/:]+/g, '-')}-${language}-${theme}`;
      await page.setViewportSize(DESK);
      await page.goto(`${site.url}${path.replace(/:\w+/, named)}`);
      await settled(page);
      const opened = page.locator('dialog[open]');
      if ((await opened.count()) > 0) await page.keyboard.press('Escape');
      await opened.waitFor({ state: 'detached' });
      expect(await page.title()).not.toMatch(/undefined|^ ·/);
      await photograph(page, name);
      await noSeriousFindings(page);
      await fitsTheScreen(page);
      await page.setViewportSize(TABLET);
      await photograph(page, `${name}-tablet`);
      await fitsTheScreen(page);
      for (const [at, words] of (SHEETS[path] ?? []).entries()) {
        if (words.who && !words.who.includes(role)) continue;
        await page.getByRole('button', { name: words[language], exact: true }).first().click();
        await opened.waitFor();
        await expect.poll(() => opened.locator('[aria-busy=true]').count(), { timeout: 30_000 }).toBe(0);
        await photograph(page, `${name}-sheet-${at}`);
        await noSeriousFindings(page);
        await fitsTheScreen(page);
        await page.keyboard.press('Escape');
        await opened.waitFor({ state: 'detached' });
      }
      expect(site.faults).toEqual([]);
    },
  );
});
