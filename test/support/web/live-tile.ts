import type { Page } from 'playwright-core';
import { readStrip } from '../../../demo/scenes/read-strip.ts';

/** What a `<video>` of the wall shows. */
interface Shown {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Luma of the bottom of the picture, where its machine-readable strip is. */
  readonly gray: readonly number[];
}

const LOOK = `(video) => {
  const canvas = document.createElement('canvas');
  const { videoWidth: width, videoHeight } = video;
  if (!width) return { width: 0, height: 0, frames: 0, gray: [] };
  const height = Math.ceil(width / 80);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, height - videoHeight);
  const { data } = context.getImageData(0, 0, width, height);
  const gray = Array.from({ length: width * height }, (_, i) => data[4 * i + 1]);
  return { width, height, frames: video.getVideoPlaybackQuality().totalVideoFrames, gray };
}`;

export interface Seen {
  /** Number that the camera burns into its picture; undefined while there is none to be read. */
  readonly camera: number | undefined;
  /** Of the picture, counted by the camera. */
  readonly frame: number | undefined;
  readonly width: number;
}

/** @param within a selector of what holds the `<video>` */
export async function seenIn(page: Page, within: string): Promise<Seen> {
  const none = { camera: undefined, frame: undefined, width: 0 };
  const video = page.locator(`${within} video`).first();
  if ((await video.count()) === 0) return none;
  const { gray, width, height } = (await video.evaluate(
    `(${LOOK})(document.querySelector(${JSON.stringify(`${within} video`)}))`,
  )) as Shown;
  const strip = readStrip(Uint8Array.from(gray), width, height);
  return { camera: strip?.camera, frame: strip?.frame, width };
}
