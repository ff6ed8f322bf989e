/**
 * The machine-readable strip along the bottom left edge of every picture: blocks of 1/80 of the width, white
 * for 1 and black for 0, read left to right:
 * `1 0 | camera (8 bits) | frame in the loop (16 bits) | CRC-8 over those 24 bits | 0 1`.
 * The two bits at each end show where white and black lie after compression.
 */
export const STRIP_BITS = 36;

export const stripBlock = (width: number): number => Math.floor(width / 80);

export interface StripContent {
  readonly camera: number;
  /** Frame's number within the loop. */
  readonly frame: number;
}

export function stripBits({ camera, frame }: StripContent): number[] {
  const body = [camera & 0xff, (frame >> 8) & 0xff, frame & 0xff];
  const bytes = [...body, crc8(body)];
  return [1, 0, ...bytes.flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1)), 0, 1];
}

/** Draws the strip into the luma plane. */
export function drawStrip(luma: Uint8Array, width: number, height: number, content: StripContent): void {
  const block = stripBlock(width);
  stripBits(content).forEach((bit, i) => {
    for (let y = height - block; y < height; y++) {
      luma.fill(bit ? 235 : 16, y * width + i * block, y * width + (i + 1) * block);
    }
  });
}

/** CRC-8, polynomial x⁸+x²+x+1. */
export function crc8(bytes: readonly number[]): number {
  let crc = 0xff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff;
  }
  return crc;
}
