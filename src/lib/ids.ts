import { randomFillSync } from 'node:crypto';

/** As written in cameras.yml: `^[a-z0-9][a-z0-9-]{0,31}$`, safe in a path. */
export type CameraId = string & { readonly __brand: 'CameraId' };
/** 16 characters of Crockford base 32: 48 bits of time, then 32 random bits. Sorts by time. */
export type SegmentId = string & { readonly __brand: 'SegmentId' };
/** Like a {@link SegmentId}; one unbroken stretch of recording from one source. */
export type RunId = string & { readonly __brand: 'RunId' };

export type StreamKind = 'main' | 'sub';

/** One stream of one camera. */
export interface StreamRef {
  readonly camera: CameraId;
  readonly stream: StreamKind;
}

export const streamLabel = (ref: StreamRef): string => `${ref.camera}/${ref.stream}`;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

let last = 0n;

/** A new time-ordered id, unique across processes with overwhelming probability; within one process ids only grow. */
export function newId<T extends string = string>(utcUs: number): T {
  const random = randomFillSync(new Uint32Array(1))[0] as number;
  const fresh = (BigInt(Math.floor(utcUs / 1000)) << 32n) | BigInt(random);
  // Two ids of the same millisecond, or after the clock went back, must still sort as they were made.
  last = fresh > last ? fresh : last + 1n;
  let value = last;
  let text = '';
  for (let i = 0; i < 16; i++) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return text as T;
}
