import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEventName } from '../../src/ledger/events.ts';
import { hasChromium } from '../support/web/browser.ts';
import { fitsTheScreen } from '../support/web/layout.ts';
import { entriesIn } from '../support/web/ledger-entries.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type Person, secondAdministrator } from '../support/web/people.ts';
import { prove } from '../support/web/proof.ts';
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

  it('an account is suspended, restored, its dates changed, its factors reset, and closed', async () => {
    const administrator = await site.person('administrator');
    await prove(site.api, administrator, 'account');
    const { account } = (await site.api.call(administrator.token, 'POST', '/api/people', {
      login: 'day.guard',
      name: '김한낮',
      role: 'security',
      kind: 'trustee',
      contractUntil: '2031-05-31T15:00:00.000Z',
    })) as { account: string };
    const page = await site.page('administrator', { at: `/people/${account}` });
    const facts = page.getByRole('definition');
    const sheet = page.getByRole('dialog');
    const doneBy = async (button: string, done: string) => {
      await page.getByRole('button', { name: button, exact: true }).click();
      await sheet.getByText('기록되는 것:', { exact: false }).waitFor();
      await sheet.getByRole('button', { name: button, exact: true }).click();
      await page.getByText(done, { exact: true }).waitFor();
      await sheet.waitFor({ state: 'detached' });
    };
    await page.getByRole('button', { name: '계약·교육 날짜' }).click();
    await sheet.getByLabel('계약이 끝나는 날').fill('');
    await sheet.getByRole('button', { name: '바꾸기 · 기록이 남습니다' }).click();
    await sheet.getByText('수탁자는 계약이 끝나는 날이 있어야 합니다.').waitFor();
    await sheet.getByLabel('계약이 끝나는 날').fill('2032-12-31');
    await sheet.getByLabel('교육이 유효한 날까지').fill('2031-06-30');
    await sheet.getByRole('button', { name: '바꾸기 · 기록이 남습니다' }).click();
    await page.getByText('날짜를 바꾸었습니다.').waitFor();
    await facts
      .filter({ hasText: /203[23]-/ })
      .first()
      .waitFor();
    await doneBy('정지', '정지했습니다.');
    await page.getByText('정지 · 책임자가 정지').waitFor();
    await photograph(page, 'person-suspended-ko-light');
    await doneBy('되살리기', '되살렸습니다.');
    await doneBy('2차 인증 초기화', '2차 인증을 초기화했습니다.');
    await doneBy('계정 닫기', '계정을 닫았습니다.');
    await page.getByRole('heading', { level: 1, name: '닫힌 계정' }).waitFor();
    expect(await page.getByText('김한낮').count()).toBe(0);
    await photograph(page, 'person-closed-ko-light');
    await noSeriousFindings(page);
    const of = (event: LedgerEventName) =>
      entriesIn(site.home, event).filter(({ facts: { account: whose } }) => whose === account).length;
    // Its dates, and its factors.
    expect(of('account.changed')).toBe(2);
    expect(of('right.suspended')).toBe(1);
    expect(of('right.restored')).toBe(1);
    expect(of('account.closed')).toBe(1);
    expect(site.faults).toEqual([]);
  });

  it('whose factors are reset is out at once, and begins with another password', async () => {
    const auditor = await site.person('auditor');
    const out = await site.page('auditor', { at: '/cameras' });
    const { account } = (await site.api.call(auditor.token, 'GET', '/api/me')) as { account: string };
    const page = await site.page('administrator', { at: `/people/${account}`, language: 'en' });
    await page.getByRole('button', { name: 'Reset second factors' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset second factors' }).click();
    await page.getByText('The second factors are reset.').waitFor();
    await out.getByRole('heading', { name: '로그인이 끝났습니다' }).waitFor({ timeout: 30_000 });
    await out.getByLabel('로그인 이름').fill(auditor.login);
    await out.getByLabel('비밀번호', { exact: true }).last().fill(auditor.password);
    await out.keyboard.press('Enter');
    await out.getByRole('heading', { name: '비밀번호를 바꾸어 주세요' }).waitFor();
  });

  it('of two administrators who do the same the second is told so, and sees how it stands', async () => {
    const [first, officer] = [await site.person('administrator'), await site.person('officer')];
    await prove(site.api, first, 'account');
    await prove(site.api, officer, 'right');
    const second = await secondAdministrator(site.api, first, officer);
    const { account } = (await site.api.call((await site.person('reviewer')).token, 'GET', '/api/me')) as {
      account: string;
    };
    const ready = async (who: Person | 'administrator') => {
      const page = await site.page(who, { at: `/people/${account}`, viewport: { width: 820, height: 1180 } });
      await page.getByRole('button', { name: '정지', exact: true }).click();
      return page;
    };
    const [one, other] = [await ready('administrator'), await ready(second)];
    await one.getByRole('dialog').getByRole('button', { name: '정지', exact: true }).click();
    await one.getByText('정지했습니다.', { exact: true }).waitFor();
    await other.getByRole('dialog').getByRole('button', { name: '정지', exact: true }).click();
    await other.getByText(/그사이 다른 사람이 이것을 바꾸었습니다/).waitFor();
    await photograph(other, 'person-overtaken-ko-tablet');
    await noSeriousFindings(other);
    await fitsTheScreen(other);
    await other.keyboard.press('Escape');
    await other.getByText('정지 · 책임자가 정지').waitFor();
    expect(
      entriesIn(site.home, 'right.suspended').filter(({ facts }) => facts.account === account),
    ).toHaveLength(1);
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
