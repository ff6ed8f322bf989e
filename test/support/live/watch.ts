import { type FrameStamp, stampsOfSample } from '../../../demo/sei.ts';
import type { CameraId, StreamKind } from '../../../src/lib/ids.ts';
import type { LiveEnd, LiveFeeds, LiveViewing } from '../../../src/live/wall.ts';
import { createFlvReader, type FlvTag } from '../../../src/media/flv.ts';

/** One picture as a viewer got it. */
export interface SeenPicture {
  readonly stamp: FrameStamp;
  readonly timestampMs: number;
  readonly keyFrame: boolean;
  /** From the camera's moment to the viewer's, µs. */
  readonly ageUs: number;
}

/** A viewer that reads what it is given and parses every byte of it. */
export interface Watcher {
  readonly viewing: LiveViewing;
  readonly pictures: readonly SeenPicture[];
  readonly tags: readonly Pick<FlvTag, 'kind' | 'config' | 'keyFrame' | 'timestampMs'>[];
  readonly bytes: number;
  readonly end: LiveEnd | undefined;
  /** @throws after `withinMs`, or when the viewing ends before */
  until(what: string, withinMs: number, condition: (watcher: Watcher) => boolean): Promise<void>;
}

export function watch(feeds: LiveFeeds, camera: string, stream: StreamKind): Watcher {
  const viewing = feeds.open(camera as CameraId, stream);
  const pictures: SeenPicture[] = [];
  const tags: FlvTag[] = [];
  let bytes = 0;
  let end: LiveEnd | undefined;
  let broken: unknown;
  void viewing.ended.then((why) => {
    end = why;
  });
  const reader = createFlvReader((tag) => {
    tags.push({ ...tag, body: Buffer.alloc(0) });
    if (tag.config || tag.kind !== 'video') return;
    const [stamp] = stampsOfSample('h264', tag.body.subarray(5));
    if (!stamp) throw new Error('a picture without its number');
    const ageUs = (performance.timeOrigin + performance.now()) * 1000 - stamp.utcUs;
    pictures.push({ stamp, timestampMs: tag.timestampMs, keyFrame: tag.keyFrame, ageUs });
  });
  const read = async () => {
    for await (const piece of viewing) {
      bytes += piece.length;
      reader.push(piece);
    }
  };
  read().catch((error: unknown) => {
    broken = error;
  });
  const watcher: Watcher = {
    viewing,
    pictures,
    tags,
    get bytes() {
      return bytes;
    },
    get end() {
      return end;
    },
    async until(what, withinMs, condition) {
      const untilMs = performance.now() + withinMs;
      while (!condition(watcher)) {
        if (broken) throw broken;
        if (end !== undefined) throw new Error(`ended (${end}) before ${what}`);
        if (performance.now() > untilMs)
          throw new Error(`not ${what} within ${withinMs} ms: ${pictures.length} pictures, ${bytes} bytes`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
  return watcher;
}
