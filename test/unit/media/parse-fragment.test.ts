import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { box, MalformedMedia } from '../../../src/media/fmp4/boxes.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { createSplitter } from '../../../src/media/fmp4/splitter.ts';
import { fragmentBytes, mediaFixture } from '../../support/fragments.ts';

function fragmentsOf(name: string): Buffer[] {
  const fragments: Buffer[] = [];
  createSplitter({
    init: () => undefined,
    fragment: (framed) => fragments.push(Buffer.from(framed.subarray(32))),
  }).push(mediaFixture(name));
  return fragments;
}

const onlyMalformed = (bytes: Buffer) => {
  try {
    const { samples } = parseFragment(bytes);
    for (const { offset, bytes: length } of samples) {
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset + length).toBeLessThanOrEqual(bytes.length);
    }
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedMedia);
  }
};

describe('reading a fragment', () => {
  it.each(['h264-stream.mp4', 'h265-stream.mp4'])('tells the pictures of %s apart', (name) => {
    const facts = fragmentsOf(name).map(parseFragment);
    const frames = facts.flatMap(({ samples }) => samples);
    expect(frames).toHaveLength(15);
    expect(frames.flatMap(({ keyFrame }, index) => (keyFrame ? [index] : []))).toEqual([0, 5, 10]);
    expect(new Set(frames.map(({ durationTicks }) => durationTicks))).toEqual(new Set([18_000]));
    let endTicks = 0;
    for (const { mediaStart, durationTicks, samples, startsWithKeyFrame } of facts) {
      expect(mediaStart).toBe(endTicks);
      expect(samples.reduce((sum, sample) => sum + sample.durationTicks, 0)).toBe(durationTicks);
      expect(startsWithKeyFrame).toBe(samples[0]?.keyFrame);
      endTicks = mediaStart + durationTicks;
    }
  });

  it('gives back what a fragment was made of', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 45 }),
        fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 20 }),
        fc.boolean(),
        fc.integer({ min: 8, max: 100 }),
        (mediaStart, durations, keyFrame, frameBytes) => {
          const facts = parseFragment(fragmentBytes({ mediaStart, durations, keyFrame, frameBytes }));
          expect(facts.mediaStart).toBe(mediaStart);
          expect(facts.samples.map(({ durationTicks }) => durationTicks)).toEqual(durations);
          expect(facts.samples.every(({ bytes }) => bytes === frameBytes)).toBe(true);
          expect(facts.startsWithKeyFrame).toBe(keyFrame && durations.length > 0);
        },
      ),
    );
  });

  it('throws nothing but MalformedMedia, whatever a bit flip makes of it', () => {
    const [sample] = fragmentsOf('h264-stream.mp4');
    const head = sample!.readUInt32BE(0) + 8;
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ at: fc.integer({ min: 0, max: head - 1 }), value: fc.integer({ min: 0, max: 255 }) }),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        (edits) => {
          const bytes = Buffer.from(sample!);
          for (const { at, value } of edits) bytes[at] = value;
          onlyMalformed(bytes);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('throws nothing but MalformedMedia, wherever it is cut', () => {
    const bytes = fragmentBytes({ mediaStart: 5, durations: [1, 2, 3], keyFrame: true });
    for (let end = 0; end < bytes.length; end++) onlyMalformed(bytes.subarray(0, end));
  });

  it('throws nothing but MalformedMedia for boxes of any content in any order', () => {
    const leaf = (type: string) =>
      fc
        .tuple(fc.uint8Array({ maxLength: 28 }), fc.boolean())
        .map(([data, long]) => (long ? longBox(type, Buffer.from(data)) : box(type, Buffer.from(data))));
    const traf = fc
      .array(fc.oneof(leaf('tfhd'), leaf('tfdt'), leaf('trun')), { maxLength: 4 })
      .map((parts) => box('traf', ...parts));
    const moof = fc.array(traf, { maxLength: 2 }).map((parts) => box('moof', ...parts));
    fc.assert(
      fc.property(fc.array(fc.oneof(moof, leaf('mdat'), leaf('prft')), { maxLength: 4 }), (parts) =>
        onlyMalformed(Buffer.concat(parts)),
      ),
      { numRuns: 2000 },
    );
  });

  it.each([0, 1, 4, 7])('does not believe a decode time in a box of %i bytes', (length) => {
    // Nothing lies behind it: what it points at is outside the memory.
    const tfdt = longBox('tfdt', Buffer.alloc(length));
    const bytes = Buffer.concat([box('mdat'), box('moof', box('traf', tfdt))]);
    expect(() => parseFragment(bytes)).toThrow(MalformedMedia);
  });

  it('refuses more frames than any camera makes in a second', () => {
    const trun = Buffer.alloc(8);
    trun.writeUInt32BE(0xffff_ffff, 4);
    const bytes = Buffer.concat([
      box('moof', box('traf', box('tfdt', Buffer.alloc(8)), box('trun', trun))),
      box('mdat'),
    ]);
    expect(() => parseFragment(bytes)).toThrow(/frames in one fragment/);
  });
});

/** A box whose size stands in 64 bits. */
function longBox(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(1, 0);
  header.write(type, 4, 'latin1');
  header.writeBigUInt64BE(BigInt(16 + data.length), 8);
  return Buffer.concat([header, data]);
}
