import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import websocket from '@fastify/websocket';
import fastify from 'fastify';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { type PipeEnd, pipeToWebSocket } from '../../../src/live/pipe-to-web-socket.ts';
import type { LiveFeeds } from '../../../src/live/wall.ts';

/** A page with a tile for each camera, as an operator's wall has, and the route that gives them their pictures. */
export interface LivePage {
  readonly address: string;
  /** Bytes accounted for, by camera. */
  readonly bytes: ReadonlyMap<string, number>;
  /** How each picture ended. */
  readonly ends: ReadonlyMap<string, PipeEnd>;
  /** From now on nobody may see this camera. */
  revoke(camera: string): void;
  close(): Promise<void>;
}

const require = createRequire(import.meta.url);
const PLAYER = require.resolve('mpegts.js');

/** Runs in the page; `window.tiles` tells of each camera what its `<video>` and player know. */
const SCRIPT = `
window.tiles = {};
for (const id of document.body.dataset.cameras.split(',')) {
  const video = document.body.appendChild(document.createElement('video'));
  video.muted = true;
  const tile = (window.tiles[id] = { video, errors: [] });
  const url = 'ws://' + location.host + '/live/' + id + '/sub';
  const player = mpegts.createPlayer(
    { type: 'flv', isLive: true, url },
    { enableStashBuffer: false, liveBufferLatencyChasing: true },
  );
  player.on(mpegts.Events.ERROR, (kind, detail) => tile.errors.push(kind + ' ' + detail));
  player.attachMediaElement(video);
  player.load();
  player.play();
}
window.look = (id) => {
  const { video, errors } = window.tiles[id];
  const canvas = document.createElement('canvas');
  const { videoWidth: width, videoHeight } = video;
  if (!width) return { width: 0, height: 0, frames: 0, time: 0, gray: [], errors };
  const height = Math.ceil(width / 80);
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, height - videoHeight);
  const { data } = context.getImageData(0, 0, width, height);
  const gray = Array.from({ length: width * height }, (_, i) => data[4 * i + 1]);
  const frames = video.getVideoPlaybackQuality().totalVideoFrames;
  return { width, height, frames, time: video.currentTime, gray, errors };
};
`;

/** What `window.look(camera)` answers. */
export interface TileSeen {
  /** Of `gray`: the bottom of the picture, where its machine-readable strip is. */
  readonly width: number;
  readonly height: number;
  /** Decoded so far. */
  readonly frames: number;
  readonly time: number;
  /** Luma as shown, one number a pixel. */
  readonly gray: readonly number[];
  readonly errors: readonly string[];
}

export async function serveLivePage(feeds: LiveFeeds, cameras: readonly string[]): Promise<LivePage> {
  const bytes = new Map<string, number>();
  const ends = new Map<string, PipeEnd>();
  const revoked = new Set<string>();
  const app = fastify();
  await app.register(websocket);
  app.get('/', (_request, reply) =>
    reply
      .type('text/html')
      .header(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; connect-src 'self'; media-src blob:",
      )
      .send(
        `<!doctype html><body data-cameras="${cameras.join(',')}"><script src="/player.js"></script><script src="/page.js"></script>`,
      ),
  );
  app.get('/player.js', (_request, reply) => reply.type('text/javascript').send(readFileSync(PLAYER)));
  app.get('/page.js', (_request, reply) => reply.type('text/javascript').send(SCRIPT));
  app.get<{ Params: { camera: string } }>('/live/:camera/sub', { websocket: true }, (socket, { params }) => {
    const { camera } = params;
    void pipeToWebSocket(feeds.open(camera as CameraId, 'sub'), socket, {
      clock: systemClock,
      onBytes: (count) => bytes.set(camera, (bytes.get(camera) ?? 0) + count),
      recheck: () => !revoked.has(camera),
    }).then((end) => ends.set(camera, end));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    address: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`,
    bytes,
    ends,
    revoke: (camera) => void revoked.add(camera),
    close: () => app.close(),
  };
}
