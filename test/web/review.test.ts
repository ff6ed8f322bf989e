import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clinicCameras } from '../../demo/clinic.ts';
import { review as reviewEn } from '../../src/i18n/en/screens/review.ts';
import { hasChromium } from '../support/web/browser.ts';
import { entriesIn } from '../support/web/ledger-entries.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { prove } from '../support/web/proof.ts';
import {
  allShow,
  apart,
  everyIs,
  everyStandsAt,
  later,
  openedBy,
  SECOND_US,
  type Span,
  timelineOf,
  usOf,
} from '../support/web/recorded-desk.ts';
import { recordedNumber } from '../support/web/recorded-numbers.ts';
import { shownPictures } from '../support/web/shown-pictures.ts';
import { type PageOptions, type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';
import { tabTo } from '../support/web/typing.ts';

const CAMERAS = ['cam01', 'cam02', 'cam03'] as const;
/** What the first two are called. */
const HELD = clinicCameras(2)
  .map(({ name }) => name.en)
  .join(', ');
const SEEN = '누군가 출입문을 밀어 엽니다';
const MORE = '그 전부터 있었는지 확인해야 합니다';
const REASON = '출입문이 열려 있던 까닭을 확인합니다';

let site: SiteUnderTest;
/** Where all cameras have footage, and where the first has none; µs UTC. */
let recordedUs: Span;
let gapUs: Span;

const timeline = () => timelineOf(site, CAMERAS);

/** The guard's right is another from now on: proposed by the administrator, approved by the officer. */
async function changeTheRight(change: {
  readonly lookBackHours?: number;
  readonly cameras?: readonly string[];
}) {
  const [administrator, officer, guard] = [
    await site.person('administrator'),
    await site.person('officer'),
    await site.person('security'),
  ];
  // Who has proved themselves five minutes ago has not now.
  for (const { token, password } of [administrator, officer])
    await site.api.call(token, 'POST', '/api/proof', { proof: { password }, for: 'approval' });
  const { account } = (await site.api.call(guard.token, 'GET', '/api/me')) as { account: string };
  const { rights } = (await site.api.call(administrator.token, 'GET', '/api/rights')) as {
    rights: { id: string; account: string; terms: { actions: string[]; cameras: string[]; from: string } }[];
  };
  const right = rights.find((one) => one.account === account);
  if (!right) throw new Error('the guard has no right');
  const terms = { ...right.terms, ...change };
  await site.api.call(administrator.token, 'PUT', `/api/rights/${right.id}`, {
    terms,
    reason: '야간 근무에 맞추어 줄입니다',
  });
  await site.api.call(officer.token, 'POST', `/api/rights/${right.id}/approve`, {});
}

/** Opened by itself where there is nothing to return to. */
async function sheetOf(page: Page): Promise<Locator> {
  await page.getByRole('heading', { name: /^(내가 요청한 열람|Viewings you asked for)$/ }).waitFor();
  const sheet = page.getByRole('dialog');
  if ((await sheet.count()) === 0)
    await page.getByRole('button', { name: /^(열람 시작|Start a viewing)$/ }).click();
  await sheet.waitFor();
  return sheet;
}

describe.runIf(hasChromium())('looking at recordings', () => {
  beforeAll(async () => {
    site = await startSite();
    await vi.waitFor(
      async () => {
        const [first] = await timeline();
        if (!first?.recorded.some(({ from, to }) => usOf(to) - usOf(from) > 5 * SECOND_US))
          throw new Error('not much recorded yet');
      },
      { timeout: 60_000, interval: 500 },
    );
    const rebootUs = Date.now() * 1000;
    site.simulated.faults.set({ camera: 'cam01', kind: 'reboot', durationMs: 6000 });
    await vi.waitFor(
      async () => {
        const lanes = await timeline();
        // The one that was ordered, and none of while the cameras were found.
        const gap = lanes[0]?.gaps.find(({ from }) => usOf(from) > rebootUs - 3 * SECOND_US);
        // The two streams of a camera do not come back at the same instant.
        const both = [...lanes, ...(await timelineOf(site, CAMERAS, 'sub'))];
        const last = both.map(({ recorded }) => recorded.at(-1));
        if (!gap || last.some((span) => !span)) throw new Error(`no gap yet: ${JSON.stringify(lanes)}`);
        const fromUs = Math.max(usOf(gap.to), ...last.map((span) => usOf(span?.from ?? '')));
        const toUs = Math.min(...last.map((span) => usOf(span?.to ?? '')));
        if (toUs - fromUs < 14 * SECOND_US)
          throw new Error(`not enough behind the gap yet: ${JSON.stringify(lanes)}`);
        gapUs = { fromUs: usOf(gap.from), toUs: usOf(gap.to) };
        recordedUs = { fromUs: Math.ceil(fromUs / SECOND_US) * SECOND_US, toUs };
      },
      { timeout: 90_000, interval: 500 },
    );
  }, 240_000);
  afterAll(() => site.close());

  const desk = async (range: Span, options: PageOptions = {}) => {
    const open = await openedBy(site, 'security', { cameras: CAMERAS, range, reason: REASON });
    const page = await site.page('security', { ...options, at: `/review/${open.viewing}` });
    return { ...open, page };
  };

  it('a guard reviews the last hour with a purpose, by keyboard alone, and it stands in the log', async () => {
    const page = await site.page('security', { at: '/review' });
    const sheet = await sheetOf(page);
    const start = sheet.getByRole('button', { name: /재생 시작 · 열람기록이 남습니다/ });
    await tabTo(page, start);
    await page.keyboard.press('Enter');
    await sheet.getByText('사유를 10자 이상 적어 주세요.').waitFor();
    expect(page.url()).toMatch(/\/review$/);
    for (const name of ['접수', '대기실'] as const)
      expect(await sheet.getByText(name).count()).toBeGreaterThan(0);
    await tabTo(page, sheet.getByRole('button', { name: '모두', exact: true }));
    await page.keyboard.press('Enter');
    await tabTo(page, sheet.getByRole('radio').first());
    await page.keyboard.press('Space');
    await tabTo(page, sheet.getByLabel('사유'));
    await page.keyboard.type(REASON);
    await tabTo(page, start);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/review\/[0-9a-z]{16}$/);
    await tabTo(page, page.getByRole('slider'));
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+ArrowLeft');
    await allShow(page, everyIs('picture'));
    await page.getByText(REASON).waitFor();
    const end = page.getByRole('button', { name: '이상 없음 · 끝내기' });
    await tabTo(page, end);
    await page.keyboard.press('Enter');
    await page.getByText('열람을 마쳤습니다. 이상 없음으로 기록했습니다.').waitFor();
    const log = JSON.stringify(site.girok('ledger', 'show', 'viewing'));
    expect(log).toContain(REASON);
    expect(site.faults).toEqual([]);
  });

  it('shows the picture of the moment that was asked for, to the picture, also after steps', async () => {
    const { page, viewing, token } = await desk(recordedUs);
    const truth = (camera: string, atUs: number) =>
      recordedNumber({ url: site.url, token, viewing, camera, stream: 'sub' }, atUs);
    await allShow(page, everyIs('picture'));
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    let atUs = recordedUs.fromUs;
    for (const key of ['ArrowRight', 'Shift+ArrowRight', 'ArrowLeft']) {
      await page.keyboard.press(key);
      atUs += (key.startsWith('Shift') ? 10 : 1) * (key.endsWith('Left') ? -1 : 1) * SECOND_US;
      const pictures = await allShow(page, everyStandsAt(atUs));
      for (const camera of CAMERAS)
        expect(
          apart(pictures[camera]?.number, await truth(camera, atUs)),
          `${camera} ${key}`,
        ).toBeLessThanOrEqual(1);
    }
    let before = (await shownPictures(page)).cam01?.number ?? Number.NaN;
    for (const [key, by] of [...Array(6).fill(['.', 1]), ...Array(8).fill([',', -1])] as [string, number][]) {
      await page.keyboard.press(key);
      const wanted = later(before, by);
      const pictures = await allShow(page, (all) => everyIs('picture')(all) && all.cam01?.number === wanted);
      // Side by side within one picture: none is of another moment.
      const taken = Object.values(pictures).map(({ takenUs = 0 }) => takenUs);
      expect(Math.max(...taken) - Math.min(...taken)).toBeLessThan(SECOND_US / 15 + 1000);
      before = wanted;
    }
    const shown = (await page.evaluate(
      "performance.getEntriesByName('girok:picture-shown').map(({ duration }) => duration)",
    )) as number[];
    expect(shown.length).toBeGreaterThan(6);
    expect(site.faults).toEqual([]);
  });

  it('plays, and says of a gap what caused it', async () => {
    const { page } = await desk({ fromUs: gapUs.fromUs - 4 * SECOND_US, toUs: recordedUs.toUs });
    await allShow(page, everyIs('picture'));
    await page.getByRole('slider').focus();
    for (let second = 0; second < 6; second++) await page.keyboard.press('ArrowRight');
    await allShow(page, ({ cam01, cam02 }) => cam01?.state === 'gap' && cam02?.state === 'picture');
    const tile = page.locator('figure[data-camera=cam01]');
    await tile.getByText(/이 시간에는 영상이 없습니다/).waitFor();
    await tile.getByText(/카메라 응답 없음|네트워크 끊김|카메라가 거절/).waitFor();
    const value = await page.getByRole('slider').getAttribute('aria-valuetext');
    expect(value).toMatch(/카메라 1대에 영상 없음: .+ \d\d:\d\d:\d\d–\d\d:\d\d:\d\d/);
    await page.getByRole('button', { name: '표로 보기' }).click();
    await page
      .getByRole('table')
      .getByText(/카메라 응답 없음|네트워크 끊김|카메라가 거절/)
      .first()
      .waitFor();
    await photograph(page, 'review-gap-ko-light');
    await page.getByRole('slider').focus();
    await page.keyboard.press('Space');
    // Over the gap by itself, until all three play again.
    await allShow(page, everyIs('picture'));
    const first = (await shownPictures(page)).cam01?.takenUs ?? 0;
    await allShow(page, ({ cam01 }) => (cam01?.takenUs ?? 0) > first + 300_000);
    expect(site.faults).toEqual([]);
  });

  it('opens nothing that has not been recorded yet, and says so at the times', async () => {
    const page = await site.page('security', { at: '/review', language: 'en' });
    const sheet = await sheetOf(page);
    await sheet.getByRole('checkbox').first().check();
    await sheet.getByRole('radio').first().check();
    await sheet.getByLabel('Reason').fill('looking for who left the door open');
    // From the last second of the day on: nobody looks at it in that second.
    await sheet.getByLabel('From', { exact: true }).fill('23:59:59');
    await sheet.getByLabel('To', { exact: true }).fill('00:30:00');
    await sheet.getByRole('button', { name: /Start playback/ }).click();
    await sheet.getByText(reviewEn.sheet.faults.future).waitFor();
    await photograph(page, 'review-future-en-light');
    expect(page.url()).toMatch(/\/review$/);
  });

  it('says that the server is away, keeps what it shows, and goes on from there by itself', async () => {
    const { page, viewing } = await desk(recordedUs, { language: 'en' });
    await allShow(page, everyIs('picture'));
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await allShow(page, everyStandsAt(recordedUs.fromUs));
    await page.keyboard.press('Space');
    await page.context().setOffline(true);
    const held = await allShow(page, (all) => Object.values(all).some(({ state }) => state === 'away'));
    await page.getByText('The server cannot be reached. It goes on from here once it can.').first().waitFor();
    // Where it stands is a picture of that moment still.
    for (const { takenUs } of Object.values(held))
      expect(takenUs).toBeGreaterThan(recordedUs.fromUs - 100_000);
    await photograph(page, 'review-offline-en-light');
    await noSeriousFindings(page);
    await page.context().setOffline(false);
    await allShow(page, (all) =>
      CAMERAS.every(
        (camera) =>
          all[camera]?.state === 'picture' && (all[camera].takenUs ?? 0) > (held[camera]?.takenUs ?? 0),
      ),
    );
    // What was not to be had at eight times the speed is not passed by either.
    await page.keyboard.press('k');
    await page.keyboard.press('Home');
    await allShow(page, everyStandsAt(recordedUs.fromUs));
    await page.context().setOffline(true);
    for (let step = 0; step < 3; step++) await page.keyboard.press('l');
    await allShow(page, (all) => Object.values(all).some(({ state }) => state === 'away'));
    await page.context().setOffline(false);
    await allShow(page, (all) =>
      CAMERAS.every((camera) => (all[camera]?.takenUs ?? 0) > recordedUs.fromUs + 8 * SECOND_US),
    );
    const closed = entriesIn(site.home, 'viewing.closed').filter(({ facts }) => facts.viewing === viewing);
    expect(closed).toEqual([]);
  });

  it('keeps a moment that is marked by keyboard, leads back to it, and has it in the log', async () => {
    const { page, viewing } = await desk(recordedUs);
    await allShow(page, everyIs('picture'));
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    for (let second = 0; second < 3; second++) await page.keyboard.press('ArrowRight');
    const atUs = recordedUs.fromUs + 3 * SECOND_US;
    await allShow(page, everyStandsAt(atUs));
    await page.keyboard.press('b');
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('메모').waitFor();
    await page.keyboard.type('문이 열립니다');
    await photograph(page, 'review-bookmark-ko-light');
    await page.keyboard.press('Enter');
    await sheet.waitFor({ state: 'detached' });
    const mark = page.getByRole('region', { name: '책갈피' }).getByRole('button', { name: /문이 열립니다/ });
    await mark.waitFor();
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    await mark.press('Enter');
    await allShow(page, everyStandsAt(atUs));
    expect(entriesIn(site.home, 'viewing.marked')).toMatchObject([
      { facts: { viewing, camera: 'cam01', at: new Date(atUs / 1000).toISOString() } },
    ]);
    await photograph(page, 'review-bookmarked-ko-light');
    expect(site.faults).toEqual([]);
  });

  it('ends in mid-play when it is revoked, leaves nothing on screen, and says what can be done', async () => {
    const { page, grant } = await desk(recordedUs);
    await allShow(page, everyIs('picture'));
    await page.keyboard.press('Space');
    const { token } = await site.person('officer');
    await site.api.call(token, 'POST', `/api/grants/${grant}/revoke`, {});
    // Five seconds from the revocation, and not from when the page says so.
    await page.locator('figure canvas').first().waitFor({ state: 'detached', timeout: 5000 });
    await page.getByText(/승인이나 권한이 취소되어 끝났습니다/).waitFor({ timeout: 15_000 });
    await photograph(page, 'review-revoked-ko-light');
    await noSeriousFindings(page);
    await page.getByRole('button', { name: '같은 내용으로 다시 열기' }).click();
    await page.getByRole('dialog').getByRole('radio', { checked: true }).waitFor();
  });

  it('a guard reports what they saw; the officer finds it with cameras, time and purpose, and takes it over', async () => {
    const { page, viewing } = await desk(recordedUs);
    await allShow(page, everyIs('picture'));
    await page.getByRole('slider').focus();
    for (const key of ['Home', 'i', 'Shift+ArrowRight', 'o']) await page.keyboard.press(key);
    await page.getByRole('button', { name: '사건으로 알리기…' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText('누르면 기록되는 것').waitFor();
    await sheet.getByRole('radio', { name: /표시한 구간/, checked: true }).waitFor();
    await sheet.getByRole('checkbox').nth(2).uncheck();
    const send = sheet.getByRole('button', { name: /알리고 열람 마치기/ });
    await send.click();
    await sheet.getByText('무엇을 보았는지 5자 이상 적어 주세요.').waitFor();
    await sheet.getByLabel('무엇을 보았습니까?').fill(SEEN);
    await photograph(page, 'review-incident-ko-light');
    await noSeriousFindings(page);
    await send.click();
    await page.getByRole('heading', { name: '관리책임자에게 보냈습니다' }).waitFor();
    await page.getByText(/홍길동 \(.+\) 02-/).waitFor();
    await photograph(page, 'review-incident-sent-ko-light');
    await noSeriousFindings(page);

    const made = entriesIn(site.home, 'hold.made').at(-1)?.facts ?? {};
    expect(made).toMatchObject({ viewing, purpose: 'CRIME_PREVENTION', cameras: ['cam01', 'cam02'] });
    // Ten minutes around what was marked, as every hold.
    expect(usOf(String(made.from))).toBe(recordedUs.fromUs - 600 * SECOND_US);
    expect(entriesIn(site.home, 'viewing.closed').at(-1)?.facts).toMatchObject({
      viewing,
      outcome: 'incident',
      incident: made.hold,
    });

    const { token, password } = await site.person('officer');
    await site.api.call(token, 'POST', '/api/proof', { proof: { password }, for: 'approval' });
    const officer = await site.page('officer', { language: 'en', theme: 'dark' });
    await officer
      .getByRole('link', { name: /held as an incident|incident/ })
      .first()
      .click();
    const hold = officer.getByRole('dialog');
    await hold.getByText(/reported this as an incident/).waitFor();
    await hold.getByText(SEEN).waitFor();
    await hold.getByText(HELD).waitFor();
    await photograph(officer, 'retention-incident-en-dark');
    await noSeriousFindings(officer);
    await hold.getByLabel('Reason').fill('The door was forced, the police is told');
    await hold.getByRole('button', { name: /Take over/ }).click();
    await officer.getByText('It is taken over.').waitFor();
    await officer.getByRole('row').filter({ hasText: HELD }).filter({ hasText: 'Incident' }).waitFor();
    expect(entriesIn(site.home, 'hold.taken_over').at(-1)?.facts).toMatchObject({
      hold: made.hold,
      kind: 'incident',
    });
  });

  it('shows a guard that footage is held and until when, and never why', async () => {
    const { page } = await desk(recordedUs);
    await allShow(page, everyIs('picture'));
    await expect
      .poll(() => page.getByRole('slider').getAttribute('aria-valuetext'), { timeout: 15_000 })
      .toMatch(/카메라 2대 보존 중: 보존됨 · .+까지/);
    await page.getByRole('button', { name: '표로 보기' }).click();
    const held = page.getByRole('row').filter({ hasText: /보존됨 · .+까지/ });
    await held.nth(1).waitFor();
    expect(await page.getByText(SEEN).count()).toBe(0);
    await photograph(page, 'review-held-ko-light');
    await noSeriousFindings(page);
    const { page: dark } = await desk(recordedUs, { language: 'en', theme: 'dark' });
    await allShow(dark, everyIs('picture'));
    await dark.getByRole('button', { name: 'As a table' }).click();
    await dark
      .getByRole('row')
      .filter({ hasText: /Held until/ })
      .nth(1)
      .waitFor();
    await photograph(dark, 'review-held-en-dark');
    expect(site.faults).toEqual([]);
  });

  it('asks the officer for what is beyond the own rights', async () => {
    await changeTheRight({ lookBackHours: 24 });
    const page = await site.page('security', { at: '/review' });
    const sheet = await sheetOf(page);
    await sheet.getByRole('checkbox').first().check();
    await sheet.getByRole('radio').first().check();
    await sheet.getByLabel('사유').fill(REASON);
    await sheet.locator('[aria-pressed=false]').first().click();
    await sheet.getByText(/고른 구간에는 녹화된 영상이 없습니다/).waitFor();
    await sheet.getByRole('button', { name: /재생 시작/ }).click();
    await sheet.getByText(/볼 수 있는 기간보다 오래된 영상입니다/).waitFor();
    await sheet.getByRole('button', { name: '긴급 열람…' }).click();
    await sheet.getByText(/바로 알려지며/).waitFor();
    await photograph(page, 'review-refused-ko-light');
    await sheet.getByRole('button', { name: '관리책임자에게 요청' }).click();
    await page.getByRole('table').getByText('승인 대기').waitFor();
  });

  it('asks for more of a range out of a viewing, and the officer reads what for', async () => {
    await changeTheRight({ lookBackHours: 24 });
    const { page } = await desk(recordedUs);
    await allShow(page, everyIs('picture'));
    await page.getByRole('button', { name: '범위 더 요청' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('radio', { checked: true }).waitFor();
    await expect.poll(() => sheet.getByRole('checkbox', { checked: true }).count()).toBe(CAMERAS.length);
    await sheet.getByLabel('사유').fill(MORE);
    await sheet.locator('[aria-pressed=false]').first().click();
    await sheet.getByRole('button', { name: /재생 시작/ }).click();
    await sheet.getByRole('button', { name: '관리책임자에게 요청' }).click();
    await page.getByText(/관리책임자에게 요청했습니다/).waitFor();
    const { token } = await site.person('officer');
    const { grants } = (await site.api.call(token, 'GET', '/api/grants?state=requested')) as {
      grants: { cameras: string[]; purpose: string; from: string; reason: { text: string } }[];
    };
    const [asked] = grants.filter(({ reason }) => reason.text === MORE);
    expect(asked).toMatchObject({ cameras: CAMERAS, purpose: 'CRIME_PREVENTION' });
    expect(usOf(asked?.from ?? '')).toBeLessThan(recordedUs.fromUs);
    const officer = await site.page('officer', { at: '/approvals' });
    await officer.getByText(MORE).waitFor();
    await photograph(officer, 'approvals-more-ko-light');
    await noSeriousFindings(officer);
  });

  it.each([
    ['ko', 'light'],
    ['ko', 'dark'],
    ['en', 'light'],
    ['en', 'dark'],
  ] as const)('looks as it should and shuts nobody out, in %s and %s', async (language, theme) => {
    const sheet = await site.page('security', { language, theme, at: '/review' });
    await (await sheetOf(sheet)).getByRole('checkbox').first().check();
    await photograph(sheet, `review-sheet-${language}-${theme}`);
    await noSeriousFindings(sheet);
    const { page } = await desk(recordedUs, { language, theme });
    await allShow(page, everyIs('picture'));
    await photograph(page, `review-desk-${language}-${theme}`);
    await noSeriousFindings(page);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await noSeriousFindings(page);
    expect(site.faults).toEqual([]);
  });

  it('the night without an officer: a guard opens what is beyond their rights, and the officer judges it', async () => {
    await changeTheRight({ cameras: ['cam01', 'cam02'] });
    const page = await site.page('security', { at: '/review' });
    const sheet = await sheetOf(page);
    await sheet.getByRole('checkbox', { name: /대기실/ }).check();
    await sheet.getByRole('radio').first().check();
    await sheet.getByLabel('사유').fill('대기실에서 소란이 있어 바로 확인합니다');
    await sheet.getByRole('button', { name: /재생 시작/ }).click();
    await sheet.getByText(/이 카메라를 볼 권한이 없습니다/).waitFor();
    await sheet.getByRole('button', { name: '긴급 열람…' }).click();
    await sheet.getByRole('button', { name: '긴급 열람 시작 · 즉시 통보됩니다' }).click();
    await page.waitForURL(/\/review\/[0-9a-z]{16}$/);
    await allShow(page, everyIs('picture'));
    expect(Object.keys(await shownPictures(page))).toEqual(['cam03']);
    await page.getByText('긴급 열람', { exact: true }).waitFor();
    await photograph(page, 'review-break-glass-ko-light');
    await noSeriousFindings(page);
    await page.getByRole('button', { name: '이상 없음 · 끝내기' }).click();
    await page.waitForURL(/\/review$/);
    expect(entriesIn(site.home, 'breakglass.opened')).toMatchObject([{ facts: { cameras: ['cam03'] } }]);

    const person = await site.person('officer');
    await prove(site.api, person, 'approval');
    const officer = await site.page('officer');
    await officer.getByText('긴급 열람 1건을 검토해 주세요').waitFor();
    await officer.goto(`${site.url}/approvals`);
    await officer.getByText('대기실에서 소란이 있어 바로 확인합니다').waitFor();
    await photograph(officer, 'approvals-break-glass-ko-light');
    await noSeriousFindings(officer);
    const auditor = await site.page('auditor', { at: '/approvals', language: 'en' });
    await prove(site.api, await site.person('auditor'), 'approval');
    await auditor.getByRole('button', { name: 'Not justified', exact: true }).click();
    await officer.getByRole('button', { name: '정당함', exact: true }).click();
    await officer.getByRole('dialog').getByRole('button', { name: '정당함' }).click();
    await officer.getByText('검토할 긴급 열람이 없습니다.').waitFor();
    // Whoever judges it too is told that it is done, and sees that nothing is left.
    await auditor.getByRole('dialog').getByRole('button', { name: 'Not justified' }).click();
    await auditor
      .getByText('Somebody else decided first, or its time is over. The list is new now.')
      .waitFor();
    await photograph(auditor, 'approvals-overtaken-en-light');
    await auditor.keyboard.press('Escape');
    await auditor.getByText('There is none to be reviewed.').waitFor();
    expect(entriesIn(site.home, 'breakglass.reviewed')).toMatchObject([{ facts: { justified: true } }]);
    expect(site.faults).toEqual([]);
  });
});
