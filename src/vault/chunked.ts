import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { expand } from './expand.ts';
import { COMMITMENT_BYTES, KEY_BYTES, NONCE_BYTES, PREAMBLE_BYTES, SALT_BYTES, TAG_BYTES } from './layout.ts';
import { withoutStackTraces } from './without-stack-traces.ts';

/** The specification's limit on chunks per message. */
const CHUNK_LIMIT = 2 ** 38;

const LABEL = Buffer.from('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0', 'latin1');

/**
 * The secrets of one segment in unpooled memory. They never become a string or a KeyObject, because only a
 * Buffer can be overwritten; {@link SegmentSecrets.erase} does that and is called exactly when they are done.
 */
export interface SegmentSecrets {
  readonly key: Buffer;
  readonly baseNonce: Buffer;
  readonly commitment: Buffer;
  erase(): void;
}

/** @param hourKey 32 uniformly random bytes; the caller erases it. @param salt 24 bytes, never used twice. */
export function deriveSecrets(hourKey: Buffer, salt: Buffer, context: string): SegmentSecrets {
  const info = Buffer.concat([LABEL, salt, Buffer.from(context, 'ascii')]);
  const material = expand(hourKey, info, KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES);
  return {
    key: material.subarray(0, KEY_BYTES),
    baseNonce: material.subarray(KEY_BYTES, KEY_BYTES + NONCE_BYTES),
    commitment: material.subarray(KEY_BYTES + NONCE_BYTES),
    erase: () => material.fill(0),
  };
}

/** The commitment says whether key, salt and context belong to this file; nothing is decrypted before it. */
export const commits = (secrets: SegmentSecrets, preamble: Buffer): boolean =>
  timingSafeEqual(secrets.commitment, preamble.subarray(SALT_BYTES, PREAMBLE_BYTES));

/** @returns ciphertext and tag of chunk number `chunk` */
export function sealChunk(secrets: SegmentSecrets, chunk: number, plain: Buffer): [Buffer, Buffer] {
  const nonce = nonceOf(secrets.baseNonce, chunk);
  const cipher = withoutStackTraces(() => createCipheriv('aes-256-gcm', secrets.key, nonce));
  const sealed = cipher.update(plain);
  cipher.final();
  return [sealed, cipher.getAuthTag()];
}

/** @param sealed ciphertext and tag. @returns the plaintext, or undefined when it does not authenticate. */
export function openChunk(secrets: SegmentSecrets, chunk: number, sealed: Buffer): Buffer | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const end = sealed.length - TAG_BYTES;
  const nonce = nonceOf(secrets.baseNonce, chunk);
  const decipher = withoutStackTraces(() =>
    createDecipheriv('aes-256-gcm', secrets.key, nonce, { authTagLength: TAG_BYTES }),
  );
  decipher.setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(0, end));
  try {
    decipher.final();
  } catch {
    // The only thing final() can find wrong is the tag: that is the answer, not an accident.
    return undefined;
  }
  return plain;
}

function nonceOf(baseNonce: Buffer, chunk: number): Buffer {
  if (chunk >= CHUNK_LIMIT) throw new RangeError('too many chunks');
  const nonce = Buffer.from(baseNonce);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ (chunk % 2 ** 32)) >>> 0, 8);
  nonce.writeUInt8(nonce.readUInt8(7) ^ Math.floor(chunk / 2 ** 32), 7);
  return nonce;
}
