import type { Page } from 'playwright-core';
import { readStrip } from '../../../demo/scenes/read-strip.ts';

/** What a tile of the review page shows. */
export interface ShownPicture {
  /** `picture`, `gap`, `loading`, … */
  readonly state: string;
  /** When the page says that it was taken, µs UTC. */
  readonly takenUs: number | undefined;
  /** The number that the simulated camera drew into it, read from the pixels on screen. */
  readonly number: number | undefined;
}

/** Runs in the page: the bottom of each canvas, where the machine-readable strip is. */
const LOOK = `Object.fromEntries(
  [...document.querySelectorAll('figure[data-camera]')].map((figure) => {
    const canvas = figure.querySelector('canvas');
    const { width, height } = canvas;
    const rows = Math.min(height, Math.ceil(width / 80));
    const { data } = canvas.getContext('2d').getImageData(0, height - rows, width, rows);
    const gray = Array.from({ length: width * rows }, (_, at) => data[4 * at + 1]);
    const { takenUs } = canvas.dataset;
    return [figure.dataset.camera, { state: figure.dataset.state, takenUs, width, rows, gray }];
  }),
)`;

/** @returns by camera */
export async function shownPictures(page: Page): Promise<Record<string, ShownPicture>> {
  const seen = (await page.evaluate(LOOK)) as Record<
    string,
    { state: string; takenUs?: string; width: number; rows: number; gray: number[] }
  >;
  return Object.fromEntries(
    Object.entries(seen).map(([camera, { state, takenUs, width, rows, gray }]) => [
      camera,
      {
        state,
        takenUs: takenUs === undefined ? undefined : Number(takenUs),
        number: readStrip(Uint8Array.from(gray), width, rows)?.frame,
      },
    ]),
  );
}
