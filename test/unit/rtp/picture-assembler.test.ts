import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_PICTURES, type WrittenFragment } from '../../../src/media/fmp4/fragment-writer.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { readTrack } from '../../../src/media/fmp4/track.ts';
import { type Codec, nalRole, nalType } from '../../../src/media/nal.ts';
import { sequenceParameters } from '../../../src/media/sequence-parameters.ts';
import { createPictureAssembler, type Missing } from '../../../src/rtp/picture-assembler.ts';
import { ANNEX_B } from '../../../src/rtp/unit-sink.ts';
import { mediaFixture } from '../../support/fragments.ts';
import { isKey, realStream, shownLaterIn, slice, unitsIn } from './pictures.ts';

const RATE = 90_000;
const setsOf = (codec: Codec, size = '640x360') =>
  readTrack(mediaFixture(`${codec}-${size}.init.mp4`)).parameterSets;

function assemble(codec: Codec, { announced = setsOf(codec), clockRate = RATE } = {}) {
  const fragments: WrittenFragment[] = [];
  const missing: Missing[] = [];
  const begun: (readonly Buffer[])[] = [];
  const heard = { notYet: 0, broken: 0 };
  let monoUs = 1_000_000;
  let latestTime: number | undefined;
  const assembler = createPictureAssembler(
    { codec, clockRate, announcedSets: announced, monoUs: () => monoUs },
    {
      begins: (sets) => begun.push(sets.map((set) => Buffer.from(set))),
      fragment: (fragment, lacks) => {
        expect(begun).toHaveLength(1);
        expect(parseFragment(fragment.bytes)).toEqual(fragment.facts);
        fragments.push(fragment);
        missing.push({ ...lacks });
      },
      notYet: () => {
        heard.notYet += 1;
      },
      broken: () => {
        heard.broken += 1;
      },
    },
  );
  const self = {
    assembler,
    fragments,
    missing,
    begun,
    heard,
    get pictures() {
      return fragments.flatMap(unitsIn);
    },
    get keyFrames() {
      return fragments.flatMap(({ facts }) => facts.samples.map(({ keyFrame }) => keyFrame));
    },
    /** A unit in pieces, as a depacketiser hands it on, from memory that does not last. */
    unit(
      bytes: Buffer,
      rtpTime: number,
      type = bytes[0] === 0 && bytes[1] === 0 ? ANNEX_B : nalType(codec, bytes[0]!),
    ) {
      const memory = Buffer.concat([Buffer.alloc(2, 0xff), bytes]);
      const middle = 2 + (bytes.length >> 1);
      assembler.begin(type, rtpTime);
      if (bytes.length > 1) {
        assembler.byte(bytes[0]!);
        assembler.bytes(memory, 3, Math.max(3, middle));
        assembler.bytes(memory, Math.max(3, middle), memory.length);
      } else assembler.bytes(memory, 2, memory.length);
      assembler.end();
      memory.fill(0xee);
    },
    /** The units of one picture, and the marker behind them. */
    picture(units: readonly Buffer[], rtpTime: number, marker = true) {
      if (latestTime !== undefined) monoUs += (((rtpTime - latestTime) | 0) * 1e6) / clockRate;
      latestTime = rtpTime;
      for (const unit of units) self.unit(unit, rtpTime);
      if (marker) assembler.marker();
    },
  };
  return self;
}

/** Of streams with three reordered pictures in a pyramid; and how many bytes it may lose before its size is lost. */
const REORDERING = {
  h264: ['6764000aacd9420db011000003000100000300140f122596', 8],
  h265: ['42010101600000030090000003000003001ea01020616595964932bc05a02000000300200000030141', 17],
} as const;

const hexOf = (units: readonly Buffer[]) => units.map((unit) => unit.toString('hex'));

/** Units that are no slices, from the standards and from nobody's, without a start code in them. */
const otherTypes = {
  h264: { before: [6, 9], behind: [12, 19, 24, 31] },
  h265: { before: [35, 39, 41, 48], behind: [38, 40, 45, 56, 63] },
} as const;
const anyOther = (codec: Codec, place: 'before' | 'behind') =>
  fc
    .tuple(fc.constantFrom(...otherTypes[codec][place]), fc.uint8Array({ min: 1, maxLength: 40 }))
    .map(([type, body]) =>
      codec === 'h264' ? Buffer.from([type, ...body]) : Buffer.from([type << 1, 1, ...body]),
    );
