import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codecString } from '../../../src/media/codec-string.ts';
import { MalformedMedia } from '../../../src/media/fmp4/boxes.ts';
import { changedParameterSets } from '../../../src/media/fmp4/parameter-sets.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import { writeInit } from '../../../src/media/fmp4/write-init.ts';
import { type Codec, nalRole } from '../../../src/media/nal.ts';
import { sequenceParameters } from '../../../src/media/sequence-parameters.ts';
import { initSegment, mediaFixture } from '../../support/fragments.ts';

const CODECS: readonly Codec[] = ['h264', 'h265'];
const init = (codec: Codec, size: string) => initSegment(`${codec}-${size}.init.mp4`);

/** A key frame as MP4 stores it: each unit behind its length. */
const keyFrame = (codec: Codec, ...sets: readonly Buffer[]) =>
  Buffer.concat(
    [...sets, Buffer.from(codec === 'h264' ? [0x65, 1, 2] : [0x26, 1, 2])].flatMap((unit) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(unit.length);
      return [length, unit];
    }),
  );

describe('an init segment', () => {
  it.each([
    ['h264-1920x1080', 'h264', 1920, 1080, /^avc1\.42[0-9a-f]{4}$/],
    ['h264-640x360', 'h264', 640, 360, /^avc1\.42/],
    ['h264-322x242', 'h264', 322, 242, /^avc1\.42/],
    ['h264-interlaced-352x288', 'h264', 352, 288, /^avc1\.4d/],
    ['h265-1920x1080', 'h265', 1920, 1080, /^hvc1\.1\.6\.L120\.90$/],
    ['h265-640x360', 'h265', 640, 360, /^hvc1\.1\.6\.L63\.90$/],
    ['h265-322x242', 'h265', 322, 242, /^hvc1\.1\.6\.L60\.90$/],
  ] as const)('of %s says codec, size and time scale', (name, codec, width, height, string) => {
    const { track } = initSegment(`${name}.init.mp4`);
    expect(track).toMatchObject({ codec, width, height, timescale: 90_000 });
    expect(track.parameterSets.map((set) => nalRole(codec, set[0]!))).toEqual(
      codec === 'h264' ? ['sps', 'pps'] : expect.arrayContaining(['vps', 'sps', 'pps']),
    );
    expect(codecString(codec, track.parameterSets)).toMatch(string);
  });

  it('is refused with nothing but MalformedMedia when bytes of it are changed or missing', () => {
    for (const codec of CODECS) {
      const good = mediaFixture(`${codec}-640x360.init.mp4`);
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 255 })), {
            maxLength: 5,
          }),
          fc.integer({ min: 0, max: good.length }),
          fc.boolean(),
          (edits, end, cutOff) => {
            const bytes = Buffer.from(cutOff ? good.subarray(0, end) : good);
            for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
            try {
              const track = readTrack(bytes);
              expect(track.timescale).toBeGreaterThan(0);
              expect(codecString(track.codec, track.parameterSets)).toMatch(/^(avc1|hvc1)\./);
            } catch (error) {
              expect(error).toBeInstanceOf(MalformedMedia);
            }
          },
        ),
        { numRuns: 1500 },
      );
    }
  });
});

