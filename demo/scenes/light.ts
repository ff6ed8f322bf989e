/** How far night has fallen at `at` (0…1 of the loop), 0…256: day, dusk, night, dawn, and it closes on itself. */
export function nightWeight(at: number): number {
  const ramp = (from: number, to: number) => Math.max(0, Math.min(1, (at - from) / (to - from)));
  const smooth = (t: number) => t * t * (3 - 2 * t);
  return Math.round(256 * (smooth(ramp(0.45, 0.57)) - smooth(ramp(0.86, 0.97))));
}

/** Gaussian sensor noise, drawn once; a frame takes a stretch from a random place. */
export interface Noise {
  addTo(luma: Uint8Array, strength: number): void;
}

/** Deterministic: the same seed gives the same film. */
export function createNoise(seed: number): Noise {
  const random = mulberry32(seed);
  const table = new Int8Array(1 << 18);
  for (let i = 0; i < table.length; i++) {
    const gauss = random() + random() + random() + random() - 2;
    table[i] = Math.round(gauss * 64);
  }
  const mask = table.length - 1;
  return {
    addTo(luma, strength) {
      if (strength === 0) return;
      for (let i = 0; i < luma.length; ) {
        // A fresh place every few thousand pixels, so that no pattern repeats down the picture.
        let at = Math.floor(random() * mask);
        const end = Math.min(luma.length, i + 4096);
        for (; i < end; i++) luma[i] = luma[i]! + ((table[at++ & mask]! * strength) >> 7);
      }
    },
  };
}

/** A small generator of numbers in 0…1 whose sequence depends on its seed alone. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
