import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeGops, encodeGops, type Gop } from '../../../src/catalogue/gop-codec.ts';
import { decodePieces, encodePieces } from '../../../src/catalogue/piece-codec.ts';
import { createByteSink, createByteSource } from '../../../src/catalogue/varint.ts';
import { isGirokError } from '../../../src/lib/errors.ts';

const whole = fc.oneof(
  fc.nat(),
  fc.maxSafeNat().map((n) => Math.floor(n / 4)),
);
const gop: fc.Arbitrary<Gop> = fc.record({
  startUs: fc.oneof(whole, fc.integer({ min: 1_700_000_000_000_000, max: 4_102_444_800_000_000 })),
  mediaStart: whole,
  durationTicks: whole,
  offset: whole,
  bytes: whole,
  frames: whole,
  activity: fc.integer({ min: 0, max: 255 }),
});
const pieces = fc
  .array(fc.tuple(fc.nat(5000), fc.nat(1_000_000), fc.uint8Array({ minLength: 32, maxLength: 32 })))
  .map((list) => {
    let end = 0;
    return list.map(([space, bytes, hash]) => {
      const offset = end + space;
      end = offset + bytes;
      return { offset, bytes, sha256: Buffer.from(hash) };
    });
  });

/** What a decoder may do with bytes that nobody encoded: refuse them, or read what encodes to the same bytes. */
function refusesOrRoundTrips<T>(decode: (b: Uint8Array) => T, encode: (v: T) => Buffer, blob: Uint8Array) {
  try {
    expect(encode(decode(blob))).toEqual(Buffer.from(blob));
  } catch (error) {
    if (!isGirokError(error, 'database_damaged') && !(error instanceof RangeError)) throw error;
  }
}

describe('numbers of variable length', () => {
  it('come back as they were, unsigned and signed', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeInteger(), (unsigned, signed) => {
        const half = Math.trunc(signed / 2);
        const sink = createByteSink();
        sink.unsigned(unsigned);
        sink.signed(half);
        const source = createByteSource(sink.take(), 'test');
        expect(source.unsigned()).toBe(unsigned);
        expect(source.signed() === half).toBe(true);
        expect(source.left).toBe(0);
      }),
    );
  });

  it('are refused when they are cut short, padded or beyond 2^53', () => {
    for (const bytes of [[0x80], [0x80, 0x00], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], []]) {
      expect(() => createByteSource(Uint8Array.from(bytes), 'test').unsigned()).toThrow('database_damaged');
    }
  });
});

describe('the GOP index', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.array(gop), (gops) => {
        expect(decodeGops(encodeGops(gops))).toEqual(gops);
      }),
    );
  });

  it('costs at most 14 bytes per GOP of a regular stream', () => {
    const gops = Array.from({ length: 60 }, (_, i) => ({
      startUs: 1_795_000_000_000_000 + i * 1_000_000 + ((i * 37) % 11),
      mediaStart: i * 90_000,
      durationTicks: 90_000,
      offset: 1200 + i * 500_000 + ((i * 7919) % 40_000),
      bytes: 480_000 + ((i * 104_729) % 60_000),
      frames: 15,
      activity: (i * 3) % 60,
    }));
    expect(encodeGops(gops).length / gops.length).toBeLessThan(14);
  });

  it('is refused for every byte that is cut off', () => {
    const blob = encodeGops([
      { startUs: 5, mediaStart: 4, durationTicks: 300, offset: 2, bytes: 9, frames: 1, activity: 7 },
    ]);
    for (let length = 0; length < blob.length; length++) {
      expect(() => decodeGops(blob.subarray(0, length))).toThrow('database_damaged');
    }
  });

  it('takes no memory for a count that its bytes cannot hold', () => {
    const sink = createByteSink();
    sink.byte(1);
    sink.unsigned(100_000);
    expect(() => decodeGops(sink.take())).toThrow('fault=count');
  });

  it('never reads arbitrary bytes as something that was not written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (tail) => {
        refusesOrRoundTrips(decodeGops, encodeGops, Uint8Array.from([1, ...tail]));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the piece index', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        expect(decodePieces(encodePieces(list))).toEqual(list);
      }),
    );
  });

  it('is refused when it is cut, longer than it says, or of another version', () => {
    fc.assert(
      fc.property(pieces, fc.nat(), (list, at) => {
        const blob = encodePieces(list);
        const cut = at % blob.length;
        expect(() => decodePieces(blob.subarray(0, cut))).toThrow('database_damaged');
        expect(() => decodePieces(Buffer.concat([blob, Buffer.of(0)]))).toThrow('database_damaged');
        expect(() => decodePieces(Buffer.concat([Buffer.of(2), blob.subarray(1)]))).toThrow('version');
      }),
    );
  });

  it('never reads arbitrary bytes as something that was not written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (tail) => {
        refusesOrRoundTrips(decodePieces, encodePieces, Uint8Array.from([1, ...tail]));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses to write a hash of another length', () => {
    expect(() => encodePieces([{ offset: 0, bytes: 1, sha256: Buffer.alloc(31) }])).toThrow('not a SHA-256');
  });
});
