import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedMedia } from '../../../src/media/fmp4/boxes.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import { writeInit } from '../../../src/media/fmp4/write-init.ts';
import type { Codec } from '../../../src/media/nal.ts';
import { mediaFixture } from '../../support/fragments.ts';

const FIXTURES: readonly [name: string, codec: Codec][] = [
  ['h264-1920x1080', 'h264'],
  ['h264-322x242', 'h264'],
  ['h264-640x360', 'h264'],
  ['h264-interlaced-352x288', 'h264'],
  ['h265-1920x1080', 'h265'],
  ['h265-322x242', 'h265'],
  ['h265-640x360', 'h265'],
];

/** The `avcC` or `hvcC` box. */
const configOf = (init: Buffer, codec: Codec) => {
  const start = init.indexOf(codec === 'h264' ? 'avcC' : 'hvcC') - 4;
  return Buffer.from(init.subarray(start, start + init.readUInt32BE(start)));
};

/** Width and height of the sample entry (ISO/IEC 14496-12 §12.1.3). */
const entrySizeOf = (init: Buffer) => {
  const entry = init.indexOf('stsd') + 4 + 8 + 8;
  return [init.readUInt16BE(entry + 24), init.readUInt16BE(entry + 26)];
};

describe('an init segment that is written', () => {
  it.each(FIXTURES)('says of %s what ffmpeg’s own says', (name, codec) => {
    const theirs = mediaFixture(`${name}.init.mp4`);
    const track = readTrack(theirs);
    const ours = writeInit(codec, track.timescale, track.parameterSets);
    expect(readTrack(ours)).toEqual(track);
    expect(entrySizeOf(ours)).toEqual(entrySizeOf(theirs));
  });

  it.each(FIXTURES)(
    'configures a decoder for %s as ffmpeg does, where the standard leaves no choice',
    (name, codec) => {
      const theirs = mediaFixture(`${name}.init.mp4`);
      const { timescale, parameterSets } = readTrack(theirs);
      const expected = configOf(theirs, codec);
      const record = configOf(writeInit(codec, timescale, parameterSets), codec);
      if (codec === 'h265') {
        // Left open: parallelism, a constant frame rate and its value; and arrays are not said to be complete,
        // since cameras repeat their sets in the stream.
        const free = [8 + 15, 8 + 19, 8 + 20];
        for (const at of free) record[at] = expected[at]!;
        record[8 + 21] = (record[8 + 21]! & 0x3f) | (expected[8 + 21]! & 0xc0);
        record.writeUInt16BE(expected.readUInt16BE(8 + 13), 8 + 13);
        let at = 8 + 23;
        for (let arrays = expected[8 + 22]!; arrays > 0; arrays--) {
          expect(record[at]! & 0xbf).toBe(expected[at]! & 0x3f);
          record[at] = expected[at]!;
          at += 3;
          for (let sets = expected.readUInt16BE(at - 2); sets > 0; sets--)
            at += 2 + expected.readUInt16BE(at);
        }
      }
      expect(record.toString('hex')).toBe(expected.toString('hex'));
    },
  );

  it('names the format of the colours for every profile that has a choice', () => {
    const sps = Buffer.from('67f4000a919c8106d80880000003008000000a07891289', 'hex');
    const record = configOf(writeInit('h264', 90_000, [sps, Buffer.from('68ce', 'hex')]), 'h264');
    expect(record.subarray(-4)).toEqual(Buffer.from([0xff, 0xf8, 0xf8, 0]));
  });

  it.each(['h264', 'h265'] as const)('keeps all sets of %s, in the order of their roles', (codec) => {
    const { parameterSets } = readTrack(mediaFixture(`${codec}-640x360.init.mp4`));
    const pps = parameterSets.at(-1)!;
    const more = [
      ...parameterSets,
      ...Array.from({ length: 5 }, (_, i) => Buffer.concat([pps, Buffer.from([i])])),
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        fc.shuffledSubarray(more, { minLength: more.length }),
        (timescale, sets) => {
          const track = readTrack(writeInit(codec, timescale, sets));
          expect(track.timescale).toBe(timescale);
          expect([track.width, track.height]).toEqual([640, 360]);
          const role = (set: Buffer) => set[0]!;
          expect(track.parameterSets).toEqual([...sets].sort((a, b) => role(a) - role(b)));
        },
      ),
    );
  });

  it.each([
    ['no sets', []],
    ['no sequence parameter set', [Buffer.from('68ce', 'hex')]],
    ['one without a size', [Buffer.from('6764', 'hex'), Buffer.from('68ce', 'hex')]],
    ['an empty one', [Buffer.alloc(0)]],
  ])('is refused for %s', (_, sets) => {
    expect(() => writeInit('h264', 90_000, sets)).toThrow(MalformedMedia);
  });
});
