import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/clock.ts';
import { transcodedSize } from '../../../src/media/ffmpeg/transcode-command.ts';
import { boxesIn } from '../../../src/media/fmp4/boxes.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES } from '../../../src/media/fmp4/producer-time.ts';
import { createSplitter } from '../../../src/media/fmp4/splitter.ts';
import { readTrack, type Track } from '../../../src/media/fmp4/track.ts';
import { type PictureTimes, pictureOrder } from '../../../src/media/transcode/picture-order.ts';
import {
  type RecordedGroup,
  transcodedInit,
  transcodeGroup,
} from '../../../src/media/transcode/transcode.ts';
import { writeGroup } from '../../../src/media/transcode/write-group.ts';
import { mediaFixture } from '../../support/fragments.ts';
import { createChances } from '../../support/fuzz/random.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { packetsOf } from '../../support/viewing/decoded.ts';

const clock = systemClock;
const { signal } = new AbortController();

/** The groups of a fragmented MP4. */
function groupsOf(file: Buffer): { init: Buffer; groups: { bytes: Buffer; group: RecordedGroup }[] } {
  let init: Buffer = Buffer.alloc(0);
  const fragments: Buffer[] = [];
  createSplitter({
    init: (bytes) => {
      init = bytes;
    },
    fragment: (framed) => void fragments.push(framed.subarray(PRODUCER_TIME_BYTES)),
  }).push(file);
  const track = readTrack(init);
  const groups = fragments.map((bytes) => ({ bytes, group: groupOf(track, bytes) }));
  return { init, groups };
}

function groupOf(track: Track, fragment: Buffer): RecordedGroup {
  const { mediaStart, samples } = parseFragment(fragment);
  let decodeTicks = mediaStart;
  return {
    track,
    pictures: samples.map(({ durationTicks, shownLaterTicks, keyFrame }) => {
      const picture = { decodeTicks, durationTicks, shownLaterTicks, keyFrame };
      decodeTicks += durationTicks;
      return picture;
    }),
    async *coded() {
      for (const { offset, bytes } of samples) yield fragment.subarray(offset, offset + bytes);
    },
  };
}

/** Two groups of ten pictures of H.265, with pictures that are shown before others that were sent earlier. */
function withBFrames(): Buffer {
  return execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=192x128:rate=10', '-t', '2'],
      ...['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params'],
      'keyint=10:min-keyint=10:scenecut=0:bframes=3:open-gop=0:log-level=error',
      ...['-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof', 'pipe:1'],
    ],
    { maxBuffer: 2 ** 24 },
  );
}

describe('a group of pictures that is made into H.264', () => {
  it('is shown and decoded when it was, also where the recorded one sends pictures out of their order', async () => {
    const { init, groups } = groupsOf(withBFrames());
    expect(groups[0]!.group.pictures.some(({ shownLaterTicks }) => shownLaterTicks > 0)).toBe(true);
    const made = [await transcodedInit(groups[0]!.group, { clock, signal })];
    for (const { group } of groups) made.push(await transcodeGroup(group, { clock, signal }));
    const is = await packetsOf(Buffer.concat(made));
    const was = await packetsOf(Buffer.concat([init, ...groups.map(({ bytes }) => bytes)]));
    expect(is).toHaveLength(20);
    expect(is.map(({ dts }) => dts)).toEqual(was.map(({ dts }) => dts));
    expect(is.map(({ pts }) => pts)).toEqual(was.map(({ pts }) => pts).toSorted((a, b) => a - b));
    expect(readTrack(made[0]!)).toMatchObject({ codec: 'h264', width: 192, height: 128 });
  });

  it('ends with a word where nothing in it can be decoded, whatever it is', async () => {
    const { groups } = groupsOf(mediaFixture('h265-stream.mp4'));
    const chances = createChances(7);
    const [{ group }] = groups as [(typeof groups)[number]];
    const lengths = Buffer.from('ffffffff', 'hex');
    for (const coded of [
      () => chances.bytes(2000),
      () => Buffer.alloc(0),
      () => Buffer.concat([lengths, chances.bytes(100)]),
    ]) {
      const broken: RecordedGroup = {
        ...group,
        async *coded() {
          for (const _ of group.pictures) yield coded();
        },
      };
      await expect(transcodeGroup(broken, { clock, signal })).rejects.toMatchObject({
        code: 'footage_unplayable',
      });
    }
    await expect(transcodeGroup({ ...group, pictures: [] }, { clock, signal })).rejects.toMatchObject({
      code: 'footage_unplayable',
    });
  });

  it('keeps its time where pictures of it are damaged', async () => {
    const { groups } = groupsOf(withBFrames());
    const [{ group }] = groups as [(typeof groups)[number]];
    const damaged: RecordedGroup = {
      ...group,
      async *coded() {
        let at = 0;
        for await (const picture of group.coded())
          yield at++ > 5 ? Buffer.alloc(picture.length, 0xa5) : picture;
      },
    };
    const made = await transcodeGroup(damaged, { clock, signal });
    expect(extentOf(made)).toEqual(extentOf(groups[0]!.bytes));
  });

  it('is broken off by whoever wants it no more, by what it is read from, and by the time it takes', async () => {
    const { groups } = groupsOf(mediaFixture('h265-stream.mp4'));
    const [{ group }] = groups as [(typeof groups)[number]];
    const endless: RecordedGroup = { ...group, coded: () => ({ [Symbol.asyncIterator]: never }) };
    const leaving = new AbortController();
    const left = transcodeGroup(endless, { clock, signal: leaving.signal });
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    const unreadable: RecordedGroup = {
      ...group,
      // biome-ignore lint/correctness/useYield: it is broken before there is anything
      async *coded() {
        throw new Error('the disk is gone');
      },
    };
    await expect(transcodeGroup(unreadable, { clock, signal })).rejects.toThrow('the disk is gone');
    const hands = createManualClock();
    const slow = transcodeGroup(endless, { clock: hands, signal });
    hands.advance(30_000);
    await expect(slow).rejects.toMatchObject({ code: 'footage_unplayable', facts: { reason: 'too_slow' } });
    expect(hands.timers).toBe(0);
  });
});

