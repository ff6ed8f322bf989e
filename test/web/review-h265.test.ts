import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/web/browser.ts';
import { entriesIn } from '../support/web/ledger-entries.ts';
import { noSeriousFindings, photograph } from '../support/web/looks.ts';
import {
  allShow,
  apart,
  everyIs,
  everyStandsAt,
  later,
  openedBy,
  recordedTogether,
  SECOND_US,
  type Span,
} from '../support/web/recorded-desk.ts';
import { recordedNumber } from '../support/web/recorded-numbers.ts';
import { shownPictures } from '../support/web/shown-pictures.ts';
import { type SiteUnderTest, startSite } from '../support/web/site-under-test.ts';

/** Its main stream is H.265, which this browser does not decode, and no other is recorded. */
const H265 = 'cam04';
const CAMERAS = ['cam01', H265] as const;
const REASON = '복도에서 넘어진 환자의 시각을 확인합니다';

let site: SiteUnderTest;
let range: Span;

describe.runIf(hasChromium())('looking at recordings in H.265', () => {
  beforeAll(async () => {
    site = await startSite({ cameras: CAMERAS, mainAlone: [H265] });
    range = await recordedTogether(site, CAMERAS, 13);
  }, 240_000);
  afterAll(() => site?.close());

  const desk = async (cameras: readonly string[], language: 'ko' | 'en' = 'ko') => {
    const open = await openedBy(site, 'security', { cameras, range, reason: REASON });
    const page = await site.page('security', { language, at: `/review/${open.viewing}` });
    await allShow(page, everyIs('picture'));
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    return { ...open, page };
  };

  it('shows the picture of the moment that was asked for beside a camera in H.264, also after steps', async () => {
    const { page, viewing, token } = await desk(CAMERAS);
    // Out of the recorded H.265, decoded by ffmpeg: nothing of it went through what the page is given.
    const truth = (camera: string, atUs: number) =>
      recordedNumber(
        { url: site.url, token, viewing, camera, stream: camera === H265 ? 'main' : 'sub' },
        atUs,
      );
    let atUs = range.fromUs;
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
    let before = (await shownPictures(page))[CAMERAS[0]]?.number ?? Number.NaN;
    for (const [key, by] of [...Array(3).fill(['.', 1]), ...Array(4).fill([',', -1])] as [string, number][]) {
      await page.keyboard.press(key);
      const wanted = later(before, by);
      const pictures = await allShow(
        page,
        (all) => everyIs('picture')(all) && all[CAMERAS[0]]?.number === wanted,
      );
      const taken = Object.values(pictures).map(({ takenUs = 0 }) => takenUs);
      expect(Math.max(...taken) - Math.min(...taken)).toBeLessThan(SECOND_US / 15 + 1000);
      before = wanted;
    }
    await photograph(page, 'review-h265-ko-light');
    await page.close();
  });

  it('plays it, each picture of its moment, and the log has the stream that was recorded', async () => {
    const { page, viewing, token } = await desk([H265], 'en');
    await page.keyboard.press('Space');
    await allShow(page, ({ [H265]: shown }) => (shown?.takenUs ?? 0) > range.fromUs + 3 * SECOND_US);
    await page.keyboard.press('Space');
    const { [H265]: shown } = await allShow(page, everyIs('picture'));
    const recorded = await recordedNumber(
      { url: site.url, token, viewing, camera: H265, stream: 'main' },
      shown?.takenUs ?? 0,
    );
    expect(apart(shown?.number, recorded)).toBeLessThanOrEqual(1);
    await photograph(page, 'review-h265-alone-en-light');
    await noSeriousFindings(page);
    await page.getByRole('button', { name: 'Nothing found · end' }).click();
    await page.waitForURL(/\/review$/);
    const delivered = entriesIn(site.home, 'viewing.delivered').filter(
      ({ facts }) => facts.viewing === viewing,
    );
    expect(delivered.length).toBeGreaterThan(0);
    for (const { facts } of delivered) expect(facts).toMatchObject({ camera: H265, stream: 'main' });
    expect(site.faults).toEqual([]);
  });
});
