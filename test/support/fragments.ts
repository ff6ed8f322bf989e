import { readFileSync } from 'node:fs';
import { box } from '../../src/media/fmp4/boxes.ts';
import { parseFragment } from '../../src/media/fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES } from '../../src/media/fmp4/producer-time.ts';
import { readTrack } from '../../src/media/fmp4/track.ts';
import type { InitSegment, ReceivedFragment } from '../../src/recording/source.ts';

/** A file of test/fixtures/media, see its README. */
export const mediaFixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/media/${name}`, import.meta.url));

export const initSegment = (name = 'h264-640x360.init.mp4'): InitSegment => {
  const bytes = mediaFixture(name);
  return { bytes, track: readTrack(bytes), source: 'ffmpeg' };
};

export interface FragmentShape {
  readonly mediaStart: number;
  /** Ticks of each frame. */
  readonly durations: readonly number[];
  readonly keyFrame?: boolean;
  /** Bytes of each frame, 8 at least. */
  readonly frameBytes?: number;
  /** The first frame's own bytes instead of zeros. */
  readonly firstFrame?: Buffer;
}

const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value >>> 0, 4 * index);
  });
  return bytes;
};

const KEY = 0x02000000;
const NOT_KEY = 0x01010000;

/** `moof mdat` as ffmpeg writes them, with made-up frames. */
export function fragmentBytes(shape: FragmentShape): Buffer {
  const { mediaStart, durations, keyFrame = false, frameBytes = 16 } = shape;
  const first = shape.firstFrame ?? Buffer.alloc(frameBytes);
  const sizes = durations.map((_, index) => (index === 0 ? first.length : frameBytes));
  const frames = durations.map((duration, index) =>
    u32(duration, sizes[index] ?? 0, index === 0 && keyFrame ? KEY : NOT_KEY),
  );
  const moof = (dataOffset: number) =>
    box(
      'moof',
      box('mfhd', u32(0, 1)),
      box(
        'traf',
        box('tfhd', u32(0x020000, 1)),
        box('tfdt', u32(0x01000000, Math.floor(mediaStart / 2 ** 32), mediaStart % 2 ** 32)),
        box('trun', u32(0x000701, durations.length, dataOffset), ...frames),
      ),
    );
  const data = [first, ...sizes.slice(1).map((size) => Buffer.alloc(size))].slice(0, durations.length);
  return Buffer.concat([moof(moof(0).length + 8), box('mdat', ...data)]);
}

/** As a source hands it on. */
export function received(
  shape: FragmentShape,
  at: { readonly monoUs: number; readonly wallUs: number },
): ReceivedFragment {
  const plain = fragmentBytes(shape);
  const framed = Buffer.concat([Buffer.alloc(PRODUCER_TIME_BYTES), plain]);
  const bytes = framed.subarray(PRODUCER_TIME_BYTES);
  return { bytes, framed, facts: parseFragment(bytes), receivedMonoUs: at.monoUs, receivedWallUs: at.wallUs };
}
