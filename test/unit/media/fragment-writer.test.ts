import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryPool } from '../../../src/lib/memory-pool.ts';
import { createFragmentWriter, type PictureFacts } from '../../../src/media/fmp4/fragment-writer.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { PRODUCER_TIME_BYTES, writeProducerTime } from '../../../src/media/fmp4/producer-time.ts';
import { nalUnits } from '../../../src/media/nal.ts';

type Writer = ReturnType<typeof createFragmentWriter>;

const put = (writer: Writer, unit: Iterable<number>, byteFirst = false) => {
  const memory = Buffer.from([...unit]);
  writer.beginUnit();
  if (byteFirst && memory.length > 0) writer.byte(memory[0]!);
  writer.bytes(memory, byteFirst ? Math.min(1, memory.length) : 0, memory.length);
  return writer.endUnit();
};

const PLAIN: PictureFacts = { durationTicks: 3600, shownLaterTicks: 0, keyFrame: false };

const picture = fc.record({
  units: fc.array(fc.uint8Array({ minLength: 1, maxLength: 900 }), { minLength: 1, maxLength: 5 }),
  durationTicks: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  shownLaterTicks: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  keyFrame: fc.boolean(),
});

describe('a fragment that is written', () => {
  it('is read back as what it was made of', () => {
    const group = fc.record({
      pictures: fc.array(picture, { minLength: 1, maxLength: 64 }),
      mediaStart: fc.integer({ min: 0, max: 2 ** 50 }),
    });
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), fc.boolean(), (groups, byteFirst) => {
        const writer = createFragmentWriter(createMemoryPool(0));
        groups.forEach(({ pictures, mediaStart }, index) => {
          for (const { units, ...facts } of pictures) {
            for (const unit of units) put(writer, unit, byteFirst);
            writer.endPicture();
            writer.addPicture(facts);
          }
          expect(writer.pictures).toBe(pictures.length);
          const fragment = writer.cut(mediaStart)!;
          const { bytes, facts } = fragment;
          expect(parseFragment(bytes)).toEqual(facts);
          expect(facts.mediaStart).toBe(mediaStart);
          expect(facts.startsWithKeyFrame).toBe(pictures[0]!.keyFrame);
          expect(facts.samples.map(({ durationTicks }) => durationTicks)).toEqual(
            pictures.map(({ durationTicks }) => durationTicks),
          );
          expect(facts.samples.map(({ keyFrame }) => keyFrame)).toEqual(
            pictures.map(({ keyFrame }) => keyFrame),
          );
          const found = facts.samples.map(({ offset, bytes: length }) =>
            [...nalUnits(bytes.subarray(offset, offset + length))].map((unit) => unit.toString('hex')),
          );
          expect(found).toEqual(
            pictures.map(({ units }) => units.map((unit) => Buffer.from(unit).toString('hex'))),
          );
          const table = bytes.indexOf('trun') + 16;
          expect(pictures.map((_, at) => bytes.readInt32BE(table + at * 16 + 12))).toEqual(
            pictures.map(({ shownLaterTicks }) => shownLaterTicks),
          );
          expect(bytes.readUInt32BE(20)).toBe(index + 1);
        });
        expect(writer.cut(0)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('has room in front for its wall clock, in memory that nobody else has', () => {
    const writer = createFragmentWriter(createMemoryPool(0));
    put(writer, Buffer.alloc(100, 1));
    writer.endPicture();
    writer.addPicture({ ...PLAIN, keyFrame: true });
    const first = writer.cut(90_000)!;
    const copy = Buffer.from(first.bytes);
    writeProducerTime(first.framed, 1_795_000_000_000_000, first.facts.mediaStart);
    expect(first.bytes.equals(copy)).toBe(true);
    expect(first.framed.length).toBe(PRODUCER_TIME_BYTES + first.bytes.length);
    expect(parseFragment(first.framed)).toMatchObject({ wallUs: 1_795_000_000_000_000, mediaStart: 90_000 });
    for (let i = 0; i < 20; i++) {
      put(writer, Buffer.alloc(100_000, i));
      writer.endPicture();
      writer.addPicture(PLAIN);
      writer.cut(i);
    }
    expect(first.bytes.equals(copy)).toBe(true);
  });

  it('holds what is described; the picture in the making goes on behind it', () => {
    const writer = createFragmentWriter(createMemoryPool(0));
    put(writer, [1, 1]);
    writer.endPicture();
    // The next picture has begun when the one before is described and cut, also in the middle of a unit.
    put(writer, [2, 2]);
    writer.beginUnit();
    writer.byte(3);
    writer.addPicture(PLAIN);
    expect(writer.describedBytes).toBe(6);
    expect(writer.heldBytes).toBe(6 + 6 + 5);
    const first = writer.cut(0)!;
    expect(writer.describedBytes).toBe(0);
    expect(writer.heldBytes).toBe(6 + 5);
    writer.byte(4);
    writer.endUnit();
    writer.endPicture();
    writer.addPicture(PLAIN);
    const second = writer.cut(3600)!;
    const unitsOf = ({ bytes, facts }: typeof first) => [
      ...nalUnits(bytes.subarray(facts.samples[0]!.offset)),
    ];
    expect(unitsOf(first)).toEqual([Buffer.from([1, 1])]);
    expect(unitsOf(second)).toEqual([Buffer.from([2, 2]), Buffer.from([3, 4])]);
  });

  it('does not count to a picture the unit that has begun behind it', () => {
    const writer = createFragmentWriter(createMemoryPool(0));
    put(writer, [1]);
    writer.beginUnit();
    writer.endPicture();
    writer.bytes(Buffer.from([2]), 0, 1);
    writer.endUnit();
    writer.addPicture(PLAIN);
    expect(writer.cut(0)!.facts.samples.map(({ bytes }) => bytes)).toEqual([5]);
    writer.endPicture();
    writer.addPicture(PLAIN);
    expect(writer.cut(0)!.facts.samples.map(({ bytes }) => bytes)).toEqual([5]);
  });

  it('has no empty units, and none that were taken back', () => {
    const writer = createFragmentWriter(createMemoryPool(0));
    put(writer, [1, 2]);
    const empty = put(writer, []);
    expect(empty.end - empty.start).toBe(0);
    const gone = put(writer, [9, 9, 9]);
    expect(gone.memory.subarray(gone.start, gone.end)).toEqual(Buffer.from([9, 9, 9]));
    writer.takeBackUnit();
    put(writer, [3]);
    writer.endPicture();
    writer.addPicture(PLAIN);
    const { bytes, facts } = writer.cut(0)!;
    expect([...nalUnits(bytes.subarray(facts.samples[0]!.offset))]).toEqual([
      Buffer.from([1, 2]),
      Buffer.from([3]),
    ]);
  });

  it('forgets what is discarded and nothing else', () => {
    const writer = createFragmentWriter(createMemoryPool(0));
    put(writer, [1]);
    writer.endPicture();
    put(writer, [2]);
    writer.addPicture(PLAIN);
    writer.discard();
    expect(writer.pictures).toBe(0);
    writer.endPicture();
    writer.addPicture(PLAIN);
    const { bytes, facts } = writer.cut(0)!;
    expect([...nalUnits(bytes.subarray(facts.samples[0]!.offset))]).toEqual([Buffer.from([2])]);
  });

  it('may be as large as a picture is', () => {
    const writer = createFragmentWriter(createMemoryPool(0));
    const unit = Buffer.alloc(5_000_000, 7);
    for (let i = 0; i < 2; i++) {
      put(writer, unit);
      writer.endPicture();
      writer.addPicture(PLAIN);
    }
    const { bytes, facts } = writer.cut(0)!;
    expect(facts.samples.map(({ bytes: length }) => length)).toEqual([5_000_004, 5_000_004]);
    expect(bytes.subarray(-5_000_000).equals(unit)).toBe(true);
  });
});
