export type Codec = 'h264' | 'h265';

/** What a NAL unit is for, as far as a recorder cares. */
export type NalRole = 'vps' | 'sps' | 'pps' | 'sei' | 'key' | 'other';

/** ITU-T H.264 table 7-1, H.265 table 7-1. */
export function nalRole(codec: Codec, firstByte: number): NalRole {
  if (codec === 'h264') {
    const type = firstByte & 0x1f;
    return type === 7 ? 'sps' : type === 8 ? 'pps' : type === 6 ? 'sei' : type === 5 ? 'key' : 'other';
  }
  const type = (firstByte >> 1) & 0x3f;
  if (type === 32) return 'vps';
  if (type === 33) return 'sps';
  if (type === 34) return 'pps';
  if (type === 39) return 'sei';
  return type >= 16 && type <= 23 ? 'key' : 'other';
}

export const nalType = (codec: Codec, firstByte: number): number =>
  codec === 'h264' ? firstByte & 0x1f : (firstByte >> 1) & 0x3f;

/** A coded slice of a picture. */
export const isSlice = (codec: Codec, type: number): boolean =>
  codec === 'h264' ? type >= 1 && type <= 5 : type >= 0 && type <= 31;

/** A slice of a picture at which a player can begin. */
export const isKeySlice = (codec: Codec, type: number): boolean =>
  codec === 'h264' ? type === 5 : type >= 16 && type <= 23;

/** A unit that stands only before the first slice of a picture (H.264 §7.4.1.2.3, H.265 §7.4.2.4.4). */
export const precedesSlices = (codec: Codec, type: number): boolean =>
  codec === 'h264'
    ? (type >= 6 && type <= 9) || (type >= 14 && type <= 18)
    : (type >= 32 && type <= 35) || type === 39 || (type >= 41 && type <= 44) || (type >= 48 && type <= 55);

/**
 * The NAL units of one sample as MP4 stores them: a length of 4 bytes before each. Stops quietly where a
 * length points past the end: the sample is damaged, is kept as it is, and has no more units to name.
 */
export function* nalUnits(sample: Buffer): Generator<Buffer> {
  let at = 0;
  while (at + 4 <= sample.length) {
    const length = sample.readUInt32BE(at);
    if (length === 0 || at + 4 + length > sample.length) return;
    yield sample.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
}
