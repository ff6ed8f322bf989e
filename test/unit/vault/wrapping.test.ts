import { Cipheriv, createDecipheriv, Decipheriv, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type HourKeyName, unwrapKey, WRAPPED_BYTES, wrapKey } from '../../../src/vault/wrapping.ts';

const EPOCH = 7;
const name: HourKeyName = { camera: 'cam01', day: '2026-07-01', hour: 9 };
const [kek, key] = [randomBytes(32), randomBytes(32)];
const wrapped = wrapKey(kek, EPOCH, name, key);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a wrapped key', () => {
  it('opens as what it was', () => {
    expect(unwrapKey(kek, EPOCH, name, wrapped)).toEqual(key);
  });

  it('is AES-256-GCM and nothing else', () => {
    const decipher = createDecipheriv('aes-256-gcm', kek, wrapped.subarray(0, 12));
    decipher.setAAD(Buffer.from('girok/wrap/1|cam01|2026-07-01|9|7')).setAuthTag(wrapped.subarray(44));
    expect(Buffer.concat([decipher.update(wrapped.subarray(12, 44)), decipher.final()])).toEqual(key);
  });

  it.each([
    ['another camera', EPOCH, { ...name, camera: 'cam02' }],
    ['another day', EPOCH, { ...name, day: '2026-07-02' }],
    ['another hour', EPOCH, { ...name, hour: 10 }],
    ['another epoch', EPOCH + 1, name],
  ])('does not open as that of %s', (_what, epoch, other) => {
    expect(unwrapKey(kek, epoch, other, wrapped)).toBeUndefined();
  });

  it('does not open under another secret', () => {
    expect(unwrapKey(randomBytes(32), EPOCH, name, wrapped)).toBeUndefined();
  });

  it('does not open when any bit of it is another, nor longer or shorter', () => {
    for (let bit = 0; bit < 8 * WRAPPED_BYTES; bit++) {
      const changed = Buffer.from(wrapped);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(unwrapKey(kek, EPOCH, name, changed), `bit ${bit}`).toBeUndefined();
    }
    expect(unwrapKey(kek, EPOCH, name, wrapped.subarray(1))).toBeUndefined();
    expect(unwrapKey(kek, EPOCH, name, Buffer.concat([wrapped, Buffer.alloc(1)]))).toBeUndefined();
  });

  it('never comes out of a cipher bare, for every output leaves a copy behind that nobody can overwrite', () => {
    const given: string[] = [];
    for (const { prototype } of [Cipheriv, Decipheriv]) {
      const { update } = prototype;
      vi.spyOn(prototype, 'update').mockImplementation(function (this: Decipheriv, data: unknown) {
        const out: Buffer = Reflect.apply(update, this, [data]);
        given.push(out.toString('hex'));
        return out as Buffer & string;
      });
    }
    expect(unwrapKey(kek, EPOCH, name, wrapped)).toEqual(key);
    // Only the sealed key comes out the same however often it is opened: masks are never used twice.
    const first = given.splice(0);
    expect(unwrapKey(kek, EPOCH, name, wrapped)).toEqual(key);
    expect(first.filter((out) => given.includes(out))).toEqual([wrapped.subarray(12, 44).toString('hex')]);
    expect([...first, ...given]).not.toContain(key.toString('hex'));
  });
});
