import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials as enCredentials } from '../../src/i18n/en/screens/credentials.ts';
import { frame as enFrame } from '../../src/i18n/en/screens/frame.ts';
import { setUp as enSetUp } from '../../src/i18n/en/screens/set-up.ts';
import { credentials as koCredentials } from '../../src/i18n/ko/screens/credentials.ts';
import { frame as koFrame } from '../../src/i18n/ko/screens/frame.ts';
import { setUp as koSetUp } from '../../src/i18n/ko/screens/set-up.ts';
import { hasChromium } from '../support/web/browser.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

const PASSWORD = '보라색 우산 열두 개와 낡은 지도';
describe.runIf(hasChromium()).each([
  ['ko', 'light', koSetUp, koCredentials, koFrame],
  ['en', 'dark', enSetUp, enCredentials, enFrame],
] as const)('the first run, in %s', (language, theme, said, own, frame) => {
  let site: SiteUnderTest;
  let handed = '';
  beforeAll(async () => {
    site = await startSite({ people: 'none' });
  });
  afterAll(() => site.close());

  it('leads to a site that is set up', async () => {
    const page = await site.page('nobody', { language, theme });
    const look = async (name: string) => {
      await photograph(page, `first-run-${name}-${language}-${theme}`);
      await noSeriousFindings(page);
    };
    await page.getByText(said.recording({ recording: 3, of: 3 })).waitFor({ timeout: 30_000 });
    await look('1-administrator');

    const fill = async (code: string) => {
      await page.getByLabel(said.administrator.code).fill(code);
      await page.getByLabel(said.administrator.login).fill('admin');
      await page.getByLabel(said.administrator.name, { exact: true }).fill('정관리');
      await page.getByLabel(own.password.make, { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: said.administrator.submit }).click();
    };
    await fill('0000-0000-0000-0000');
    await page.getByRole('alert').waitFor();
    const { code } = site.girok('people', 'first-code') as { code: string };
    await fill(code);

    await page.getByRole('heading', { name: said.factor.title }).waitFor();
    await page.getByRole('img', { name: own.totp.picture }).waitFor();
    await look('2-factor');
    const secret = ((await page.locator('code').textContent()) ?? '').replaceAll(' ', '');
    await page.getByLabel(own.totp.code).fill(new TOTP({ secret }).generate());
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: own.recovery.title }).waitFor();
    await look('3-recovery');
    expect(await page.getByRole('list', { name: own.recovery.title }).getByRole('listitem').count()).toBe(10);
    await page.getByLabel(own.recovery.kept).check();
    await page.getByRole('button', { name: own.recovery.goOn }).click();

    await page.getByRole('heading', { name: said.officer.title }).waitFor();
    await page.getByLabel(said.administrator.name, { exact: true }).fill('송은서');
    await page.getByLabel(said.administrator.login).fill('officer');
    await look('4-officer');
    await page.getByRole('button', { name: said.officer.submit }).click();
    await page.getByText(said.officer.handedText).waitFor();
    await look('5-handed');
    handed = (await page.getByRole('definition').last().textContent()) ?? '';
    await page.getByRole('button', { name: said.officer.goOn }).click();
    await page.getByRole('heading', { name: said.done.title }).waitFor();
    await look('6-done');
    await page.getByRole('button', { name: said.done.begin }).click();
    await page.getByRole('navigation', { name: frame.menu }).waitFor();
    expect(site.faults).toEqual([]);
  });

  it('has whoever was handed a password choose another, and then a factor', async () => {
    const officer = await site.page('nobody', { language, theme });
    await officer.locator('[name=username]').fill('officer');
    await officer.locator('[name=password]').fill(handed);
    await officer.keyboard.press('Enter');
    await officer.getByRole('heading', { name: said.password.title }).waitFor();
    await photograph(officer, `forced-password-${language}-${theme}`);
    await noSeriousFindings(officer);
    await officer.getByLabel(own.password.current).fill(handed);
    await officer.getByLabel(own.password.next).fill('short');
    await officer.keyboard.press('Enter');
    await officer.getByRole('alert').waitFor();
    await officer.getByLabel(own.password.next).fill('낡은 지도 위의 초록 자전거 다섯 대');
    await officer.keyboard.press('Enter');
    await officer.getByRole('heading', { name: said.factor.title }).waitFor();
    expect(site.faults).toEqual([]);
  });
});
