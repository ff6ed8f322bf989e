import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeNal,
  parseStamp,
  stampsOfAnnexB,
  stampsOfSample,
  unescapeNal,
  writeStamp,
} from '../../../demo/sei.ts';

const codec = fc.constantFrom('h264' as const, 'h265' as const);
const stamp = fc.record({
  frame: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  utcUs: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  camera: fc.nat({ max: 65_535 }),
  stream: fc.constantFrom('main' as const, 'sub' as const, 'night' as const),
});

describe('the stamp in every picture', () => {
  it('comes back as it was written, whatever its numbers', () => {
    fc.assert(
      fc.property(codec, stamp, (kind, value) => {
        expect(parseStamp(kind, writeStamp(kind, value))).toEqual(value);
      }),
    );
  });

  it('never contains a start code', () => {
    fc.assert(
      fc.property(codec, stamp, (kind, value) => {
        const nal = writeStamp(kind, value);
        for (let i = 0; i + 2 < nal.length; i++) {
          expect(nal[i] === 0 && nal[i + 1] === 0 && nal[i + 2]! <= 2).toBe(false);
        }
      }),
    );
  });

  it('is found in byte streams and in length-prefixed samples', () => {
    const value = { frame: 7, utcUs: 1_790_000_000_000_000, camera: 3, stream: 'sub' as const };
    const nals = [Buffer.from([0x67, 1, 2, 3]), writeStamp('h264', value), Buffer.from([0x65, 0x88, 9])];
    const annexB = Buffer.concat(nals.flatMap((nal) => [Buffer.from([0, 0, 0, 1]), nal]));
    const lengths = nals.flatMap((nal) => {
      const prefix = Buffer.alloc(4);
      prefix.writeUInt32BE(nal.length);
      return [prefix, nal];
    });
    expect(stampsOfAnnexB('h264', annexB)).toEqual([value]);
    expect(stampsOfSample('h264', Buffer.concat(lengths))).toEqual([value]);
  });

  it('is not seen in messages of others, slices or cut-off units', () => {
    const nal = writeStamp('h264', { frame: 1, utcUs: 2, camera: 3, stream: 'main' });
    const foreign = Buffer.from(nal);
    foreign[5]! ^= 1;
    expect(parseStamp('h264', foreign)).toBeUndefined();
    expect(parseStamp('h264', Buffer.from([0x65, 5, 35, 1, 2]))).toBeUndefined();
    expect(parseStamp('h264', nal.subarray(0, 20))).toBeUndefined();
    expect(parseStamp('h264', Buffer.from([6]))).toBeUndefined();
  });

  it('escapes any bytes so that they come back', () => {
    const zeros = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 255), { maxLength: 60 });
    fc.assert(
      fc.property(zeros, (bytes) => {
        const raw = Uint8Array.from([...bytes, 0x80]);
        expect([...unescapeNal(escapeNal(raw))]).toEqual([...raw]);
      }),
    );
  });
});
