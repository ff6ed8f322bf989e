import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSlot, encodeSlot, SLOT_BYTES } from '../../../src/vault/epoch-slots.ts';

describe('an epoch slot', () => {
  it('gives back epoch and secret, in its own place only', () => {
    for (const epoch of [1, 2, 3, 2 ** 40 + 1]) {
      const secret = randomBytes(32);
      const slot = encodeSlot(epoch, secret);
      expect(slot).toHaveLength(SLOT_BYTES);
      expect(decodeSlot(slot, epoch % 2)).toEqual([{ epoch, secret }]);
      expect(decodeSlot(slot, (epoch + 1) % 2)).toEqual([]);
    }
  });

  it('holds either the old or the new secret or none after a write that was torn anywhere', () => {
    const [before, after] = [encodeSlot(3, randomBytes(32)), encodeSlot(5, randomBytes(32))];
    for (let at = 0; at <= 200; at++) {
      const torn = Buffer.concat([after.subarray(0, at), before.subarray(at)]);
      const found = decodeSlot(torn, 1);
      if (found[0])
        expect(encodeSlot(found[0].epoch, found[0].secret).subarray(0, 80)).toEqual(torn.subarray(0, 80));
      if (at >= 80) expect(found[0]?.epoch).toBe(5);
      if (at > 16 && at < 80) expect(found).toEqual([]);
    }
  });

  it('is not valid with any flipped bit in its 80 bytes', () => {
    const slot = encodeSlot(7, randomBytes(32));
    for (let bit = 0; bit < 80 * 8; bit++) {
      const bad = Buffer.from(slot);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeSlot(bad, 1)).toEqual([]);
    }
  });

  it('is never found in arbitrary bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        (bytes) => decodeSlot(Buffer.from(bytes), 1).length === 0,
      ),
    );
  });
});