const never = () => ({ next: () => new Promise<never>(() => undefined) });

/** Decode time of the first picture and the end of the last, ticks, over all fragments. */
function extentOf(media: Buffer): { from: number; to: number } {
  let from: number | undefined;
  let to = 0;
  let start = 0;
  for (const box of boxesIn(media)) {
    if (box.type !== 'mdat') continue;
    const { mediaStart, durationTicks } = parseFragment(media.subarray(start, box.end));
    from ??= mediaStart;
    expect(from === mediaStart || to === mediaStart).toBe(true);
    to = mediaStart + durationTicks;
    start = box.end;
  }
  return { from: from ?? 0, to };
}

describe('the order of pictures', () => {
  const times = fc
    .array(fc.record({ durationTicks: fc.integer({ min: 1, max: 9000 }), shownLaterTicks: fc.nat(20_000) }), {
      minLength: 1,
      maxLength: 150,
    })
    .map((list) => {
      let decodeTicks = 2 ** 40;
      return list.map((one): PictureTimes => {
        const picture = { ...one, decodeTicks };
        decodeTicks += one.durationTicks;
        return picture;
      });
    });

  it('shows each once, none before it is decoded, and all when they were shown', () => {
    fc.assert(
      fc.property(times, (pictures) => {
        const { ranks, delay, shownTicks } = pictureOrder(pictures);
        expect(ranks.toSorted((a, b) => a - b)).toEqual(pictures.map((_, i) => i));
        for (const [i, rank] of ranks.entries()) {
          expect(rank + delay).toBeGreaterThanOrEqual(i);
          expect(shownTicks[rank]).toBe(pictures[i]!.decodeTicks + pictures[i]!.shownLaterTicks);
        }
      }),
    );
  });

  it('fills the whole time of the group, whichever pictures are missing', () => {
    fc.assert(
      fc.property(times, fc.infiniteStream(fc.boolean()), (pictures, isThere) => {
        const order = pictureOrder(pictures);
        const encoded = pictures
          .map((_, rank) => ({ rank, keyFrame: false, bytes: Buffer.from([0, 0, 0, 1, rank]) }))
          .filter((_, i) => isThere.next().value || i === pictures.length - 1);
        const made = writeGroup(encoded, pictures, order, [Buffer.from('67', 'hex')]);
        const last = pictures.at(-1)!;
        expect(extentOf(made)).toEqual({
          from: pictures[0]!.decodeTicks,
          to: last.decodeTicks + last.durationTicks,
        });
      }),
    );
  });
});

it.each([
  [1920, 1080, 1920, 1080],
  [3840, 2160, 1920, 1080],
  [2592, 1944, 1440, 1080],
  [1080, 1920, 1080, 1920],
  [7680, 1080, 1920, 270],
  [322, 242, 322, 242],
  [1281, 721, 1280, 720],
  [8, 8, 16, 16],
])('makes %i × %i into %i × %i', (width, height, w, h) => {
  expect(transcodedSize({ width, height })).toEqual({ width: w, height: h });
});
