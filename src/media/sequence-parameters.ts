import { type BitReader, createBitReader, withoutEmulationPrevention } from './bits.ts';
import type { Codec } from './nal.ts';

/** What a sequence parameter set says about the pictures that follow it. */
export interface SequenceParameters {
  readonly width: number;
  readonly height: number;
  /** 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4. */
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  /** How many pictures may be shown before one that was sent earlier; undefined where the set does not say. */
  readonly reorderedPictures: number | undefined;
}

/** More than any level of either standard allows. */
const MOST_REORDERED = 16;
const LARGEST_SIDE = 16_384;

/** Reads a sequence parameter set; undefined when no picture size can be made out of it. */
export function sequenceParameters(codec: Codec, sps: Buffer): SequenceParameters | undefined {
  const read = orUndefined(() => (codec === 'h264' ? h264(sps) : h265(sps)));
  const fits = (side: number) => side > 0 && side <= LARGEST_SIDE;
  return read && fits(read.width) && fits(read.height) ? read : undefined;
}

/** A set that ends too early says nothing of what it lacks. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const BASELINE = 66;

/** ITU-T H.264 §7.3.2.1.1. */
function h264(sps: Buffer): SequenceParameters {
  const r = createBitReader(withoutEmulationPrevention(sps.subarray(1)));
  const profile = r.bits(8);
  r.skip(16);
  r.ue();
  let chroma = 1;
  let [bitDepthLuma, bitDepthChroma] = [8, 8];
  if (HIGH_PROFILES.has(profile)) {
    chroma = r.ue();
    if (chroma === 3) r.skip(1);
    [bitDepthLuma, bitDepthChroma] = [8 + r.ue(), 8 + r.ue()];
    r.skip(1);
    if (r.flag()) {
      for (let i = 0; i < (chroma === 3 ? 12 : 8); i++) if (r.flag()) skipScalingList(r, i < 6 ? 16 : 64);
    }
  }
  r.ue();
  const order = r.ue();
  if (order === 0) r.ue();
  else if (order === 1) {
    r.skip(1);
    r.se();
    r.se();
    const cycle = atMost(255, r.ue());
    for (let i = 0; i < cycle; i++) r.se();
  }
  r.ue();
  r.skip(1);
  const widthMbs = r.ue() + 1;
  const heightMaps = r.ue() + 1;
  const frameOnly = r.flag();
  if (!frameOnly) r.skip(1);
  r.skip(1);
  let [left, right, top, bottom] = [0, 0, 0, 0];
  if (r.flag()) [left, right, top, bottom] = [r.ue(), r.ue(), r.ue(), r.ue()];
  const fields = frameOnly ? 1 : 2;
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = (chroma === 1 ? 2 : 1) * fields;
  // Baseline has no B pictures, and order type 2 means "shown as sent".
  const neverReordered = profile === BASELINE || order === 2;
  return {
    width: widthMbs * 16 - cropX * (left + right),
    height: heightMaps * 16 * fields - cropY * (top + bottom),
    chromaFormat: chroma,
    bitDepthLuma,
    bitDepthChroma,
    reorderedPictures: neverReordered ? 0 : orUndefined(() => h264Reordering(r)),
  };
}

/** What the standard does not allow is not read any further: it would only cost time. */
function atMost(most: number, value: number): number {
  if (value > most) throw new RangeError('beyond what the standard allows');
  return value;
}

function skipScalingList(r: BitReader, count: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < count; i++) {
    if (next !== 0) next = (last + r.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

const EXTENDED_ASPECT = 255;

/** `max_num_reorder_frames` of the usability information, ITU-T H.264 §E.1.1. */
function h264Reordering(r: BitReader): number | undefined {
  if (!r.flag()) return undefined;
  if (r.flag() && r.bits(8) === EXTENDED_ASPECT) r.skip(32);
  if (r.flag()) r.skip(1); // overscan
  if (r.flag()) {
    r.skip(4); // video format, full range
    if (r.flag()) r.skip(24); // colours
  }
  if (r.flag()) {
    r.ue(); // place of the chroma samples
    r.ue();
  }
  if (r.flag()) r.skip(65); // timing
  const [nal, vcl] = [skipReferenceDecoder(r), skipReferenceDecoder(r)];
  if (nal || vcl) r.skip(1);
  r.skip(1);
  if (!r.flag()) return undefined;
  r.skip(1);
  for (let i = 0; i < 4; i++) r.ue();
  return Math.min(MOST_REORDERED, r.ue());
}

/** ITU-T H.264 §E.1.2. @returns whether it was there */
function skipReferenceDecoder(r: BitReader): boolean {
  if (!r.flag()) return false;
  const count = atMost(31, r.ue()) + 1;
  r.skip(8);
  for (let i = 0; i < count; i++) {
    r.ue();
    r.ue();
    r.skip(1);
  }
  r.skip(20);
  return true;
}

/** ITU-T H.265 §7.3.2.2.1 and §7.3.3. */
function h265(sps: Buffer): SequenceParameters {
  const r = createBitReader(withoutEmulationPrevention(sps.subarray(2)));
  r.skip(4);
  const subLayers = r.bits(3);
  r.skip(1);
  r.skip(88); // general profile, tier, constraints
  r.skip(8); // general level
  const present: [boolean, boolean][] = [];
  for (let i = 0; i < subLayers; i++) present.push([r.flag(), r.flag()]);
  if (subLayers > 0) r.skip(2 * (8 - subLayers));
  for (const [profile, level] of present) r.skip((profile ? 88 : 0) + (level ? 8 : 0));
  r.ue();
  const chroma = r.ue();
  if (chroma === 3) r.skip(1);
  const width = r.ue();
  const height = r.ue();
  let [left, right, top, bottom] = [0, 0, 0, 0];
  if (r.flag()) [left, right, top, bottom] = [r.ue(), r.ue(), r.ue(), r.ue()];
  const cropX = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropY = chroma === 1 ? 2 : 1;
  const [bitDepthLuma, bitDepthChroma] = [8 + r.ue(), 8 + r.ue()];
  return {
    width: width - cropX * (left + right),
    height: height - cropY * (top + bottom),
    chromaFormat: chroma,
    bitDepthLuma,
    bitDepthChroma,
    reorderedPictures: orUndefined(() => h265Reordering(r, subLayers)),
  };
}

/** `sps_max_num_reorder_pics` of the highest sub-layer. */
function h265Reordering(r: BitReader, subLayers: number): number {
  r.ue(); // length of the picture order count
  let reordered = 0;
  for (let layer = r.flag() ? 0 : subLayers; layer <= subLayers; layer++) {
    r.ue();
    reordered = r.ue();
    r.ue();
  }
  return Math.min(MOST_REORDERED, reordered);
}
