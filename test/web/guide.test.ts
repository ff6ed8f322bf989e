import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/web/browser.ts';
import { openedBy, recordedTogether, SECOND_US } from '../support/web/recorded-desk.ts';
import { shownPictures } from '../support/web/shown-pictures.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

/**
 * The pictures of the guides, made by walking the way that the guides tell. GIROK_GUIDE_PICTURES=write puts them where
 * the guides look for them; otherwise they are made, and thrown away.
 */

const GUIDES = fileURLToPath(new URL('../../docs/guide/', import.meta.url));
const KEPT = join(GUIDES, 'pictures');
const isWritten = process.env.GIROK_GUIDE_PICTURES === 'write';
const LONG = 300_000;
const CAMERAS = ['cam01', 'cam02', 'cam03', 'cam04'] as const;
const REASON = { ko: '출입문이 열려 있던 까닭을 확인합니다', en: 'looking for who left the door open' };
const SAID = {
  ko: {
    shift: '근무 시작 · 열람기록이 남습니다',
    sheet: '열람 시작',
    own: '내가 요청한 열람',
    today: '오늘',
    approvals: '승인',
    retention: '보관·파기',
    records: '기록',
  },
  en: {
    shift: /^Start/,
    sheet: 'Start a viewing',
    own: 'Viewings you asked for',
    today: 'Today',
    approvals: 'Approvals',
    retention: 'Retention',
    records: 'Records',
  },
} as const;

let site: SiteUnderTest;
let folder = KEPT;
const made = new Set<string>();

const take = async (page: Page, name: string) => {
  made.add(`${name}.png`);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

/** Asked by the debugger: the page's own policy lets nothing be evaluated in it. */
const livePictures = (page: Page) =>
  page.evaluate("[...document.querySelectorAll('video')].filter(({ readyState }) => readyState >= 2).length");
const recordedPictures = async (page: Page) =>
  Object.values(await shownPictures(page)).filter(({ state }) => state === 'picture').length;
/** A machine that is busy takes its time for the first one. */
const PATIENCE = { timeout: 120_000 };

describe.runIf(hasChromium())('the pictures of the guides', () => {
  beforeAll(async () => {
    if (isWritten) mkdirSync(KEPT, { recursive: true });
    else folder = mkdtempSync(join(tmpdir(), 'girok-guide-'));
    site = await startSite({ cameras: CAMERAS });
  }, LONG);
  afterAll(async () => {
    await site?.close();
    if (!isWritten) rmSync(folder, { recursive: true, force: true });
  }, LONG);

  /** A viewing of the last footage that all cameras have, opened by the API. @returns where its page is */
  const viewing = async (language: 'ko' | 'en') => {
    const together = await recordedTogether(site, CAMERAS, 20);
    const range = { fromUs: together.toUs - 20 * SECOND_US, toUs: together.toUs };
    const open = await openedBy(site, 'security', { cameras: CAMERAS, range, reason: REASON[language] });
    return `/review/${open.viewing}`;
  };

  it.each(['ko', 'en'] as const)(
    'are those of the day of a guard, in %s',
    async (language) => {
      const said = SAID[language];
      const signIn = await site.page('nobody', { language });
      await take(signIn, `sign-in-${language}`);
      const page = await site.page('security', { language });
      await page.getByRole('heading', { name: said.today }).first().waitFor();
      await page.getByText('4/4', { exact: true }).waitFor();
      await take(page, `today-${language}`);

      const wall = await site.page('security', { language, at: '/wall' });
      await wall.getByRole('radio').last().check();
      await wall.getByRole('textbox').first().fill(REASON[language]);
      await wall.getByRole('button', { name: said.shift }).click();
      await wall
        .locator('[data-tile="cam01"] [data-state=live], [data-tile="cam01"] video')
        .first()
        .waitFor();
      await expect.poll(() => livePictures(wall), PATIENCE).toBe(4);
      await take(wall, `wall-${language}`);
      await wall.context().close();

      const review = await site.page('security', { language, at: '/review' });
      await review.getByRole('heading', { name: said.own }).waitFor();
      const sheet = review.getByRole('dialog');
      if ((await sheet.count()) === 0) await review.getByRole('button', { name: said.sheet }).click();
      await sheet.waitFor();
      await sheet.getByRole('textbox').first().fill(REASON[language]);
      await take(review, `purpose-${language}`);
      await review.goto(`${site.url}${await viewing(language)}`);
      await expect.poll(() => recordedPictures(review), PATIENCE).toBe(4);
      await take(review, `review-${language}`);
      await review.context().close();
    },
    LONG,
  );

  it.each(['ko', 'en'] as const)(
    'are those of the day of an officer, in %s',
    async (language) => {
      const said = SAID[language];
      for (const [name, at] of [
        ['officer-today', '/today'],
        ['approvals', '/approvals'],
        ['retention', '/retention'],
        ['records', '/records'],
      ] as const) {
        const page = await site.page('officer', { language, at });
        const title = name === 'officer-today' ? said.today : said[name];
        await page.getByRole('heading', { name: title }).first().waitFor();
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
        await take(page, `${name}-${language}`);
        await page.context().close();
      }
    },
    LONG,
  );

  it('are all that the guides show, and no other is kept', () => {
    const shown = readdirSync(GUIDES)
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) => [...readFileSync(join(GUIDES, name), 'utf8').matchAll(/\(pictures\/([^)]+)\)/g)])
      .map(([, picture]) => picture ?? '');
    expect(new Set(shown)).toEqual(made);
    expect(shown.filter((picture) => !existsSync(join(KEPT, picture)))).toEqual([]);
    expect(readdirSync(KEPT).filter((name) => !made.has(name))).toEqual([]);
  });
});
