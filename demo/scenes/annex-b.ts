export type Codec = 'h264' | 'h265';

/** Where one NAL unit lies in a byte stream, start code excluded. */
export interface NalSpan {
  readonly start: number;
  readonly end: number;
}

/** The NAL units of an Annex B byte stream (ITU-T H.264 / H.265 Annex B). */
export function splitAnnexB(bytes: Uint8Array): NalSpan[] {
  const spans: NalSpan[] = [];
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let code = view.indexOf(START_CODE);
  while (code >= 0) {
    const start = code + 3;
    code = view.indexOf(START_CODE, start);
    let end = code < 0 ? view.length : code;
    // A four-byte start code and trailing_zero_8bits leave zeros behind a unit; a unit itself never ends in one.
    while (end > start && view[end - 1] === 0) end--;
    if (end > start) spans.push({ start, end });
  }
  return spans;
}

const START_CODE = Buffer.from([0, 0, 1]);

export const nalType = (codec: Codec, header: number): number =>
  codec === 'h264' ? header & 0x1f : (header >> 1) & 0x3f;

/** Carries picture data (slices), as opposed to parameter sets and messages. */
export const isSlice = (codec: Codec, type: number): boolean =>
  codec === 'h264' ? type >= 1 && type <= 5 : type < 32;

export const isKeySlice = (codec: Codec, type: number): boolean =>
  codec === 'h264' ? type === 5 : type >= 16 && type <= 21;

/** VPS, SPS, PPS. */
export const isParameterSet = (codec: Codec, type: number): boolean =>
  codec === 'h264' ? type === 7 || type === 8 : type >= 32 && type <= 34;

/** Messages of the encoder about itself: they say nothing about the picture. */
export const isSei = (codec: Codec, type: number): boolean =>
  codec === 'h264' ? type === 6 : type === 39 || type === 40;

/** One coded picture: its NAL units in order. */
export interface AccessUnit {
  readonly nals: readonly Uint8Array[];
  readonly key: boolean;
}

/** Groups the NAL units of a stream into pictures; a new one begins at a first slice or at what precedes it. */
export function accessUnits(bytes: Uint8Array, codec: Codec): AccessUnit[] {
  const units: { nals: Uint8Array[]; key: boolean }[] = [];
  let current: { nals: Uint8Array[]; key: boolean } | undefined;
  let sawSlice = false;
  for (const { start, end } of splitAnnexB(bytes)) {
    const nal = bytes.subarray(start, end);
    const type = nalType(codec, nal[0]!);
    const slice = isSlice(codec, type);
    // first_mb_in_slice = 0 is the single bit 1; in H.265 the flag follows the two header bytes.
    const first = slice && ((codec === 'h264' ? nal[1]! : nal[2]!) & 0x80) !== 0;
    if (!current || (sawSlice && (!slice || first))) {
      current = { nals: [], key: false };
      units.push(current);
      sawSlice = false;
    }
    current.nals.push(nal);
    if (slice) {
      sawSlice = true;
      if (isKeySlice(codec, type)) current.key = true;
    }
  }
  return units;
}
