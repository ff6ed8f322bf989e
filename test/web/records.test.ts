import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { records } from '../../src/i18n/ko/screens/records.ts';
import { ko } from '../../src/i18n/ko.ts';
import { verifyProof } from '../../src/ledger/tlog-proof.ts';
import { hasChromium } from '../support/web/browser.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

let site: SiteUnderTest;

describe.runIf(hasChromium())('the records', () => {
  beforeAll(async () => {
    site = await startSite({ cameras: 1 });
  });
  afterAll(() => site.close());

  it.each([
    ['ko', 'light', 1280],
    ['ko', 'dark', 1280],
    ['en', 'light', 1280],
    ['en', 'dark', 820],
  ] as const)('read like the paper ledger, in %s, %s, %i px wide', async (language, theme, width) => {
    const viewport = { width, height: 800 };
    const page = await site.page('auditor', { language, theme, viewport, at: '/records?register=access' });
    await page.getByRole('columnheader').first().waitFor();
    const titles = await page.getByRole('columnheader').allTextContents();
    const { views } = (language === 'ko' ? ko : (await import('../../src/i18n/en.ts')).en).ledger;
    expect(titles.slice(0, -1)).toEqual([...views.access.titles]);
    await photograph(page, `records-${language}-${theme}`);
    await noSeriousFindings(page);
    await page.getByRole('row').nth(1).getByRole('button').click();
    await page.getByRole('dialog').locator('dl').first().waitFor();
    await photograph(page, `records-proof-${language}-${theme}`);
    await noSeriousFindings(page);
    expect(site.faults).toEqual([]);
  });

  it('are narrowed down, opened and proved by the keyboard alone', async () => {
    const page = await site.page('auditor', { at: '/records' });
    // The management ledger of a new site has nothing in it yet.
    await page.getByText(records.none).waitFor();
    await page.getByRole('tab', { selected: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: records.names.access, selected: true }).waitFor();
    const kinds = page.getByLabel(records.filter.kind);
    const wanted = kinds.locator('option', { hasText: /^로그인$/ });
    await wanted.waitFor({ state: 'attached' });
    await kinds.focus();
    const steps = await wanted.evaluate((option) => (option as unknown as { index: number }).index);
    expect(steps).toBeGreaterThan(0);
    for (let step = 0; step < steps; step++) await page.keyboard.press('ArrowDown');
    const cells = page.getByRole('row').nth(1).getByRole('cell');
    await expect.poll(() => cells.nth(6).textContent()).toBe(ko.ledger.views.events['access.signed_in']);
    await page.getByRole('row').nth(1).getByRole('button').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/검증점 #\d+/).waitFor({ timeout: 30_000 });
    const coming = page.waitForEvent('download');
    await dialog.getByRole('button', { name: records.entry.file }).focus();
    await page.keyboard.press('Enter');
    const proof = readFileSync(await (await coming).path());
    expect(verifyProof(proof, { kept: [] })).toMatchObject({ compared: 0 });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement?.getAttribute("aria-label")')).toContain('증명');
    expect(site.faults).toEqual([]);
  });

  it('are verified now, and who did it is entered', async () => {
    const page = await site.page('auditor', { at: '/records' });
    await page.getByRole('button', { name: records.verify.start }).click();
    await page.getByText(records.verify.sound, { exact: true }).waitFor({ timeout: 60_000 });
    await photograph(page, 'records-verified');
    const { token } = await site.person('auditor');
    expect(await site.api.call(token, 'GET', '/api/ledger')).toMatchObject({
      incident: false,
      verified: { sound: true },
    });
  });

  it('leave the house as a file, after a fresh proof where the last is old', async () => {
    const page = await site.page('auditor', { at: '/records?register=access' });
    const coming = page.waitForEvent('download', { timeout: 60_000 });
    await page.getByRole('button', { name: records.take.pdf }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toBe('access.pdf');
    expect(
      readFileSync(await file.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('print on A4 across, and the checkpoint with its QR code', async () => {
    const page = await site.page('auditor', { at: '/records?register=access' });
    await page.getByRole('row').nth(1).waitFor();
    const printed = await page.pdf({ preferCSSPageSize: true });
    expect(printed.toString('latin1')).toMatch(/\/MediaBox \[0 0 841\.\d+ 59[45]\.\d+\]/);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
    await photograph(page, 'records-printed');
    const sheet = await site.page('auditor', { at: '/records/checkpoint' });
    await sheet.getByRole('img', { name: records.checkpoint.qr }).waitFor();
    await photograph(sheet, 'records-checkpoint');
    await noSeriousFindings(sheet);
  });

  it('are shown to nobody who has no right to them', async () => {
    const { token } = await site.person('security');
    await expect(site.api.call(token, 'GET', '/api/logs/access')).rejects.toThrow('403');
    const page = await site.page('security', { at: '/account' });
    expect(await page.getByRole('link', { name: '기록', exact: true }).count()).toBe(0);
    await page.goto(`${site.url}/records`);
    await page.getByRole('heading', { name: '열 수 없는 화면입니다' }).waitFor();
    expect(await page.getByRole('link', { name: '기록', exact: true }).count()).toBe(0);
  });
});
