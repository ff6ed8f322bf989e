import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clinicCameras } from '../../demo/clinic.ts';
import { certificate } from '../support/retention/certificate.ts';
import { hasChromium } from '../support/web/browser.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

const LONG = 300_000;
/** Of the first camera, as the clinic calls it. */
const NAME = clinicCameras(1)[0]?.name.ko ?? '';
let site: SiteUnderTest;

describe.runIf(hasChromium())('Today and Retention', () => {
  beforeAll(async () => {
    site = await startSite({ cameras: 3 });
    const folder = join(site.home.storage, 'retention', 'certificates');
    mkdirSync(folder, { recursive: true });
    const kept = certificate();
    writeFileSync(join(folder, `${kept.run}.json`), JSON.stringify(kept));
  }, LONG);
  afterAll(() => site?.close(), LONG);

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first();

  it(
    'Today says in one line whether all is well, is where everybody begins, and shows a technician nothing but health',
    async () => {
      const page = await site.page('security');
      await heading(page, '오늘').waitFor();
      await page.getByText('3/3', { exact: true }).waitFor();
      expect(
        await page
          .getByRole('status')
          .filter({ hasText: /카메라 3대가 모두|할 일|경보/ })
          .count(),
      ).toBeGreaterThan(0);
      expect(await page.evaluate("performance.getEntriesByName('girok:today').length")).toBe(1);
      await noSeriousFindings(page);
      await photograph(page, 'today-ko-light');
      const dark = await site.page('security', { language: 'en', theme: 'dark' });
      await dark.getByText('3/3', { exact: true }).waitFor();
      const all = dark.getByRole('button', { name: 'Show all cameras' });
      // Where none was without a hole, all of them are listed already.
      if ((await all.count()) > 0) await all.press('Enter');
      const listed = dark.getByRole('img', { name: /^from 00:00 to/ });
      await listed.nth(2).waitFor();
      expect(await listed.count()).toBe(3);
      await noSeriousFindings(dark);
      await photograph(dark, 'today-en-dark');
      const tablet = await site.page('technician', { viewport: { width: 820, height: 1180 } });
      await tablet.getByText('3/3', { exact: true }).waitFor();
      expect(await tablet.getByText('장부', { exact: true }).count()).toBe(0);
      await photograph(tablet, 'today-ko-tablet-technician');
    },
    LONG,
  );

  it(
    'whose product it is stands there before a script has run, and makes room for the page',
    async () => {
      const page = await site.page('security');
      await page.getByText('3/3', { exact: true }).waitFor();
      const scripts = Promise.withResolvers<void>();
      await page.route('**/*.js', async (route) => {
        await scripts.promise;
        await route.continue();
      });
      await page.reload({ waitUntil: 'commit' });
      const beginning = page.locator('#beginning');
      await beginning.waitFor();
      expect(await beginning.textContent()).toBe('기록');
      await photograph(page, 'today-beginning');
      await expect
        .poll(() => page.evaluate("performance.getEntriesByName('first-contentful-paint').length"))
        .toBe(1);
      expect(await page.evaluate("document.querySelector('#root').childElementCount")).toBe(0);
      scripts.resolve();
      await heading(page, '오늘').waitFor();
      expect(await beginning.count()).toBe(0);
    },
    LONG,
  );

  it(
    'a guard holds footage by keyboard alone, and reads no reasons',
    async () => {
      const page = await site.page('security', { at: '/retention' });
      const add = page.getByRole('button', { name: '영상 보존하기' });
      await add.focus();
      await page.keyboard.press('Enter');
      const sheet = page.getByRole('dialog');
      await sheet.getByLabel('까닭').focus();
      await page.keyboard.press('Shift+Tab');
      await sheet.getByRole('button', { name: /보존하기/ }).press('Enter');
      await sheet.getByRole('alert').waitFor();
      await sheet.getByLabel('까닭').fill('분실물 문의를 받음');
      await photograph(page, 'retention-add-ko-light');
      await sheet.getByRole('button', { name: /보존하기/ }).press('Enter');
      const held = page.getByRole('row').filter({ hasText: '접수대 보존' });
      await held.filter({ hasText: NAME }).waitFor();
      expect(await held.textContent()).not.toContain('cam01');
      expect(await page.getByText('분실물 문의').count()).toBe(0);
      await noSeriousFindings(page);
      await photograph(page, 'retention-holds-ko-guard');
    },
    LONG,
  );

  it(
    'of two officers who change the same hold the second is told so, and sees what it is now',
    async () => {
      const open = async () => {
        const page = await site.page('officer', { at: '/retention?part=holds' });
        await page.getByText(/분실물 문의를 받음/).waitFor();
        await page.getByRole('button', { name: /보존 열기/ }).press('Enter');
        await page.getByRole('dialog').getByText('내력').waitFor();
        return page;
      };
      const [first, second] = [await open(), await open()];
      await photograph(first, 'retention-hold-ko-light');
      await noSeriousFindings(first);
      for (const page of [first, second])
        await page.getByRole('dialog').getByLabel('까닭').fill('열람 청구가 접수되어 넘겨받음');
      await first.getByRole('button', { name: /넘겨받기 ·/ }).press('Enter');
      await first.getByText('넘겨받았습니다.').waitFor();
      await second.getByRole('button', { name: /넘겨받기 ·/ }).press('Enter');
      await second.getByText(/그 사이에 다른 사람이 이 보존을 바꾸었습니다/).waitFor();
      await noSeriousFindings(second);
      await photograph(second, 'retention-hold-changed-ko-light');
      await second.getByRole('button', { name: '바뀐 것 보기' }).press('Enter');
      await second
        .getByRole('dialog')
        .getByText(/정보주체 청구 · /)
        .waitFor();
    },
    LONG,
  );

  it(
    'shows what is erased when, certificates, and each part in both languages',
    async () => {
      const page = await site.page('officer', { at: '/retention', language: 'en', theme: 'dark' });
      await heading(page, 'Next erasing').waitFor();
      await page.getByRole('button', { name: /Show certificate/ }).press('Enter');
      await page
        .getByRole('dialog')
        .getByText(/SHA-256/)
        .waitFor();
      await photograph(page, 'retention-certificate-en-dark');
      await noSeriousFindings(page);
      await page.keyboard.press('Escape');
      await noSeriousFindings(page);
      await photograph(page, 'retention-erasing-en-dark');
      const light = await site.page('officer', { at: '/retention' });
      await heading(light, '다음 파기').waitFor();
      await photograph(light, 'retention-erasing-ko-light');
      await light.getByRole('tab', { name: '파기 확인' }).press('Enter');
      await light.getByText('확인할 파기가 없습니다').waitFor();
      await light.getByRole('tab', { name: '반출물' }).press('Enter');
      await light.getByText('반출한 것이 없습니다').waitFor();
      await noSeriousFindings(light);
      expect(site.faults).toEqual([]);
    },
    LONG,
  );

  it(
    'an officer hands something out under the next number, and whoever gets it is not forgotten',
    async () => {
      const page = await site.page('officer', { at: '/retention?part=items' });
      await page.getByRole('button', { name: '반출 적기' }).press('Enter');
      const sheet = page.getByRole('dialog');
      const submit = sheet.getByRole('button', { name: /번호 받기/ });
      await submit.press('Enter');
      await sheet.getByText('적어 주세요.', { exact: true }).nth(1).waitFor();
      await sheet.getByLabel('내용').fill('접수 11-21 14:00~14:20 마스킹본');
      await sheet.getByLabel('받은 사람').fill('이정보');
      await photograph(page, 'retention-hand-out-ko-light');
      await noSeriousFindings(page);
      await submit.press('Enter');
      const number = sheet.getByText(/^제\d{4}-0001호$/);
      await number.waitFor();
      await sheet.getByRole('button', { name: '적었습니다' }).press('Enter');
      await page.getByRole('row').filter({ hasText: '이정보' }).waitFor();
      const dark = await site.page('officer', { at: '/retention?part=items', language: 'en', theme: 'dark' });
      await dark.getByRole('button', { name: 'It was destroyed: item' }).press('Enter');
      await dark.getByRole('dialog').getByLabel('Who was there').fill('박입회');
      await photograph(dark, 'retention-destroyed-en-dark');
      await dark.getByRole('button', { name: /into the management ledger/ }).press('Enter');
      await dark.getByRole('row').filter({ hasText: 'destroyed' }).waitFor();
      await noSeriousFindings(dark);
    },
    LONG,
  );

  it(
    'every screen says when the ledger was verified, and the page about the system what is published and under which licences',
    async () => {
      for (const [language, theme] of [
        ['ko', 'light'],
        ['en', 'dark'],
      ] as const) {
        const page = await site.page('auditor', { at: '/about', language, theme });
        const verified = language === 'ko' ? /장부 검증 .*✓/ : /Ledger verified .*✓/;
        await page.getByRole('link', { name: verified }).waitFor();
        await page
          .getByText(/홍길동|Gildong Hong/)
          .first()
          .waitFor();
        await page.getByText(/^[^ ]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/).waitFor();
        await page.getByRole('button', { name: /전문 보기|Show the texts/ }).press('Enter');
        await page.getByText(/SIL OPEN FONT LICENSE Version 1.1/).waitFor();
        await photograph(page, `about-${language}-${theme}`);
        await noSeriousFindings(page);
      }
      const guard = await site.page('security', { at: '/about' });
      await guard.getByText(/장부 검증 .*✓/).waitFor();
      expect(await guard.getByRole('link', { name: /장부 검증/ }).count()).toBe(0);
      expect(site.faults).toEqual([]);
    },
    LONG,
  );

  it(
    'what the server refuses is said with a number to ask with, and a language is taken along by whoever chose it',
    async () => {
      const auditor = await site.person('auditor');
      const administrator = await site.person('administrator');
      const { account } = (await site.api.call(auditor.token, 'GET', '/api/me')) as { account: string };
      const proof = { proof: { password: administrator.password }, for: 'right' };
      await site.api.call(administrator.token, 'POST', '/api/proof', proof);
      const { rights } = (await site.api.call(administrator.token, 'GET', '/api/rights')) as {
        rights: { id: string; account: string }[];
      };
      const right = rights.find((one) => one.account === account);
      await site.api.call(administrator.token, 'POST', `/api/rights/${right?.id}/revoke`, {});
      const page = await site.page('auditor', { at: '/records' });
      await page
        .getByText(/\(문의 번호 [0-9a-hjkmnp-tv-z]{8}\)/)
        .first()
        .waitFor();
      await photograph(page, 'records-refused-ko-light');
      const browser = await site.page('technician');
      await heading(browser, '오늘').waitFor();
      await browser.getByLabel('언어').selectOption('en');
      await heading(browser, 'Today').waitFor();
      await expect
        .poll(async () => {
          const { token } = await site.person('technician');
          return ((await site.api.call(token, 'GET', '/api/me')) as { language?: string }).language;
        })
        .toBe('en');
      const elsewhere = await site.page('technician');
      await heading(elsewhere, 'Today').waitFor();
      // Whoever comes next finds the browser as it wishes to be.
      const nobody = await site.page('nobody');
      await nobody.getByRole('button', { name: '로그인' }).waitFor();
      expect(site.faults).toEqual([]);
    },
    LONG,
  );
});
