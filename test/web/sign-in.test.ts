import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn as english } from '../../src/i18n/en/screens/sign-in.ts';
import { en } from '../../src/i18n/en.ts';
import { account as accountWords } from '../../src/i18n/ko/screens/account.ts';
import { credentials } from '../../src/i18n/ko/screens/credentials.ts';
import { frame } from '../../src/i18n/ko/screens/frame.ts';
import { signIn as words } from '../../src/i18n/ko/screens/sign-in.ts';
import { ko } from '../../src/i18n/ko.ts';
import { authenticatorOf } from '../support/web/authenticator.ts';
import { hasChromium } from '../support/web/browser.ts';
import { entriesIn } from '../support/web/ledger-entries.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { nextCode } from '../support/web/people.ts';
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

  it('works with a passkey as second factor, and refuses one that was removed', async () => {
    const { login, password } = await site.person('reviewer');
    const page = await site.page('reviewer', { at: '/account' });
    const device = await authenticatorOf(page);
    const own = accountWords.factor;
    await page.getByRole('button', { name: own.add, exact: true }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('radio', { name: credentials.passkey.name }).check();
    await photograph(page, 'passkey-make-ko-light');
    await noSeriousFindings(page);
    await sheet.getByRole('button', { name: credentials.passkey.make }).click();
    await sheet.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: new RegExp(accountWords.factors.webauthn) });
    await row.first().waitFor();
    const [passkey] = await device.credentials();
    expect(passkey).toBeDefined();

    const toTheFactor = async (tab: Page) => {
      await tab.getByLabel(words.login).fill(login);
      await tab.getByLabel(words.password, { exact: true }).fill(password);
      await tab.keyboard.press('Enter');
      await tab.getByRole('radio', { name: words.factor.webauthn }).check();
    };
    await page.getByRole('button', { name: frame.bar.signOut }).click();
    await toTheFactor(page);
    await photograph(page, 'passkey-show-ko-light');
    await noSeriousFindings(page);
    await page.getByRole('button', { name: words.factor.passkeyShow }).click();
    await page.getByRole('navigation', { name: frame.menu }).waitFor();
    await page.goto(`${site.url}/account`);
    await row.first().waitFor();
    const [entry] = entriesIn(site.home, 'access.signed_in').slice(-1);
    expect(entry?.facts).toMatchObject({ factor: 'webauthn' });

    // Somebody else's browser with the same passkey stands before the last step while it is taken away.
    const stranger = await site.page('nobody');
    // Kept in the device itself, so that it answers though the server names none any more.
    if (passkey) await (await authenticatorOf(stranger)).put({ ...passkey, isResidentCredential: true });
    await toTheFactor(stranger);
    await page
      .getByRole('button', { name: own.removeSpoken({ kind: accountWords.factors.webauthn }) })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: own.removeConfirm }).click();
    await page.getByText(own.removed).waitFor();
    await stranger.getByRole('button', { name: words.factor.passkeyShow }).click();
    await stranger.getByRole('alert').waitFor();
    expect(await stranger.getByRole('alert').textContent()).toBe(ko.errors.factor_refused({}));
    await photograph(stranger, 'passkey-removed-ko-light');
    // And nobody who signs in is offered it.
    const anew = await site.page('nobody');
    await anew.getByLabel(words.login).fill(login);
    await anew.getByLabel(words.password, { exact: true }).fill(password);
    await anew.keyboard.press('Enter');
    await anew.getByRole('heading', { name: words.factor.title }).waitFor();
    expect(await anew.getByRole('radio', { name: words.factor.webauthn }).count()).toBe(0);
    expect(site.faults).toEqual([]);
  });

  it('waits for a server that is gone, says since when, and goes on by itself', async () => {
    const page = await site.page('administrator', { at: '/account' });
    await page.getByRole('table').first().waitFor();
    await site.stopWeb();
    await page.getByText('다시 연결하고 있습니다', { exact: false }).waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: frame.bar.signOut }).click();
    await page.getByText(frame.errors.unreachable).waitFor();
    await photograph(page, 'offline-ko-light');
    expect(await page.getByText(/마지막 확인 \d\d:\d\d:\d\d/).count()).toBe(1);
    await site.startWeb();
    await page
      .getByText('다시 연결하고 있습니다', { exact: false })
      .waitFor({ state: 'detached', timeout: 30_000 });
    await page.getByText(frame.bar.recording({ recording: 3, of: 3 })).waitFor({ timeout: 30_000 });
  });
});
