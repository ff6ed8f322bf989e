import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { expand } from './expand.ts';
import { keyMemory } from './key-memory.ts';
import { KEY_BYTES, TAG_BYTES } from './layout.ts';
import { withoutStackTraces } from './without-stack-traces.ts';

/** The name of an hour key; bound into its wrapping, so that a wrapped key cannot stand in for another. */
export interface HourKeyName {
  readonly camera: string;
  readonly day: string;
  readonly hour: number;
}

const NONCE_BYTES = 12;
/** nonce · sealed key · tag */
export const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const KEK_INFO = Buffer.from('girok/kek/1', 'ascii');
const CHECK_LABEL = Buffer.from('girok/kek-check/1', 'ascii');
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
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = withoutStackTraces(() => createCipheriv('aes-256-gcm', kek, nonce)).setAAD(
    boundTo(name, epoch),
  );
  const sealed = cipher.update(key);
  cipher.final();
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
}

/** @returns the key in unpooled memory, the caller's to erase; undefined when it does not authenticate */
export function unwrapKey(
  kek: Buffer,
  epoch: number,
  name: HourKeyName,
  wrapped: Buffer,
): Buffer | undefined {
  if (wrapped.length !== WRAPPED_BYTES) return undefined;
  const decipher = withoutStackTraces(() =>
    createDecipheriv('aes-256-gcm', kek, wrapped.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }),
  );
  decipher.setAAD(boundTo(name, epoch)).setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES));
  const key = decipher.update(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES));
  try {
    withoutStackTraces(() => decipher.final());
  } catch {
    // Only a wrong tag fails here: the answer, not an accident. What came out unauthenticated goes.
    key.fill(0);
    return undefined;
  }
  return key;
}

const boundTo = ({ camera, day, hour }: HourKeyName, epoch: number): Buffer =>
  Buffer.from(`girok/wrap/1|${camera}|${day}|${hour}|${epoch}`, 'ascii');
