import { randomFillSync } from 'node:crypto';
import { NONCE_BYTES } from './layout.ts';

/** A call for random bytes costs as much as wrapping a key with them, and a rotation wraps ten thousand. */
const AT_ONCE = 512;

let drawn = Buffer.alloc(0);

/** @returns for AES-GCM, at random (NIST SP 800-38D §8.2.2: far fewer than 2³² under one key); no secret */
export function takeNonce(): Buffer {
  if (drawn.length < NONCE_BYTES) drawn = randomFillSync(Buffer.alloc(AT_ONCE * NONCE_BYTES));
  const nonce = drawn.subarray(0, NONCE_BYTES);
  drawn = drawn.subarray(NONCE_BYTES);
  return nonce;
}
