import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/web/browser.ts';
import { entriesIn } from '../support/web/ledger-entries.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

/** What the recorder sees within a second is in the steward's book, and asked for by a page, after some more. */
const TOLD_MS = 60_000;

let site: SiteUnderTest;

describe.runIf(hasChromium())('alarms', () => {
  beforeAll(async () => {
    site = await startSite({ cameras: 2 });
  });
  afterAll(() => site?.close());

  const card = (page: Page, words: string | RegExp) => page.getByRole('listitem').filter({ hasText: words });

  it('an alarm has an owner, is taken note of by name, and ends', async () => {
    const page = await site.page('security', { at: '/alarms' });
    const before = readFileSync(site.home.config, 'utf8');
    writeFileSync(site.home.config, before.replace('purposes:', 'purpose:'));
    const alarm = card(page, '고친 cameras.yml 에 오류가 있어');
    await alarm.waitFor({ timeout: TOLD_MS });
    await alarm.getByText(/언제부터/).waitFor();
    await photograph(page, 'alarms-ko-light');
    await noSeriousFindings(page);
    await alarm.getByRole('button', { name: '제가 맡겠습니다' }).press('Enter');
    await alarm.getByText('맡은 사람이 있습니다').waitFor();
    await alarm.getByLabel('메모').fill('설정을 고친 사람에게 알렸습니다');
    await alarm.getByRole('button', { name: '확인했습니다' }).press('Enter');
    await alarm.getByRole('button', { name: '확인했습니다' }).waitFor({ state: 'detached' });
    await alarm.getByText('확인했습니다', { exact: true }).waitFor();
    const { token } = await site.person('security');
    const { account } = (await site.api.call(token, 'GET', '/api/me')) as { account: string };
    for (const event of ['alarm.assigned', 'alarm.acknowledged'] as const)
      expect(entriesIn(site.home, event)).toMatchObject([
        { actor: `person:${account}`, facts: { alarm: 'config_rejected' } },
      ]);
    writeFileSync(site.home.config, before);
    await alarm.waitFor({ state: 'detached', timeout: TOLD_MS });
    await page.getByRole('radio', { name: '끝난 것까지' }).check();
    await alarm.getByText(/끝난 때/).waitFor();
    expect(await alarm.getByRole('button').count()).toBe(0);
    await photograph(page, 'alarms-over-ko-light');
    const english = await site.page('technician', { at: '/alarms', language: 'en', theme: 'dark' });
    await english.getByRole('radio', { name: 'Those that are over too' }).check();
    await card(english, 'cameras.yml').waitFor();
    await photograph(english, 'alarms-over-en-dark');
    await noSeriousFindings(english);
    expect(site.faults).toEqual([]);
  });
});
