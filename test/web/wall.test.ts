import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/web/browser.ts';
import { fitsTheScreen } from '../support/web/layout.ts';
import { entriesIn } from '../support/web/ledger-entries.ts';
import { seenIn } from '../support/web/live-tile.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

const REASON = '야간 정기 순찰 대신 복도를 확인합니다';
const CAMERAS = ['cam01', 'cam02', 'cam03'];
const tile = (camera: string) => `[data-tile="${camera}"]`;

let site: SiteUnderTest;
let wall: Page;

/** By keyboard alone, as it says on the sheet. */
async function beginShift(page: Page): Promise<void> {
  await page.getByRole('radio').last().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type(REASON);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('[data-tile]').first().waitFor();
}

/** A relay that starts on a machine that is busy takes its time; the wall tries again meanwhile. */
const FIRST_PICTURE_MS = 90_000;

const shows = (page: Page, within: string, camera: number | undefined) =>
  expect.poll(async () => (await seenIn(page, within)).camera, { timeout: FIRST_PICTURE_MS }).toBe(camera);

describe.runIf(hasChromium())('the wall', () => {
  beforeAll(async () => {
    site = await startSite({ cameras: CAMERAS.length });
  });
  afterAll(() => site.close());

  it('asks why once, says what is recorded, and begins a shift that is in the ledger', async () => {
    wall = await site.page('security', { at: '/wall' });
    await photograph(wall, 'wall-start-ko-light');
    await noSeriousFindings(wall);
    await wall.getByRole('button', { name: '근무 시작 · 열람기록이 남습니다' }).click();
    await wall.getByText('10자 이상 적어 주세요. 지금 0자입니다.').waitFor();
    expect(entriesIn(site.home, 'viewing.opened')).toEqual([]);
    await beginShift(wall);
    const { account } = (await site.api.call((await site.person('security')).token, 'GET', '/api/me')) as {
      account: string;
    };
    expect(entriesIn(site.home, 'viewing.opened')).toMatchObject([
      { actor: `person:${account}`, facts: { kind: 'shift', cameras: CAMERAS, purpose: 'CRIME_PREVENTION' } },
    ]);
  });

  it("shows each camera's own picture, moving, with whose eyes are on it written over it", async () => {
    for (const [at, camera] of CAMERAS.entries()) {
      await shows(wall, tile(camera), at + 1);
      const { frame } = await seenIn(wall, tile(camera));
      await expect
        .poll(async () => (await seenIn(wall, tile(camera))).frame, { timeout: 10_000 })
        .not.toBe(frame);
    }
    const { name } = await site.person('security');
    const marks = await wall.locator(`${tile('cam01')} [aria-hidden=true]`).allTextContents();
    expect(marks.join()).toContain(`${name} · 범죄예방 · 20`);
    await photograph(wall, 'wall-ko-light');
    await noSeriousFindings(wall);
  });

  it('enlarges one by keyboard as a viewing of its own, in its main stream, and Escape goes back', async () => {
    await wall.locator(tile('cam01')).focus();
    await wall.keyboard.press('ArrowRight');
    await wall.keyboard.press('Enter');
    await shows(wall, 'section', 2);
    const small = await seenIn(wall, tile('cam02'));
    expect((await seenIn(wall, 'section')).width).toBeGreaterThan(small.width);
    await photograph(wall, 'wall-full-ko-light');
    await noSeriousFindings(wall);
    await wall.keyboard.press('Escape');
    await wall.locator('section video').waitFor({ state: 'detached' });
    expect(await wall.locator(':focus').getAttribute('data-tile')).toBe('cam02');
    await expect
      .poll(() => entriesIn(site.home, 'viewing.opened', 'viewing.closed').slice(1))
      .toMatchObject([{ facts: { kind: 'live', cameras: ['cam02'] } }, { facts: { outcome: 'no_finding' } }]);
  });

  it('divides the wall as it is told, and one camera alone is gone through by its pages', async () => {
    const grid = "getComputedStyle(document.querySelector('[data-tile]').closest('ul')).gridTemplateColumns";
    const columns = async () => String(await wall.evaluate(grid)).split(' ').length;
    const seen: number[] = [];
    for (const tiles of [1, 4, 9, 13]) {
      const button = wall.getByRole('button', { name: `한 화면에 ${tiles}개` });
      await button.click();
      await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true');
      await expect.poll(() => wall.locator('[data-tile]').count()).toBe(Math.min(tiles, CAMERAS.length));
      seen.push(await columns());
      await photograph(wall, `wall-of-${tiles}-ko-light`);
      await fitsTheScreen(wall);
    }
    // Each shows more beside each other than the one before.
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
    await wall.getByRole('button', { name: '한 화면에 1개' }).click();
    await wall.getByText('1–1 / 3대').waitFor();
    await wall.getByRole('button', { name: '다음 카메라' }).click();
    await shows(wall, tile('cam02'), 2);
    expect(await wall.locator('[data-tile]').count()).toBe(1);
    await wall.getByRole('button', { name: '한 화면에 4개' }).click();
    await shows(wall, tile('cam01'), 1);
    // Another division is no other viewing.
    expect(entriesIn(site.home, 'viewing.opened').filter(({ facts }) => facts.kind === 'shift')).toHaveLength(
      1,
    );
  });

  it('says that the connection is lost, and goes on by itself as the same shift', async () => {
    await wall.context().setOffline(true);
    await wall.getByText('서버에 연결할 수 없습니다', { exact: false }).first().waitFor({ timeout: 30_000 });
    await wall
      .locator(`${tile('cam01')} :is([data-state=stalled], [data-state=away])`)
      .waitFor({ timeout: 30_000 });
    const { frame } = await seenIn(wall, tile('cam01'));
    await photograph(wall, 'wall-offline-ko-light');
    await wall.context().setOffline(false);
    await wall.locator(`${tile('cam01')} [data-state=playing]`).waitFor({ timeout: 60_000 });
    await expect.poll(async () => (await seenIn(wall, tile('cam01'))).frame).not.toBe(frame);
    await wall
      .getByText('서버에 연결할 수 없습니다', { exact: false })
      .first()
      .waitFor({ state: 'detached' });
    expect(entriesIn(site.home, 'viewing.opened').filter(({ facts }) => facts.kind === 'shift')).toHaveLength(
      1,
    );
  });

  it('says that a camera is away, and brings its picture back when the camera has started again', async () => {
    const { frame } = await seenIn(wall, tile('cam03'));
    site.simulated.faults.set({ camera: 'cam03', kind: 'reboot', durationMs: 12_000 });
    await wall.locator(`${tile('cam03')} [data-state=stalled]`).waitFor({ timeout: 30_000 });
    await photograph(wall, 'wall-reboot-ko-light');
    await wall.locator(`${tile('cam03')} [data-state=playing]`).waitFor({ timeout: 60_000 });
    await shows(wall, tile('cam03'), 3);
    expect((await seenIn(wall, tile('cam03'))).frame).not.toBe(frame);
    await wall.locator(tile('cam01')).getByText('녹화 중').waitFor();
  });

  it('goes on as the same shift after a reload, and ends with what was seen', async () => {
    await wall.reload();
    await wall.getByRole('button', { name: '이어서 보기' }).click();
    await shows(wall, tile('cam01'), 1);
    await wall.getByRole('button', { name: '근무 마치기' }).click();
    await photograph(wall, 'wall-end-ko-light');
    await noSeriousFindings(wall);
    await wall.getByRole('button', { name: '마치고 기록하기' }).click();
    await wall.getByRole('button', { name: '새 근무 시작' }).waitFor();
    expect(await wall.locator('video').count()).toBe(0);
    const shift = entriesIn(site.home, 'viewing.opened')[0]?.facts.viewing;
    expect(entriesIn(site.home, 'viewing.closed').at(-1)).toMatchObject({
      facts: { viewing: shift, outcome: 'no_finding' },
    });
    expect(entriesIn(site.home, 'viewing.opened').filter(({ facts }) => facts.kind === 'shift')).toHaveLength(
      1,
    );
  });

  it('asks whether anybody is there before the session ends, and any key goes on', async () => {
    const page = await site.page('security', { at: '/wall', language: 'en' });
    const asked: (string | undefined)[] = [];
    await page.route('**/api/me', async (route) => {
      asked.push(route.request().headers()['girok-unasked']);
      const answer = await route.fetch();
      const me = (await answer.json()) as { session: object };
      // As the server says it nine minutes later.
      const ends = new Date(Date.now() + (asked.at(-1) ? 40_000 : 600_000)).toISOString();
      await route.fulfill({ json: { ...me, session: { ...me.session, ends } } });
    });
    await page.clock.install();
    await page.reload();
    await beginShift(page);
    await page.clock.fastForward(550_000);
    await page.getByRole('dialog', { name: 'Are you still there?' }).waitFor();
    await photograph(page, 'wall-attended-en-light');
    const before = asked.filter((by) => by === undefined).length;
    await page.keyboard.press('Shift');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => asked.filter((by) => by === undefined).length).toBe(before + 1);
    await page.context().close();
  });

  it('blanks within seconds when the right is revoked, and says why and what to do', async () => {
    const page = await site.page('security', { at: '/wall', language: 'en', theme: 'dark' });
    await beginShift(page);
    await shows(page, tile('cam01'), 1);
    await photograph(page, 'wall-en-dark');
    await noSeriousFindings(page);
    const officer = await site.person('officer');
    await site.api.call(officer.token, 'POST', '/api/proof', {
      proof: { password: officer.password },
      for: 'right',
    });
    const { account } = (await site.api.call((await site.person('security')).token, 'GET', '/api/me')) as {
      account: string;
    };
    const { rights } = (await site.api.call(officer.token, 'GET', '/api/rights')) as {
      rights: { id: string; account: string }[];
    };
    for (const { id } of rights.filter((right) => right.account === account))
      await site.api.call(officer.token, 'POST', `/api/rights/${id}/revoke`);
    await page.getByText('A right or an approval was taken back').waitFor({ timeout: 10_000 });
    expect(await page.locator('video').count()).toBe(0);
    await photograph(page, 'wall-revoked-en-dark');
    await noSeriousFindings(page);
    await page.getByRole('button', { name: 'Start a new shift' }).click();
    await page.getByText('There is no camera that you may see live').waitFor();
    expect(site.faults).toEqual([]);
  });
});
