import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from './playback-server.ts';

/** What a player showed in the middle of a group of pictures. */
export interface PlayedGroup {
  /** As in its address. */
  readonly name: string;
  /** The bottom of the picture, where its machine-readable strip is, one number a pixel. */
  readonly gray: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Runs in the page: loads all of a playlist, group by group, and goes to the middle of each. */
const SCRIPT = `
window.play = async (url) => {
  const video = document.body.appendChild(document.createElement('video'));
  video.muted = true;
  const errors = [];
  const hls = new Hls({ maxBufferLength: 600, maxMaxBufferLength: 600 });
  const said = (event) => new Promise((resolve) => hls.once(event, (_, data) => resolve(data)));
  hls.on(Hls.Events.ERROR, (_, { fatal, details, error }) => { if (fatal) errors.push(details + ' ' + error); });
  const known = said(Hls.Events.LEVEL_LOADED);
  hls.loadSource(url);
  hls.attachMedia(video);
  const { details } = await known;
  const real = details.fragments.filter((one) => !one.gap);
  const groups = [];
  for (const one of real) {
    const at = one.start + one.duration / 2;
    const seeked = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
    // A seek that is over does not mean that its picture is on screen already: on a busy machine the one before still is.
    const shown = new Promise((resolve) => {
      const look = (_now, { mediaTime }) =>
        mediaTime >= one.start - 0.01 && mediaTime < one.start + one.duration
          ? resolve()
          : video.requestVideoFrameCallback(look);
      video.requestVideoFrameCallback(look);
    });
    video.currentTime = at;
    await seeked;
    await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, 5000))]);
    const canvas = document.createElement('canvas');
    const { videoWidth: width, videoHeight } = video;
    const height = Math.ceil(width / 80);
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, height - videoHeight);
    const { data } = context.getImageData(0, 0, width, height);
    const gray = Array.from({ length: width * height }, (_, i) => data[4 * i + 1]);
    groups.push({ name: /media\\/(.*)\\.m4s/.exec(one.url)[1], gray, width, height });
  }
  return { groups, holes: video.buffered.length - 1, errors };
};
`;

const PLAYER = createRequire(import.meta.url).resolve('hls.js/dist/hls.js');

/** A page with hls.js and `window.play(url)`. */
export const PLAYER_PAGES: Readonly<Record<string, Page>> = {
  '/player.html': {
    type: 'text/html',
    body: '<!doctype html><body><script src="/hls.js"></script><script src="/page.js"></script>',
  },
  '/hls.js': { type: 'text/javascript', body: readFileSync(PLAYER, 'utf8') },
  '/page.js': { type: 'text/javascript', body: SCRIPT },
};
