import { crc8, STRIP_BITS, type StripContent, stripBlock } from './strip.ts';

/**
 * Reads the strip out of a decoded picture: `gray` holds `width * height` bytes of luma, any size with the
 * original proportions from 160 pixels of width up.
 *
 * @returns undefined when no valid strip is there (no contrast, CRC wrong).
 */
export function readStrip(gray: Uint8Array, width: number, height: number): StripContent | undefined {
  if (width < 160 || gray.length < width * height) return undefined;
  const exact = width / 80;
  const levels = Array.from({ length: STRIP_BITS }, (_, i) =>
    blockMean(gray, width, height, i * exact, exact),
  );
  const white = (levels[0]! + levels[STRIP_BITS - 1]!) / 2;
  const black = (levels[1]! + levels[STRIP_BITS - 2]!) / 2;
  if (white - black < 60) return undefined;
  const threshold = (white + black) / 2;
  const bits = levels.slice(2, STRIP_BITS - 2).map((level) => (level > threshold ? 1 : 0));
  const byte = (at: number) => bits.slice(at, at + 8).reduce<number>((value, bit) => value * 2 + bit, 0);
  const body = [byte(0), byte(8), byte(16)];
  if (crc8(body) !== byte(24)) return undefined;
  return { camera: body[0]!, frame: body[1]! * 256 + body[2]! };
}

/** Mean over the middle half of a block: its edges are where the codec smears. */
function blockMean(gray: Uint8Array, width: number, height: number, left: number, block: number): number {
  const size = stripBlock(width) >= 4 ? block / 2 : block;
  const inset = (block - size) / 2;
  const x0 = Math.round(left + inset);
  const y0 = Math.round(height - block + inset);
  const x1 = Math.max(x0 + 1, Math.round(left + inset + size));
  const y1 = Math.min(height, Math.max(y0 + 1, Math.round(height - inset)));
  let sum = 0;
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) sum += gray[y * width + x]!;
  return sum / ((x1 - x0) * (y1 - y0));
}
