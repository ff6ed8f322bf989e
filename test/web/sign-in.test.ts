import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn as english } from '../../src/i18n/en/screens/sign-in.ts';
import { en } from '../../src/i18n/en.ts';
import { frame } from '../../src/i18n/ko/screens/frame.ts';
import { signIn as words } from '../../src/i18n/ko/screens/sign-in.ts';
import { ko } from '../../src/i18n/ko.ts';
import { hasChromium } from '../support/web/browser.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';
import { typeThrough } from '../support/web/typing.ts';

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
  ] as const)('can be used by everybody, in %s and %s', async (language, theme) => {
    const page = await site.page('nobody', { language, theme });
    await photograph(page, `sign-in-${language}-${theme}`);
    await noSeriousFindings(page);
    const own = await site.page('administrator', { language, theme, at: '/account' });
    await own.getByRole('table').nth(1).waitFor();
    await photograph(own, `account-${language}-${theme}`);
    await noSeriousFindings(own);
    expect(site.faults).toEqual([]);
  });

  it('works by the keyboard alone, the second factor included', async () => {
    const { login, password, recoveryCodes, name } = await site.person('officer');
    const page = await site.page('nobody', { at: '/account' });
    await typeThrough(page, login, password);
    await page.getByRole('heading', { name: words.factor.title }).waitFor();
    await noSeriousFindings(page);
    await photograph(page, 'factor-ko-light');
    // From the first of the ways to the recovery code, and into its field.
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('textbox', { name: words.factor.recoveryLabel }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type(recoveryCodes.pop() ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: frame.pages.account }).waitFor();
    expect(await page.getByRole('link', { name }).count()).toBe(1);
    expect(site.faults).toEqual([]);
  });

  it.each([
    ['ko', words, ko],
    ['en', english, en],
  ] as const)('says in %s what was wrong, and forgets the password', async (language, said, sentences) => {
    const page = await site.page('nobody', { language });
    await page.getByLabel(said.login).fill('guard');
    await page.getByLabel(said.password).fill('wrong-words-all-of-them');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe(sentences.errors.sign_in_refused({}));
    expect(await page.getByLabel(said.password).inputValue()).toBe('');
    expect(await page.getByLabel(said.login).inputValue()).toBe('guard');
  });

  it('comes in front when the session was ended elsewhere, and gives back what was being written', async () => {
    const { login, password, token, totpSecret } = await site.person('auditor');
    const page = await site.page('auditor', { at: '/account' });
    await page.getByLabel('지금 비밀번호').fill('half a sentence');
    await site.api.call(token, 'POST', '/api/sign-out');
    await page.getByRole('heading', { name: words.endedTitle }).waitFor({ timeout: 30_000 });
    await photograph(page, 'ended-ko-light');
    await noSeriousFindings(page);
    // Nothing of what was on screen is to be seen or reached.
    expect(await page.getByRole('table').count()).toBe(0);
    await page.getByLabel(words.login).fill(login);
    await page.getByLabel(words.password, { exact: true }).last().fill(password);
    await page.getByRole('button', { name: words.submit, exact: true }).click();
    await page.getByLabel(words.factor.totpLabel).fill(nextCode(totpSecret));
    await page.getByRole('button', { name: words.factor.submit }).click();
    await page.getByRole('heading', { level: 1, name: frame.pages.account }).waitFor();
    expect(await page.getByLabel('지금 비밀번호').inputValue()).toBe('half a sentence');
  });

  it('waits for a server that is gone, says since when, and goes on by itself', async () => {
    const page = await site.page('administrator', { at: '/account' });
    await page.getByRole('table').first().waitFor();
    await site.stopWeb();
    await page.getByText('서버에 연결할 수 없습니다').waitFor({ timeout: 30_000 });
    await photograph(page, 'offline-ko-light');
    expect(await page.getByText(/마지막 확인 \d\d:\d\d:\d\d/).count()).toBe(1);
    await site.startWeb();
    await page.getByText('서버에 연결할 수 없습니다').waitFor({ state: 'detached', timeout: 30_000 });
    await page.getByText(frame.bar.recording({ recording: 3, of: 3 })).waitFor({ timeout: 30_000 });
  });
});

/** The step that was used at the set-up is used: the next one is good already (a minute's drift is allowed). */
const nextCode = (secret: string | undefined) =>
  new TOTP({ secret: secret ?? '' }).generate({
    timestamp: performance.timeOrigin + performance.now() + 30_000,
  });
