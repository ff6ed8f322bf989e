import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificate } from '../support/retention/certificate.ts';
import { hasChromium } from '../support/web/browser.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

const LONG = 300_000;
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
      await page.getByRole('row').filter({ hasText: '접수대 보존' }).waitFor();
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
});
