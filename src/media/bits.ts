/** Reads bits and Exp-Golomb codes (ITU-T H.264 §9.1) from a raw byte sequence payload. */
export interface BitReader {
  /** @throws RangeError past the end; the caller treats the parameter set as unreadable. */
  bits(count: number): number;
  flag(): boolean;
  /** Unsigned Exp-Golomb. */
  ue(): number;
  /** Signed Exp-Golomb. */
  se(): number;
  skip(count: number): void;
}

export function createBitReader(bytes: Uint8Array): BitReader {
  let at = 0;
  const bit = (): number => {
    const byte = bytes[at >> 3];
    if (byte === undefined) throw new RangeError('past the end of the parameter set');
    return (byte >> (7 - (at++ & 7))) & 1;
  };
  const bits = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + bit();
    return value;
  };
  const ue = () => {
    let zeros = 0;
    while (bit() === 0) if (++zeros > 32) throw new RangeError('not an Exp-Golomb code');
    return 2 ** zeros - 1 + bits(zeros);
  };
  return {
    bits,
    flag: () => bit() === 1,
    ue,
    se: () => {
      const value = ue();
      return value % 2 ? (value + 1) / 2 : -value / 2;
    },
    skip: (count) => {
      for (let i = 0; i < count; i++) bit();
    },
  };
}

/** Removes the emulation prevention bytes (00 00 03 → 00 00) of a NAL unit's payload. */
export function withoutEmulationPrevention(payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(payload.length);
  let length = 0;
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}
