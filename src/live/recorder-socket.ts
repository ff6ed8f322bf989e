import { chmod, lstat, mkdir, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { CameraId, StreamKind } from '../lib/ids.ts';
import { letThrough, OWN_FILE, OWN_FOLDER, sharedFileModeIn } from '../lib/sharing.ts';
import type { FragmentHub } from './fragment-hub.ts';

/** Frames of the live answer: one byte of kind, four bytes of length (big endian), then the bytes. */
export const LIVE_FRAME = { init: 1, fragment: 2 } as const;
/** A viewer that is this far behind loses whole groups of pictures, oldest first. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

export interface RecorderSocket {
  close(): Promise<void>;
}

export interface RecorderSocketDeps {
  /** Path of the Unix socket; only this user may open it. */
  readonly path: string;
  /** Path of one that tells `/status` and shows no picture, also for the user that erases; in the same folder. */
  readonly statusPath: string;
  readonly hub: FragmentHub;
  readonly status: () => unknown;
}

/**
 * The recorder's side door for the other processes of this host: `GET /status` (JSON) and
 * `GET /live/CAMERA/STREAM` (init segment, then fragments from the next key frame on). Whoever reads slowly
 * loses pictures; the recorder never waits.
 */
export async function openRecorderSocket(deps: RecorderSocketDeps): Promise<RecorderSocket> {
  const folder = dirname(deps.path);
  await mkdir(folder, { recursive: true, mode: OWN_FOLDER });
  // In a shared temporary folder somebody else could have made it first.
  const { uid } = await lstat(folder);
  if (uid !== process.getuid?.()) throw new GirokError('storage_foreign', { storage: folder });
  // Nobody else gets at the one that shows pictures in the moment before it has its mode.
  await chmod(folder, OWN_FOLDER);
  const own = await listen(deps.path, (request, response) => answer(request, response, deps), OWN_FILE);
  const status = await listen(
    deps.statusPath,
    (request, response) => {
      if (request.url?.startsWith('/live/')) response.writeHead(404).end();
      else answer(request, response, deps);
    },
    sharedFileModeIn(dirname(folder)),
  );
  letThrough(folder);
  return { close: async () => void (await Promise.all([own.close(), status.close()])) };
}

async function listen(path: string, onRequest: RequestListener, mode: number): Promise<RecorderSocket> {
  await unlink(path).catch((error: unknown) => {
    // Left by a recorder that crashed; the volume's lock has shown that none is running.
    if (systemCode(error) !== 'ENOENT') throw error;
  });
  const server = createServer(onRequest);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, mode);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const LIVE_PATH = /^\/live\/([a-z0-9][a-z0-9-]{0,31})\/(main|sub)$/;

function answer(request: IncomingMessage, response: ServerResponse, deps: RecorderSocketDeps): void {
  const live = LIVE_PATH.exec(request.url ?? '');
  if (request.method !== 'GET') response.writeHead(405).end();
  else if (request.url === '/status')
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(deps.status()));
  else if (live) sendLive(response, deps.hub, live[1] as CameraId, live[2] as StreamKind);
  else response.writeHead(404).end();
}

function sendLive(response: ServerResponse, hub: FragmentHub, camera: CameraId, stream: StreamKind): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  response.flushHeaders();
  let waiting: { bytes: Buffer; startsWithKeyFrame: boolean }[] = [];
  let waitingBytes = 0;
  /** The beginning of the group of pictures that is coming in is gone: the rest of it would decode to garbage. */
  let groupIsBroken = false;

  const write = (kind: number, bytes: Buffer) => {
    const head = Buffer.alloc(5);
    head[0] = kind;
    head.writeUInt32BE(bytes.length, 1);
    response.write(head);
    response.write(bytes);
  };
  const drain = () => {
    while (waiting.length > 0 && !response.writableNeedDrain) {
      const next = waiting.shift();
      if (!next) break;
      waitingBytes -= next.bytes.length;
      write(LIVE_FRAME.fragment, next.bytes);
    }
  };
  const dropOldest = () => {
    while (waitingBytes > MOST_WAITING_BYTES && waiting.length > 0) {
      do {
        waitingBytes -= waiting.shift()?.bytes.length ?? 0;
      } while (waiting[0] && !waiting[0].startsWithKeyFrame);
      groupIsBroken = waiting.length === 0;
    }
  };
  const stop = hub.listen(
    { camera, stream },
    {
      init(bytes) {
        waiting = [];
        waitingBytes = 0;
        groupIsBroken = false;
        write(LIVE_FRAME.init, bytes);
      },
      fragment(bytes, startsWithKeyFrame) {
        if (startsWithKeyFrame) groupIsBroken = false;
        if (groupIsBroken) return;
        waiting.push({ bytes, startsWithKeyFrame });
        waitingBytes += bytes.length;
        dropOldest();
        drain();
      },
    },
  );
  response.on('drain', drain);
  response.on('close', stop);
  // A viewer that vanishes is no error of the recorder's.
  response.on('error', stop);
}
