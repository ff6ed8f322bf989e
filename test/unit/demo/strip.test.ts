import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStrip } from '../../../demo/scenes/read-strip.ts';
import { drawStrip } from '../../../demo/scenes/strip.ts';

const SIZES = [
  [1920, 1080],
  [640, 360],
  [320, 180],
] as const;

describe('the strip of black and white blocks', () => {
  it('is read back at every size, through noise and lost contrast', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SIZES),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 65_535 }),
        fc.integer(),
        ([width, height], camera, frame, seed) => {
          const luma = new Uint8Array(width * height).fill(120);
          drawStrip(luma, width, height, { camera, frame });
          let state = seed;
          const blurred = luma.map((value) => {
            state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
            return 40 + value * 0.6 + ((state >>> 16) % 40);
          });
          expect(readStrip(blurred, width, height)).toEqual({ camera, frame });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is not seen in a picture without one', () => {
    expect(readStrip(new Uint8Array(640 * 360).fill(90), 640, 360)).toBeUndefined();
    expect(readStrip(new Uint8Array(100), 640, 360)).toBeUndefined();
  });

  it('is refused when a single block was overpainted', () => {
    const luma = new Uint8Array(640 * 360);
    drawStrip(luma, 640, 360, { camera: 5, frame: 300 });
    const block = 8;
    for (let y = 360 - block; y < 360; y++) {
      for (let x = 5 * block; x < 6 * block; x++) luma[y * 640 + x] = luma[y * 640 + x]! > 100 ? 16 : 235;
    }
    expect(readStrip(luma, 640, 360)).toBeUndefined();
  });
});
