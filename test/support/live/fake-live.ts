import type { CameraId, StreamKind } from '../../../src/lib/ids.ts';
import type { LiveSocket } from '../../../src/live/pipe-to-web-socket.ts';
import { createViewerQueue } from '../../../src/live/viewer-queue.ts';
import type { LiveEnd, LiveViewing } from '../../../src/live/wall.ts';

/** A viewing whose pictures a test makes. */
export function fakeViewing(
  clock: Parameters<typeof createViewerQueue>[0],
  camera = 'cam01',
  stream: StreamKind = 'main',
) {
  const queue = createViewerQueue(clock);
  let over: (why: LiveEnd) => void = () => undefined;
  const ended = new Promise<LiveEnd>((resolve) => {
    over = resolve;
  });
  const end = (why: LiveEnd) => {
    queue.end();
    over(why);
  };
  const viewing: LiveViewing = {
    ref: { camera: camera as CameraId, stream },
    cut: () => end('cut'),
    ended,
    bytes: 0,
    dropped: queue.dropped,
    async *[Symbol.asyncIterator]() {
      for (let piece = await queue.next(); piece; piece = await queue.next()) yield piece;
    },
  };
  return { viewing, end, show: (bytes: number) => queue.push(Buffer.alloc(bytes), 'key') };
}

/** A socket that takes what it is sent at once, or never. */
export function fakeSocket(takes = true) {
  const heard: Record<string, () => void> = {};
  const facts = { sent: 0, closed: undefined as [number, string] | undefined, terminated: false };
  const socket: LiveSocket = {
    send(data, sent) {
      facts.sent += data.length;
      if (takes) setImmediate(sent);
    },
    close: (code, reason) => {
      facts.closed = [code, reason];
    },
    terminate: () => {
      facts.terminated = true;
    },
    on: (event, listener) => {
      heard[event] = listener;
    },
  };
  return { socket, facts, tell: (event: 'close' | 'error') => heard[event]?.() };
}
