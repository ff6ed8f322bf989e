import { createHash } from 'node:crypto';
import type { MemoryPool } from '../lib/memory-pool.ts';
import { freeBox, SMALLEST_BOX_BYTES } from './boxes.ts';
import { type SegmentSecrets, sealChunk } from './chunked.ts';
import { CHUNK_BYTES, SEALED_CHUNK_BYTES, TAG_BYTES } from './layout.ts';

/**
 * Turns appended plaintext into sealed chunks. Pure of any waiting: what is ready comes out of `emit`, what is
 * short of a chunk stays here until more comes, {@link SealedStream.fill} pads it or {@link SealedStream.finish}
 * makes it the last one.
 */
export interface SealedStream {
  /** Plaintext bytes taken so far, fillers included: where the next piece will begin. */
  readonly plaintextBytes: number;
  /** Whole chunks emitted; after `finish`, all of them. */
  readonly chunks: number;
  /** Bytes that wait for their chunk to become whole. */
  readonly residueBytes: number;
  append(data: Buffer): void;
  /** Completes the chunk in the making with a `free` box, so that it can be written and survive. */
  fill(): void;
  /** Emits the final short chunk and erases the secrets. @returns SHA-256 of the whole file */
  finish(): Buffer;
  erase(): void;
}

const NOTHING = Buffer.alloc(0);

/** @param memory where sealed chunks are made; whoever has written what was emitted gives it back */
export function createSealedStream(
  secrets: SegmentSecrets,
  preamble: Buffer,
  emit: (sealed: Buffer) => void,
  memory: MemoryPool,
): SealedStream {
  const residue = Buffer.alloc(CHUNK_BYTES);
  const hash = createHash('sha256');
  let residueBytes = 0;
  let plaintextBytes = 0;
  let chunks = 0;

  const put = (bytes: Buffer) => {
    hash.update(bytes);
    emit(bytes);
  };
  /** Seals one chunk into `out`. */
  const sealInto = (out: Buffer, at: number, plain: Buffer): number => {
    const [sealed, tag] = sealChunk(secrets, chunks, plain);
    chunks += 1;
    return at + sealed.copy(out, at) + tag.copy(out, at + sealed.length);
  };
  const append = (data: Buffer) => {
    plaintextBytes += data.length;
    const whole = Math.floor((residueBytes + data.length) / CHUNK_BYTES);
    let written = 0;
    let at = 0;
    if (residueBytes > 0) {
      at = data.copy(residue, residueBytes);
      residueBytes += at;
      if (residueBytes < CHUNK_BYTES) return;
    }
    // One buffer for all chunks of a piece: one write, one hash update.
    const out = whole > 0 ? memory.take(whole * SEALED_CHUNK_BYTES) : NOTHING;
    if (residueBytes > 0) {
      written = sealInto(out, written, residue);
      residueBytes = 0;
    }
    for (; data.length - at >= CHUNK_BYTES; at += CHUNK_BYTES)
      written = sealInto(out, written, data.subarray(at, at + CHUNK_BYTES));
    residueBytes = data.copy(residue, 0, at);
    if (written > 0) put(out.subarray(0, written));
  };
  const erase = () => {
    secrets.erase();
    residue.fill(0);
  };

  put(preamble);
  return {
    get plaintextBytes() {
      return plaintextBytes;
    },
    get chunks() {
      return chunks;
    },
    get residueBytes() {
      return residueBytes;
    },
    append,
    fill() {
      // Where no box fits any more, the smallest one reaches a few bytes into the next chunk.
      if (residueBytes > 0) append(freeBox(Math.max(CHUNK_BYTES - residueBytes, SMALLEST_BOX_BYTES)));
    },
    finish() {
      const last = Buffer.allocUnsafeSlow(residueBytes + TAG_BYTES);
      sealInto(last, 0, residue.subarray(0, residueBytes));
      put(last);
      residueBytes = 0;
      erase();
      return hash.digest();
    },
    erase,
  };
}
