import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBitReader, withoutEmulationPrevention } from '../../../src/media/bits.ts';

/** Exp-Golomb as H.264 §9.1 defines it: as many zeros as bits behind the leading one of value + 1. */
const ue = (value: number) => {
  const bits = (value + 1).toString(2);
  return '0'.repeat(bits.length - 1) + bits;
};
const se = (value: number) => ue(value > 0 ? 2 * value - 1 : -2 * value);
const packed = (bits: string) =>
  Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (byte) => Number.parseInt(byte.padEnd(8, '0'), 2));

/** What an encoder does: a 3 between two zeros and anything up to 3. */
function withEmulationPrevention(payload: Uint8Array): Uint8Array {
  const out: number[] = [];
  let zeros = 0;
  for (const byte of payload) {
    if (zeros === 2 && byte <= 3) {
      out.push(3);
      zeros = 0;
    }
    out.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(out);
}

describe('reading bits', () => {
  it('gives back any mixture of fields and Exp-Golomb codes', () => {
    const field = fc.oneof(
      fc.integer({ min: 0, max: 2 ** 32 - 2 }).map((value) => ({ kind: 'ue' as const, value })),
      fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }).map((value) => ({ kind: 'se' as const, value })),
      fc.integer({ min: 0, max: 2 ** 17 - 1 }).map((value) => ({ kind: 'bits' as const, value })),
    );
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
        const text = fields.map(({ kind, value }) =>
          kind === 'ue' ? ue(value) : kind === 'se' ? se(value) : value.toString(2).padStart(17, '0'),
        );
        const reader = createBitReader(packed(text.join('')));
        for (const { kind, value } of fields)
          expect((kind === 'bits' ? reader.bits(17) : reader[kind]()) + 0).toBe(value + 0);
      }),
    );
  });

  it('says that it is at the end instead of making up zeros', () => {
    const reader = createBitReader(Uint8Array.of(0xff));
    reader.skip(7);
    expect(reader.flag()).toBe(true);
    expect(() => reader.flag()).toThrow(RangeError);
    expect(() => createBitReader(new Uint8Array(100)).ue()).toThrow('not an Exp-Golomb code');
  });

  it('removes exactly the bytes that prevent emulation', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 255), { maxLength: 40 }), (bytes) => {
        const payload = Uint8Array.from(bytes);
        const guarded = withEmulationPrevention(payload);
        expect(Buffer.from(guarded).includes(Buffer.from([0, 0, 1]))).toBe(false);
        expect([...withoutEmulationPrevention(guarded)]).toEqual(bytes);
      }),
    );
  });
});
