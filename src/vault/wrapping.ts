import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { expand } from './expand.ts';
import { keyMemory } from './key-memory.ts';
import { KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './layout.ts';
import { addMask, takeMask } from './mask.ts';
import { takeNonce } from './nonces.ts';
import { withoutStackTraces } from './without-stack-traces.ts';

/** The name of an hour key; bound into its wrapping, so that a wrapped key cannot stand in for another. */
export interface HourKeyName {
  readonly camera: string;
  readonly day: string;
  readonly hour: number;
}

/** The name as one text, for looking up. */
export const keyId = ({ camera, day, hour }: HourKeyName): string => `${camera}|${day}|${hour}`;

/** The name alone, of whatever has one. */
export const keyName = ({ camera, day, hour }: HourKeyName): HourKeyName => ({ camera, day, hour });

/** nonce · sealed key · tag */
export const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const KEK_INFO = Buffer.from('girok/kek/1', 'ascii');
const CHECK_LABEL = Buffer.from('girok/kek-check/1', 'ascii');
/** GCM counts its blocks of text from 2 (NIST SP 800-38D §7.1). */
const FIRST_COUNTER = Buffer.from([0, 0, 0, 2]);
const NO_SALT = Buffer.alloc(32);

/** KEK of an epoch: HKDF-SHA-256 over root key and epoch secret. The caller erases it. */
export function deriveKek(rootKey: Buffer, secret: Buffer): Buffer {
  const input = keyMemory(rootKey.length + secret.length);
  rootKey.copy(input, 0);
  secret.copy(input, rootKey.length);
  const prk = createHmac('sha256', NO_SALT).update(input).digest();
  input.fill(0);
  const kek = expand(prk, KEK_INFO, KEY_BYTES);
  prk.fill(0);
  return kek;
}

/** Says nothing about the key, but the same key always says it. */
export const checkOf = (kek: Buffer): Buffer => createHmac('sha256', kek).update(CHECK_LABEL).digest();

export function wrapKey(kek: Buffer, epoch: number, name: HourKeyName, key: Buffer): Buffer {
  const nonce = takeNonce();
  return Buffer.concat([nonce, ...sealUnder(kek, nonce, boundTo(name, epoch), key)]);
}

/**
 * Node makes what a cipher gives out a byte too long and copies it; the first copy goes back to the allocator as it
 * is, where nobody can overwrite it. So the key comes out under a mask, and the copy left behind is worth nothing
 * once the mask is erased.
 *
 * @returns the key in unpooled memory, the caller's to erase; undefined when it does not authenticate
 */
export function unwrapKey(
  kek: Buffer,
  epoch: number,
  name: HourKeyName,
  wrapped: Buffer,
): Buffer | undefined {
  if (wrapped.length !== WRAPPED_BYTES) return undefined;
  const nonce = wrapped.subarray(0, NONCE_BYTES);
  const mask = takeMask();
  const masked = keyMemory(KEY_BYTES);
  wrapped.copy(masked, 0, NONCE_BYTES, NONCE_BYTES + KEY_BYTES);
  addMask(masked, mask);
  const decipher = withoutStackTraces(() =>
    createDecipheriv('aes-256-ctr', kek, Buffer.concat([nonce, FIRST_COUNTER])),
  );
  const key = decipher.update(masked);
  decipher.final();
  addMask(key, mask);
  // With what is wrapped, which is no secret, this gives the mask.
  masked.fill(0);
  mask.fill(0);
  // Sealed again, the key has to give the same tag: whatever GCM binds is bound here.
  const [, tag] = sealUnder(kek, nonce, boundTo(name, epoch), key);
  if (timingSafeEqual(tag, wrapped.subarray(NONCE_BYTES + KEY_BYTES))) return key;
  key.fill(0);
  return undefined;
}

/** @returns the sealed key and its tag */
function sealUnder(kek: Buffer, nonce: Buffer, bound: Buffer, key: Buffer): [Buffer, Buffer] {
  const cipher = withoutStackTraces(() => createCipheriv('aes-256-gcm', kek, nonce)).setAAD(bound);
  const sealed = cipher.update(key);
  cipher.final();
  return [sealed, cipher.getAuthTag()];
}

const boundTo = (name: HourKeyName, epoch: number): Buffer =>
  Buffer.from(`girok/wrap/1|${keyId(name)}|${epoch}`, 'ascii');
