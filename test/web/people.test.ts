import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/web/browser.ts';
import { entriesIn } from '../support/web/ledger-entries.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

const REASON = '야간 근무를 새로 맡아 복도를 보아야 합니다';
let site: SiteUnderTest;

describe.runIf(hasChromium())('people and approvals', () => {
  beforeAll(async () => {
    site = await startSite({ cameras: 2 });
  });
  afterAll(() => site?.close());

  it('an administrator makes a guard and asks for a right; the officer approves it', async () => {
    const page = await site.page('administrator', { at: '/people' });
    await page.getByRole('table').first().waitFor();
    await photograph(page, 'people-ko-light');
    await noSeriousFindings(page);
    await page.getByRole('button', { name: '계정 만들기' }).click();
    await page.getByLabel('이름', { exact: true }).fill('박새벽');
    await page.getByLabel('로그인 이름').fill('night.guard');
    await page.getByRole('button', { name: '계정 만들기 · 기록이 남습니다' }).click();
    await page.getByText('지금 한 번만 보여 드리며').waitFor();
    await page.getByRole('button', { name: '전했습니다' }).click();
    await page.getByRole('link', { name: '박새벽' }).click();
    await page.getByRole('button', { name: '권한 신청' }).click();
    await page.getByLabel('실시간 보기').check();
    await page.getByLabel('공개된 장소 모두').check();
    await page.getByLabel('사유').fill(REASON);
    await photograph(page, 'people-right-ko-light');
    await noSeriousFindings(page);
    await page.getByRole('button', { name: '권한 신청 · 기록이 남습니다' }).click();
    await page.getByText('승인 대기').first().waitFor();
    await photograph(page, 'person-ko-light');
    await noSeriousFindings(page);
    expect(entriesIn(site.home, 'right.requested')).toMatchObject([{ facts: { actions: ['live'] } }]);

    const officer = await site.page('officer', { at: '/approvals', language: 'en', theme: 'dark' });
    await officer.getByText('박새벽', { exact: false }).first().waitFor();
    await officer.getByText(REASON, { exact: false }).waitFor();
    await photograph(officer, 'approvals-en-dark');
    await noSeriousFindings(officer);
    await officer.getByRole('button', { name: 'Approve' }).click();
    await officer.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await officer.getByText('No right is waiting for approval.').waitFor();
    expect(entriesIn(site.home, 'right.approved')).toHaveLength(1);
    expect(site.faults).toEqual([]);
  });

  it('an officer approves what a guard asks for, who sees it among their own requests', async () => {
    const { token } = await site.person('security');
    const now = Date.now();
    await site.api.call(token, 'POST', '/api/grants', {
      kind: 'recorded',
      purpose: 'CRIME_PREVENTION',
      reason: '문이 부서진 때를 확인해야 합니다',
      cameras: ['cam01'],
      range: { from: new Date(now - 3_600_000).toISOString(), to: new Date(now - 60_000).toISOString() },
    });
    const officer = await site.page('officer', { at: '/approvals' });
    await officer.getByText('문이 부서진 때를 확인해야 합니다').waitFor();
    await photograph(officer, 'approvals-ko-light');
    await noSeriousFindings(officer);
    await officer.getByRole('button', { name: '승인' }).first().click();
    await officer.getByRole('dialog').getByRole('button', { name: '승인' }).click();
    await officer.getByText('기다리는 요청이 없습니다', { exact: false }).waitFor();
    expect(entriesIn(site.home, 'grant.made')).toMatchObject([{ facts: { basis: 'approval' } }]);
    const guard = await site.page('security', { at: '/approvals', language: 'en' });
    await guard.getByText('Approved').waitFor();
    await photograph(guard, 'approvals-own-en-light');
    await noSeriousFindings(guard);
    expect(site.faults).toEqual([]);
  });
});
