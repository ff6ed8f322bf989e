import { createBitReader, withoutEmulationPrevention } from './bits.ts';
import type { Codec } from './nal.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The size of the picture that a sequence parameter set announces, or undefined when it cannot be read. */
export function pictureSize(codec: Codec, sps: Buffer): PictureSize | undefined {
  try {
    const size = codec === 'h264' ? h264(sps) : h265(sps);
    return size.width > 0 && size.height > 0 && size.width <= 16384 && size.height <= 16384
      ? size
      : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** ITU-T H.264 §7.3.2.1.1. */
function h264(sps: Buffer): PictureSize {
  const r = createBitReader(withoutEmulationPrevention(sps.subarray(1)));
  const profile = r.bits(8);
  r.skip(16);
  r.ue();
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) {
    chroma = r.ue();
    if (chroma === 3) r.skip(1);
    r.ue();
    r.ue();
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
    const cycle = r.ue();
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
  return {
    width: widthMbs * 16 - cropX * (left + right),
    height: heightMaps * 16 * fields - cropY * (top + bottom),
  };
}

function skipScalingList(r: ReturnType<typeof createBitReader>, count: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < count; i++) {
    if (next !== 0) next = (last + r.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

/** ITU-T H.265 §7.3.2.2.1 and §7.3.3. */
function h265(sps: Buffer): PictureSize {
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
  return { width: width - cropX * (left + right), height: height - cropY * (top + bottom) };
}
