/**
 * C2SP chunked-encryption v1 (https://c2sp.org/chunked-encryption) with HKDF-Expand-SHA-256 and
 * AEAD_AES_256_GCM: `salt(24) || commitment(32) || chunks`. Every chunk holds 16,384 plaintext bytes and a
 * 16-byte tag, the last one always fewer, so a cut shows itself. Here is where everything lies; what seals and
 * opens is in `chunked.ts`, which the process that erases may not import.
 */
export const CHUNK_BYTES = 16_384;
export const TAG_BYTES = 16;
export const NONCE_BYTES = 12;
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
export const SALT_BYTES = 24;
export const KEY_BYTES = 32;
export const COMMITMENT_BYTES = 32;
export const PREAMBLE_BYTES = SALT_BYTES + COMMITMENT_BYTES;

/** Where chunk `k` begins in the file. */
export const chunkPosition = (chunk: number): number => PREAMBLE_BYTES + chunk * SEALED_CHUNK_BYTES;

/** How a complete file of `fileBytes` is cut into chunks; undefined for a length no message has. */
export function layoutOf(fileBytes: number): { chunks: number; plaintextBytes: number } | undefined {
  const body = fileBytes - PREAMBLE_BYTES;
  if (body < TAG_BYTES) return undefined;
  const full = Math.floor(body / SEALED_CHUNK_BYTES);
  const last = body - full * SEALED_CHUNK_BYTES;
  if (last < TAG_BYTES) return undefined;
  return { chunks: full + 1, plaintextBytes: full * CHUNK_BYTES + last - TAG_BYTES };
}
