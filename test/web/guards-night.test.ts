import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frame } from '../../src/i18n/ko/screens/frame.ts';
import { records } from '../../src/i18n/ko/screens/records.ts';
import { review } from '../../src/i18n/ko/screens/review.ts';
import { signIn } from '../../src/i18n/ko/screens/sign-in.ts';
import { hasChromium } from '../support/web/browser.ts';
import { photograph } from '../support/web/looks.ts';
import { nextCode, type Person } from '../support/web/people.ts';
import { allShow, everyIs, recordedTogether } from '../support/web/recorded-desk.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';
import { tabTo, typeThrough } from '../support/web/typing.ts';

const REASON = '새벽 세 시에 난 소리의 까닭을 확인합니다';
let site: SiteUnderTest;

describe.runIf(hasChromium())("a guard's night without a mouse", () => {
  beforeAll(async () => {
    site = await startSite({ cameras: 2 });
    await recordedTogether(site, ['cam01', 'cam02'], 3);
  });
  afterAll(() => site?.close());

  it('signs in, sees that all is well, looks, marks, ends, and the officer reads it in the records', async () => {
    const [guard, officer] = [await site.person('security'), await site.person('officer')];
    const page = await site.page('nobody');
    const enter = async ({ login, password, totpSecret }: Person) => {
      await page.getByLabel(signIn.login).waitFor();
      await typeThrough(page, login, password);
      if (totpSecret === undefined) return;
      await page.getByLabel(signIn.factor.totpLabel).waitFor();
      await typeThrough(page, nextCode(totpSecret));
    };
    const follow = async (name: string) => {
      const link = page
        .getByRole('navigation', { name: frame.menu })
        .getByRole('link', { name, exact: true });
      await link.waitFor();
      await tabTo(page, link);
      await page.keyboard.press('Enter');
    };
    await enter(guard);
    await page.getByRole('heading', { level: 1, name: frame.pages.today }).waitFor();
    await page.getByText('2/2', { exact: true }).waitFor();
    await follow(frame.pages.review);

    const sheet = page.getByRole('dialog');
    const all = sheet.getByRole('button', { name: review.cameras.all, exact: true });
    await all.waitFor();
    await tabTo(page, all);
    await page.keyboard.press('Enter');
    await tabTo(page, sheet.getByRole('radio').first());
    await page.keyboard.press('Space');
    await tabTo(page, sheet.getByLabel(review.sheet.reason));
    await page.keyboard.type(REASON);
    await tabTo(page, sheet.getByRole('button', { name: review.sheet.start }));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/review\/[0-9a-z]{16}$/);
    await allShow(page, (all) => Object.values(all).every(({ state }) => /^(picture|gap)$/.test(state)));
    // The hour begins before the footage, and that of one camera before the other's: played on until both are there.
    await page.keyboard.press('Space');
    await allShow(page, everyIs('picture'));
    await page.keyboard.press('Space');
    await page.keyboard.press('b');
    await sheet.getByLabel(review.bookmarks.note).waitFor();
    await page.keyboard.type('아무도 없음');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /아무도 없음/ }).waitFor();
    await tabTo(page, page.getByRole('button', { name: review.bar.end }));
    await page.keyboard.press('Enter');
    await page.getByText(review.desk.ended).waitFor();
    await photograph(page, 'night-ended-ko-light');
    await page.waitForURL(/\/review$/);
    await page.getByRole('heading', { level: 1, name: review.title }).waitFor();
    // Nothing stands in front: whoever has just ended a viewing is done.
    await tabTo(page, page.getByRole('button', { name: frame.bar.signOut }));
    await page.keyboard.press('Enter');

    await enter(officer);
    await follow(frame.pages.records);
    const tab = page.getByRole('tab', { selected: true });
    await tab.waitFor();
    await tabTo(page, tab);
    for (let step = 0; step < 5; step++) {
      if ((await tab.textContent()) === records.names.viewing) break;
      await page.keyboard.press('ArrowRight');
    }
    await page.getByRole('row').filter({ hasText: REASON }).first().waitFor();
    await photograph(page, 'night-records-ko-light');
    expect(site.faults).toEqual([]);
  });
});