const anySlice = (codec: Codec, keyFrame: boolean, first: boolean) =>
  fc
    .uint8Array({ minLength: 1, maxLength: 400 })
    .map((body) => slice(codec, keyFrame, Buffer.from(body), first));

const anyPicture = (codec: Codec) =>
  fc.integer({ min: 0, max: 5 }).chain((n) => {
    const keyFrame = n === 0;
    return fc
      .tuple(
        fc.array(anyOther(codec, 'before'), { maxLength: 3 }),
        keyFrame ? fc.boolean() : fc.constant(false),
        anySlice(codec, keyFrame, true),
        fc.array(anySlice(codec, keyFrame, false), { maxLength: 3 }),
        fc.array(anyOther(codec, 'behind'), { maxLength: 2 }),
      )
      .map(([before, withSets, first, slices, behind]) => [
        ...(withSets ? setsOf(codec) : []),
        ...before,
        first,
        ...slices,
        ...behind,
      ]);
  });

describe.each(['h264', 'h265'] as const)('pictures of %s', (codec) => {
  const sets = setsOf(codec);
  const key = slice(codec, true);
  const other = slice(codec, false);
  const sei = codec === 'h264' ? Buffer.from([6, 5, 1, 9]) : Buffer.from([39 << 1, 1, 5, 1, 9]);

  it('come out as they were sent, in fragments that begin with every key picture and are short', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyPicture(codec), fc.constantFrom(900, 3600, 18_000, 90_000), fc.boolean()), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.nat(2 ** 32 - 1),
        (stream, start) => {
          const one = assemble(codec);
          let rtpTime = start;
          const times: number[] = [];
          for (const [units, ticks, marker] of stream) {
            one.picture(units, rtpTime % 2 ** 32, marker);
            times.push(rtpTime);
            rtpTime += ticks;
          }
          one.assembler.finish();
          const from = stream.findIndex(([units]) => isKey(codec, units));
          const kept = from < 0 ? [] : stream.slice(from);
          expect(one.heard.notYet).toBe(from < 0 ? stream.length : from);
          expect(one.pictures).toEqual(kept.map(([units]) => hexOf(units)));
          expect(one.keyFrames).toEqual(kept.map(([units]) => isKey(codec, units)));
          let at = 0;
          for (const { facts } of one.fragments) {
            expect(facts.mediaStart).toBe(at);
            at += facts.durationTicks;
            expect(facts.samples.length).toBeLessThanOrEqual(MOST_PICTURES);
            expect(facts.samples.slice(1).every(({ keyFrame }) => !keyFrame)).toBe(true);
            const withoutLast = facts.durationTicks - facts.samples.at(-1)!.durationTicks;
            expect(withoutLast).toBeLessThan(RATE / 2);
          }
          const durations = one.fragments.flatMap(({ facts }) =>
            facts.samples.map(({ durationTicks }) => durationTicks),
          );
          expect(durations.slice(0, -1)).toEqual(kept.slice(0, -1).map(([, ticks]) => ticks));
          expect(one.fragments.flatMap(shownLaterIn).every((ticks) => ticks === 0)).toBe(true);
          expect(one.missing.every(({ packets, damagedPictures }) => packets + damagedPictures === 0)).toBe(
            true,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of a real stream come out bit for bit', () => {
    const { sets: real, pictures } = realStream(codec);
    const one = assemble(codec, { announced: [] });
    pictures.forEach(({ units }, index) => {
      one.picture(units, index * 18_000);
    });
    one.assembler.finish();
    expect(one.pictures).toEqual(pictures.map(({ units }) => hexOf(units)));
    expect(one.keyFrames).toEqual(pictures.map(({ keyFrame }) => keyFrame));
    expect(one.begun.map(hexOf)).toEqual([hexOf(real)]);
  });

  it('end where another time begins, also without any marker', () => {
    const one = assemble(codec);
    for (let i = 0; i < 10; i++) one.picture(i ? [other, other] : [key, key], i * 3600, false);
    one.assembler.finish();
    expect(one.pictures).toHaveLength(10);
    expect(one.pictures.every((units) => units.length === 2)).toBe(true);
  });

  it('do not end with a marker on what stands before their slices', () => {
    const one = assemble(codec);
    one.picture([...sets, key], 0);
    one.unit(sei, 3600);
    one.assembler.marker();
    one.unit(other, 3600);
    one.unit(other, 3600);
    one.assembler.marker();
    one.picture([other], 7200);
    one.assembler.finish();
    expect(one.pictures.slice(1)).toEqual([hexOf([sei, other, other]), hexOf([other])]);
  });

  it('have their parameter sets also when these come with the time of the picture before', () => {
    const one = assemble(codec);
    one.picture([...sets, key], 0);
    one.picture([other], 3600);
    for (const set of sets) one.unit(set, 3600);
    one.picture([key], 7200);
    one.assembler.finish();
    expect(one.pictures).toEqual([hexOf([...sets, key]), hexOf([other]), hexOf([...sets, key])]);
    expect(one.keyFrames).toEqual([true, false, true]);
  });

  it('of a camera whose times stand still end at a key picture behind a marker', () => {
    const one = assemble(codec);
    one.picture([key], 0);
    one.picture([other], 3600);
    one.picture([key], 3600);
    one.assembler.finish();
    expect(one.keyFrames).toEqual([true, false, true]);
  });

  it.each([
    ['behind the first unit', (units: Buffer[]) => join(units, false)],
    ['before every unit', (units: Buffer[]) => join(units, true)],
  ])('lose start codes %s, and nothing else', (_, joined) => {
    const one = assemble(codec, { announced: [] });
    one.picture([joined([...sets, sei, key])], 0);
    one.picture([joined([sei, other])], 3600);
    one.picture([other], 7200);
    one.assembler.finish();
    expect(one.pictures).toEqual([hexOf([...sets, sei, key]), hexOf([sei, other]), hexOf([other])]);
    expect(one.keyFrames).toEqual([true, false, false]);
    expect(hexOf(one.begun[0]!)).toEqual(hexOf(sets));
  });

  it('that hide behind countless start codes are kept without being counted', () => {
    const one = assemble(codec);
    one.picture([key], 0);
    const many = join(
      Array.from({ length: 200_000 }, (_, i) => (i % 2 ? Buffer.from([9, 1]) : other)),
      true,
    );
    one.picture([many], 3600);
    one.assembler.finish();
    expect(one.pictures.length).toBeLessThan(70);
    expect(one.pictures.flat().length).toBeLessThan(70);
  });

  it('begin with sets that only come in band, and with none before', () => {
    const one = assemble(codec, { announced: [] });
    one.picture([key], 0);
    one.picture([...sets.slice(0, -1), key], 3600);
    one.picture([other], 7200);
    expect(one.heard.notYet).toBe(3);
    one.picture([...sets, key], 10_800);
    one.assembler.finish();
    expect(hexOf(one.begun[0]!)).toEqual(hexOf(sets));
    expect(one.pictures).toEqual([hexOf([...sets, key])]);
    expect(one.fragments[0]!.facts.mediaStart).toBe(0);
  });

  it('begin with the sets that come with them where the description has others, or rubbish', () => {
    const wrong = setsOf(codec, '322x242');
    const [sps] = sets.filter((set) => [7, 33].includes(nalType(codec, set[0]!)));
    const rubbish = [
      sps!.subarray(0, 3),
      Buffer.alloc(70_000, sps![0]),
      Buffer.alloc(0),
      Buffer.from([0xff]),
    ];
    for (const announced of [wrong, rubbish]) {
      const one = assemble(codec, { announced });
      one.picture([sps!.subarray(0, 4), ...sets, key], 0);
      one.assembler.finish();
      expect(hexOf(one.begun[0]!)).toEqual(hexOf(sets));
    }
    const patient = assemble(codec, { announced: rubbish });
    patient.picture([key], 0);
    expect(patient.begun).toEqual([]);
  });

  it('have each of flapping copies once at the beginning, and all where they came', () => {
    const padded = sets.map((set) => Buffer.concat([set, Buffer.from([0x80])]));
    const one = assemble(codec, { announced: [] });
    for (let i = 0; i < 40; i++) one.picture([...(i % 2 ? padded : sets), other], i * 3600);
    for (let i = 40; i < 60; i++) one.picture([...(i % 2 ? padded : sets), key], i * 3600);
    one.assembler.finish();
    expect(one.begun).toHaveLength(1);
    expect(hexOf(one.begun[0]!)).toEqual(sets.flatMap((set, i) => hexOf([set, padded[i]!])));
    expect(one.pictures).toHaveLength(20);
    expect(one.pictures[1]).toEqual(hexOf([...padded, key]));
  });

  it('never begin with more sets than an init segment has room for', () => {
    const one = assemble(codec, { announced: [] });
    const pps = sets.at(-1)!;
    for (let i = 0; i < 400; i++) one.unit(Buffer.concat([pps, Buffer.from([1 + (i >> 7), i | 0x80])]), 0);
    one.unit(Buffer.concat([pps, Buffer.alloc(70_000, 0xff)]), 0);
    one.picture([...sets, key], 0);
    one.assembler.finish();
    expect(one.begun[0]!.length).toBeLessThan(20);
    expect(one.begun[0]!.every((set) => set.length < 1000)).toBe(true);
  });

  it('have at most 64 of them in a fragment, and as many bytes as memory should hold', () => {
    const fast = assemble(codec);
    for (let i = 0; i < 200; i++) fast.picture([i ? other : key], i * 90);
    fast.assembler.finish();
    expect(fast.fragments.map(({ facts }) => facts.samples.length)).toEqual([64, 64, 64, 8]);
    const large = assemble(codec);
    const big = slice(codec, false, Buffer.alloc(1_500_000, 0x91));
    for (let i = 0; i < 9; i++) large.picture([i ? big : key], i * 900);
    large.assembler.finish();
    expect(large.fragments.map(({ facts }) => facts.samples.length)).toEqual([4, 3, 2]);
  });

  it('larger than any camera makes are refused once; those before them are not lost', () => {
    const one = assemble(codec);
    one.picture([key], 0);
    one.picture([other], 3600);
    one.picture([other], 7200);
    const piece = Buffer.alloc(60_000, 0x91);
    one.assembler.begin(1, 10_800);
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 5000; i++) one.assembler.bytes(piece, 0, piece.length);
    one.assembler.end();
    for (let i = 0; i < 100; i++) one.picture([...sets, key], 14_400 + i * 3600);
    expect(one.heard.broken).toBe(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    one.assembler.finish();
    expect(one.pictures).toEqual([hexOf([key]), hexOf([other]), hexOf([other])]);
  });

  it('never come in a stream of parameter sets alone: it is refused like one that is too large', () => {
    const one = assemble(codec);
    for (let i = 0; i < 300; i++) one.unit(Buffer.concat([sei, Buffer.alloc(60_000, 0x91)]), 0);
    expect(one.heard).toEqual({ notYet: 0, broken: 1 });
    one.assembler.finish();
    expect(one.fragments).toEqual([]);
  });

  it('are handed on at the end, the last one as long as usual', () => {
    const one = assemble(codec);
    for (let i = 0; i < 3; i++) one.picture([i ? other : key], i * 4500, i < 2);
    expect(one.fragments).toEqual([]);
    one.assembler.finish();
    one.assembler.finish();
    expect(one.fragments).toHaveLength(1);
    expect(one.fragments[0]!.facts.samples.map(({ durationTicks }) => durationTicks)).toEqual([
      4500, 4500, 4500,
    ]);
    const none = assemble(codec);
    none.assembler.finish();
    expect(none.fragments).toEqual([]);
  });

  describe('of which packets are missing', () => {
    const three = () => {
      const one = assemble(codec);
      one.picture([key], 0);
      one.picture([other], 3600);
      return one;
    };

    it('are damaged where the loss lies inside them', () => {
      const one = three();
      one.unit(other, 7200);
      one.assembler.lost(3, 7200, false);
      one.unit(other, 7200);
      one.assembler.marker();
      one.assembler.finish();
      expect(one.missing).toEqual([{ packets: 3, damagedPictures: 1 }]);
      expect(one.assembler.damagedPictures).toBe(1);
    });

    it('are damaged where their end did not come', () => {
      const one = three();
      one.unit(other, 7200);
      one.assembler.lost(3, 10_800, false);
      one.picture([other], 10_800);
      one.assembler.finish();
      expect(one.missing).toEqual([{ packets: 3, damagedPictures: 1 }]);
    });

    it('are both damaged where one lacks its end and the next its beginning', () => {
      const one = three();
      one.unit(other, 7200);
      one.assembler.lost(3, 10_800, true);
      one.picture([other], 10_800);
      one.assembler.finish();
      expect(one.missing).toEqual([{ packets: 3, damagedPictures: 2 }]);
      expect(one.assembler.damagedPictures).toBe(2);
    });

    it('are not damaged where whole pictures are missing between them', () => {
      const one = three();
      one.assembler.lost(3, 10_800, false);
      one.picture([other], 10_800);
      one.assembler.finish();
      expect(one.missing).toEqual([{ packets: 3, damagedPictures: 0 }]);
    });

    it('are damaged where their first slice is one of those missing', () => {
      const one = three();
      one.assembler.lost(3, 10_800, false);
      one.picture([slice(codec, false, Buffer.from([9, 9]), false), other], 10_800);
      one.picture([other], 14_400);
      one.assembler.finish();
      expect(one.missing).toEqual([{ packets: 3, damagedPictures: 1 }]);
    });

    it('tell so with the fragment in which they lie; what is missing at the very end with the last', () => {
      const one = assemble(codec);
      one.assembler.lost(1, 0, true);
      one.picture([other], 0);
      one.picture([key], 3600);
      one.assembler.lost(2, 7200, false);
      one.picture([key], 7200);
      one.assembler.lost(4, 10_800, true);
      one.picture([key], 10_800);
      one.assembler.lost(8, 14_400, false);
      one.unit(sei, 14_400);
      one.assembler.finish();
      // The first lies before everything that is kept.
      expect(one.missing).toEqual([
        { packets: 1, damagedPictures: 0 },
        { packets: 2, damagedPictures: 0 },
        { packets: 12, damagedPictures: 1 },
      ]);
    });
  });

  it.each([true, false])(
    'that are reordered (announced: %s) are decoded as sent and shown in their order',
    (says) => {
      const [sps, role] = REORDERING[codec];
      // Cut short, the set still has the pictures' size and says nothing of their order.
      const own = Buffer.from(sps, 'hex').subarray(0, says ? undefined : -role);
      expect(sequenceParameters(codec, own)?.reorderedPictures).toBe(says ? 2 : undefined);
      const isSps = (set: Buffer) => nalRole(codec, set[0]!) === 'sps';
      const one = assemble(codec, { announced: sets.map((set) => (isSps(set) ? own : set)) });
      const places = [0, 4, 2, 1, 3, 8, 6, 5, 7, 12, 10, 9, 11, 16, 14, 13, 15, 20, 18, 17, 19];
      for (const place of places) one.picture([place ? other : key], 500_000 + place * 3600);
      one.assembler.finish();
      expect(one.assembler.clock.jumps).toBe(0);
      let at = 0;
      const decoded: number[] = [];
      for (const fragment of one.fragments) {
        expect(fragment.facts.mediaStart).toBe(at);
        for (const { durationTicks } of fragment.facts.samples) {
          decoded.push(at);
          expect(durationTicks).toBeGreaterThan(0);
          at += durationTicks;
        }
      }
      const shown = one.fragments.flatMap(shownLaterIn).map((later, index) => decoded[index]! + later);
      expect(shown.map((ticks) => (ticks - shown[0]!) / 3600)).toEqual(places);
      expect(decoded.slice(10).every((ticks, index) => ticks <= shown[index + 10]!)).toBe(true);
    },
  );

  it.each([1, 999_999_999])('are never too long for a fragment, at %i ticks a second', (clockRate) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2 ** 32 - 1), fc.boolean()), { maxLength: 50 }), (times) => {
        const one = assemble(codec, { clockRate });
        one.picture([key], 0);
        for (const [rtpTime, keyFrame] of times) one.picture([keyFrame ? key : other], rtpTime);
        one.assembler.finish();
        expect(one.pictures.length).toBeLessThanOrEqual(times.length + 1);
      }),
    );
  });
});

function join(units: readonly Buffer[], before: boolean): Buffer {
  const parts = units.flatMap((unit, index) =>
    index === 0 && !before ? [unit] : [Buffer.from(index % 2 ? [0, 0, 1] : [0, 0, 0, 1]), unit],
  );
  return Buffer.concat(parts);
}
