import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../../../src/media/nal.ts';
import { sequenceParameters } from '../../../src/media/sequence-parameters.ts';

/** Sequence parameter sets of ffmpeg 5.1's libx264 and libx265, 128x96; ffprobe reads the same out of them. */
const SETS: readonly [
  name: string,
  codec: Codec,
  hex: string,
  reordered: number,
  chroma?: number,
  depth?: number,
][] = [
  ['libx264 -bf 0', 'h264', '6764000aacb2041b6022000003000200000300281e244c90', 0],
  ['libx264 -bf 2, no pyramid', 'h264', '6764000aacd1020db011000003000100000300140f122512', 1],
  ['libx264 -bf 3, pyramid', 'h264', '6764000aacd9420db011000003000100000300140f122596', 2],
  ['libx264 baseline', 'h264', '6742c00ad9020db011000003000100000300140f122648', 0],
  ['libx264 interlaced', 'h264', '67640015acd9421b6022000003000200000300283e28532c', 2],
  ['libx264 4:4:4', 'h264', '67f4000a919c8106d80880000003008000000a07891289', 1, 3],
  [
    'libx264 with everything a VUI can say: aspect, overscan, colours, chroma place, HRD',
    'h264',
    '6764000dacd9420dbff006f0050b5010101a500000030010000003014602001e840007a1291ca01e28532c',
    2,
  ],
  [
    'libx265 bframes=0',
    'h265',
    '42010101600000030090000003000003001ea01020616592a4932bc05a020000030002000003001410',
    0,
  ],
  [
    'libx265 bframes=3, no pyramid',
    'h265',
    '42010101600000030090000003000003001ea01020616591164932bc05a02000000300200000030141',
    1,
  ],
  [
    'libx265 bframes=3, pyramid',
    'h265',
    '42010101600000030090000003000003001ea01020616595964932bc05a02000000300200000030141',
    2,
  ],
  [
    'libx265 with temporal layers',
    'h265',
    '42010201600000030090000003000003001e0000a0102061659594acb24995e02d010000030001000003000a08',
    2,
  ],
  [
    'libx265 4:2:2, 10 bits',
    'h265',
    '4201010408000003009d0800000300001eb010206136592a4932bc05a02000000300200000030141',
    0,
    2,
    10,
  ],
];

describe('a sequence parameter set', () => {
  it.each(SETS)('of %s is read whole', (_, codec, hex, reorderedPictures, chromaFormat = 1, depth = 8) => {
    expect(sequenceParameters(codec, Buffer.from(hex, 'hex'))).toEqual({
      width: 128,
      height: 96,
      chromaFormat,
      bitDepthLuma: depth,
      bitDepthChroma: depth,
      reorderedPictures,
    });
  });

  it.each(SETS)(
    'of %s that is cut says what is left of it: at first no order, then no size',
    (_, codec, hex, reordered) => {
      const whole = Buffer.from(hex, 'hex');
      let sizeSeen = false;
      for (let end = 0; end <= whole.length; end++) {
        const read = sequenceParameters(codec, whole.subarray(0, end));
        if (read) expect([read.width, read.height]).toEqual([128, 96]);
        expect([undefined, reordered]).toContain(read?.reorderedPictures);
        if (sizeSeen) expect(read).toBeDefined();
        sizeSeen ||= read !== undefined;
      }
      expect(sizeSeen).toBe(true);
    },
  );

  it('without usability information does not say how many pictures are reordered', () => {
    expect(sequenceParameters('h264', highSps({ order: ue(0), behind: [0] }))).toEqual({
      width: 1280,
      height: 720,
      chromaFormat: 1,
      bitDepthLuma: 8,
      bitDepthChroma: 8,
      reorderedPictures: undefined,
    });
  });

  it('whose pictures are counted as they are shown says that none is reordered', () => {
    expect(sequenceParameters('h264', highSps({ order: [], type: 2, behind: [0] }))?.reorderedPictures).toBe(
      0,
    );
  });

  it('whose picture order has a cycle is read past it; one beyond the standard is not read at all', () => {
    const cycle = (claimed: number, there: number) => [
      0,
      ...ue(0),
      ...ue(0),
      ...ue(claimed),
      ...Array.from({ length: there }, () => ue(3)).flat(),
    ];
    const read = (order: number[]) => sequenceParameters('h264', highSps({ order, type: 1, behind: [0] }));
    expect(read(cycle(255, 255))).toMatchObject({ width: 1280, height: 720 });
    expect(read(cycle(256, 256))).toBeUndefined();
  });

  it('of any bytes gives sizes within reason or nothing, soon, and never throws', () => {
    const any = fc
      .tuple(fc.constantFrom(...SETS), fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 8 }))
      .map(([[, codec, hex], edits]) => {
        const bytes = Buffer.from(hex, 'hex');
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        return { codec, bytes };
      });
    fc.assert(
      fc.property(any, ({ codec, bytes }) => {
        const read = sequenceParameters(codec, bytes);
        if (!read) return;
        expect(read.width).toBeGreaterThan(0);
        expect(Math.max(read.width, read.height)).toBeLessThanOrEqual(16_384);
        expect(read.reorderedPictures ?? 0).toBeLessThanOrEqual(16);
      }),
      { numRuns: 3000 },
    );
  });
});

/** A set of the High profile, 1280x720, with the fields of its picture order and all behind the cropping as given. */
function highSps({ order, type = 0, behind }: { order: number[]; type?: number; behind: number[] }): Buffer {
  const format = [...ue(0), ...ue(1), ...ue(0), ...ue(0), 0, 0];
  const size = [...ue(1), 0, ...ue(79), ...ue(44), 1, 1, 0];
  const bits = [...format, ...ue(0), ...ue(type), ...order, ...size, ...behind, 1];
  const bytes = [0x67, 100, 0, 31];
  for (let at = 0; at < bits.length; at += 8)
    bytes.push(
      Number.parseInt(
        bits
          .slice(at, at + 8)
          .join('')
          .padEnd(8, '0'),
        2,
      ),
    );
  return Buffer.from(bytes);
}

/** An unsigned Exp-Golomb code, bit by bit. */
function ue(value: number): number[] {
  const bits = (value + 1).toString(2);
  return [...'0'.repeat(bits.length - 1), ...bits].map(Number);
}
