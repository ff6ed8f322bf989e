import { GirokError } from '../lib/errors.ts';

/**
 * Unsigned LEB128 for safe integers (0 … 2⁵³ − 1, at most 8 bytes), and zigzag on top of it for signed ones.
 * Plain number arithmetic: instants in µs do not fit the 32-bit operators.
 */
export interface ByteSink {
  unsigned(value: number): void;
  signed(value: number): void;
  byte(value: number): void;
  bytes(value: Uint8Array): void;
  /** What was written, in memory of its own. */
  take(): Buffer;
}

export function createByteSink(): ByteSink {
  let buffer = Buffer.alloc(1024);
  let length = 0;
  const room = (bytes: number) => {
    if (length + bytes <= buffer.length) return;
    const grown = Buffer.alloc(Math.max(buffer.length * 2, length + bytes));
    buffer.copy(grown, 0, 0, length);
    buffer = grown;
  };
  const unsigned = (value: number) => {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not an unsigned integer: ${value}`);
    room(8);
    let rest = value;
    while (rest >= 128) {
      buffer[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    buffer[length++] = rest;
  };
  return {
    unsigned,
    signed: (value) => unsigned(value < 0 ? -value * 2 - 1 : value * 2),
    byte(value) {
      room(1);
      buffer[length++] = value;
    },
    bytes(value) {
      room(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    take: () => Buffer.from(buffer.subarray(0, length)),
  };
}

/** Reads what a {@link ByteSink} wrote; every fault is one error, and nothing is read past the end. */
export interface ByteSource {
  readonly left: number;
  unsigned(): number;
  signed(): number;
  byte(): number;
  /** A copy: the caller may keep it without keeping the whole blob. */
  bytes(count: number): Buffer;
}

/** @param what names the blob in the error, e.g. `gops` */
export function createByteSource(blob: Uint8Array, what: string): ByteSource {
  let at = 0;
  const byte = () => {
    const value = blob[at];
    if (value === undefined) throw damaged(what, 'cut short');
    at += 1;
    return value;
  };
  const unsigned = () => {
    let value = 0;
    for (let scale = 1, count = 0; count < 8; scale *= 128, count++) {
      const next = byte();
      value += (next & 127) * scale;
      if (next < 128) {
        if (!Number.isSafeInteger(value)) throw damaged(what, 'number too large');
        if (next === 0 && count > 0) throw damaged(what, 'number longer than needed');
        return value;
      }
    }
    throw damaged(what, 'number too long');
  };
  return {
    get left() {
      return blob.length - at;
    },
    unsigned,
    signed() {
      const value = unsigned();
      return value % 2 === 1 ? -((value + 1) / 2) : value / 2;
    },
    byte,
    bytes(count) {
      if (count > blob.length - at) throw damaged(what, 'cut short');
      at += count;
      return Buffer.from(blob.subarray(at - count, at));
    },
  };
}

export const damaged = (what: string, fault: string): GirokError =>
  new GirokError('database_damaged', { blob: what, fault });