describe.each(CODECS)('%s parameter sets inside a stream', (codec) => {
  const small = init(codec, '640x360');
  const large = init(codec, '1920x1080');

  it('are no news when the camera only repeats them', () => {
    const { parameterSets } = small.track;
    expect(
      changedParameterSets(codec, keyFrame(codec, ...parameterSets, ...parameterSets), parameterSets),
    ).toBeUndefined();
    expect(changedParameterSets(codec, keyFrame(codec), parameterSets)).toBeUndefined();
  });

  it('are no news when only padded with zeros', () => {
    const padded = small.track.parameterSets.map((set) => Buffer.concat([set, Buffer.alloc(2)]));
    expect(
      changedParameterSets(codec, keyFrame(codec, ...padded), small.track.parameterSets),
    ).toBeUndefined();
  });

  it('give an init segment of the new size', () => {
    const { parameterSets } = large.track;
    const sets = changedParameterSets(codec, keyFrame(codec, ...parameterSets), small.track.parameterSets);
    const track = readTrack(writeInit(codec, 90_000, sets ?? []));
    expect(track).toMatchObject({ codec, width: 1920, height: 1080, timescale: 90_000 });
    expect(codecString(codec, track.parameterSets)).toBe(codecString(codec, large.track.parameterSets));
  });

  it('keep those of a kind that the key frame does not bring', () => {
    const sps = large.track.parameterSets.filter((set) => nalRole(codec, set[0]!) === 'sps');
    const sets = changedParameterSets(codec, keyFrame(codec, ...sps), small.track.parameterSets);
    const others = small.track.parameterSets.filter((set) => nalRole(codec, set[0]!) !== 'sps');
    expect(sets).toEqual(expect.arrayContaining([...sps, ...others]));
  });

  it('change nothing when they cannot be what they claim', () => {
    const [head] = small.track.parameterSets.filter((set) => nalRole(codec, set[0]!) === 'sps');
    const damaged = [
      head!.subarray(0, 2),
      head!.subarray(0, 5),
      Buffer.concat([head!.subarray(0, 4), Buffer.alloc(12)]),
      Buffer.concat([head!, Buffer.alloc(70_000, 1)]),
    ];
    for (const sps of damaged)
      expect(changedParameterSets(codec, keyFrame(codec, sps), small.track.parameterSets)).toBeUndefined();
    const pps = small.track.parameterSets.find((set) => nalRole(codec, set[0]!) === 'pps')!;
    const crowd = Array.from({ length: 300 }, (_, index) =>
      Buffer.concat([pps, Buffer.from([1 + (index >> 8), 1 + (index & 0x7f)])]),
    );
    const huge = Buffer.concat([pps, Buffer.alloc(70_000, 1)]);
    for (const sets of [crowd, [huge]])
      expect(
        changedParameterSets(codec, keyFrame(codec, ...sets), small.track.parameterSets),
      ).toBeUndefined();
  });

  it('of any content give a readable init segment or nothing, never an error', () => {
    const firstBytes = codec === 'h264' ? [0x67, 0x68, 0x06, 0x65] : [0x40, 0x42, 0x44, 0x4e, 0x26];
    const unit = fc
      .tuple(fc.constantFrom(...firstBytes), fc.uint8Array({ maxLength: 40 }))
      .map(([first, rest]) => Buffer.from([first, ...rest]));
    const edited = fc
      .tuple(
        fc.constantFrom(...large.track.parameterSets),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 255 }),
      )
      .map(([set, at, value]) => {
        const copy = Buffer.from(set);
        if (at < copy.length) copy[at] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.array(fc.oneof(unit, edited), { maxLength: 5 }), (units) => {
        const sets = changedParameterSets(codec, keyFrame(codec, ...units), small.track.parameterSets);
        if (!sets) return;
        const track = readTrack(writeInit(codec, small.track.timescale, sets));
        expect(track.parameterSets).toHaveLength(sets.length);
        expect(codecString(codec, track.parameterSets)).toMatch(/^(avc1|hvc1)\./);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the size of a picture', () => {
  it('is unknown, not an error, for any bytes that are no parameter set', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CODECS), fc.uint8Array({ maxLength: 60 }), (codec, bytes) => {
        const size = sequenceParameters(codec, Buffer.from(bytes));
        if (size === undefined) return;
        expect(size.width).toBeGreaterThan(0);
        expect(size.width).toBeLessThanOrEqual(16_384);
        expect(size.height).toBeGreaterThan(0);
        expect(size.height).toBeLessThanOrEqual(16_384);
      }),
      { numRuns: 1000 },
    );
  });
});
