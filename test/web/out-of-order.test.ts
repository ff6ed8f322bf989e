import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { today } from '../../src/i18n/en/screens/today.ts';
import { ko } from '../../src/i18n/ko.ts';
import { holdWriteLock } from '../support/lock-holder.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';
import { hasChromium } from '../support/web/browser.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

const REASON = '출입문이 열려 있던 까닭을 확인합니다';
const MIB = 1024 * 1024;
/** Half of the reserve of the site: too little to record, enough for the ledger. */
const LEFT_BYTES = 32 * MIB;
/** What the recorder sees within a second is in the steward's book, and asked for by a page, after some more. */
const TOLD_MS = 60_000;

let site: SiteUnderTest;
let disk: SmallDisk | { readonly refused: string };
const folder = mkdtempSync(join(tmpdir(), 'girok-small-'));

describe.runIf(hasChromium())('what is out of order', () => {
  beforeAll(async () => {
    disk = mountSmallDisk(folder, 384 * MIB);
    site = await startSite({ cameras: 2, storage: join(folder, 'storage') });
  });
  afterAll(async () => {
    await site?.close();
    if (!('refused' in disk)) disk.unmount();
    rmSync(folder, { recursive: true, force: true });
  });

  it('while the ledger cannot be written nothing is shown and nobody signs in, and each is told why', async () => {
    const page = await site.page('security', { at: '/review' });
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('checkbox').first().check();
    await sheet.getByRole('radio').first().check();
    await sheet.getByLabel('사유').fill(REASON);
    const stranger = await site.page('nobody');
    const { login, password } = await site.person('auditor');
    await stranger.getByLabel('로그인 이름').fill(login);
    await stranger.getByLabel('비밀번호', { exact: true }).fill(password);
    const start = sheet.getByRole('button', { name: /재생 시작/ });
    const holder = await holdWriteLock(join(site.home.storage, 'site.db'));
    try {
      await start.click();
      await sheet.getByText(ko.errors.viewing_unrecorded({})).waitFor({ timeout: 60_000 });
      expect(page.url()).toMatch(/\/review$/);
      await photograph(page, 'review-ledger-down-ko-light');
      await noSeriousFindings(page);
      await stranger.keyboard.press('Enter');
      await stranger.getByRole('alert').waitFor({ timeout: 60_000 });
      expect(await stranger.getByRole('alert').textContent()).toContain(ko.errors.ledger_unwritable({}));
      await photograph(stranger, 'sign-in-ledger-down-ko-light');
    } finally {
      await holder.release();
    }
    // Nothing that was written is lost: the same press opens it.
    await start.click();
    await page.waitForURL(/\/review\/[0-9a-z]{16}$/);
    await page.locator('figure[data-state=picture]').first().waitFor({ timeout: 30_000 });
    const typed = stranger.getByLabel('비밀번호', { exact: true });
    expect(await typed.inputValue()).toBe(password);
    await typed.press('Enter');
    await typed.waitFor({ state: 'detached', timeout: 30_000 });
  });

  it('a disk that is full is said at once with what it means and what to do, and over once there is room', async ({
    skip,
  }) => {
    if ('refused' in disk) return skip(`no file system can be mounted here: ${disk.refused}`);
    const page = await site.page('security', { language: 'en' });
    await page.getByText('2/2', { exact: true }).waitFor();
    disk.fillUpTo(LEFT_BYTES);
    const sentence = page.getByText(/The disk is full up to its reserve/);
    await sentence.waitFor({ timeout: TOLD_MS });
    await page.getByText('0/2', { exact: true }).waitFor({ timeout: 30_000 });
    await page.getByText(today.noRoomText).waitFor();
    await photograph(page, 'today-disk-full-en-light');
    await noSeriousFindings(page);
    disk.empty();
    await sentence.waitFor({ state: 'detached', timeout: TOLD_MS });
    await page.getByText('2/2', { exact: true }).waitFor({ timeout: 30_000 });
    expect(site.faults).toEqual([]);
  });
});
