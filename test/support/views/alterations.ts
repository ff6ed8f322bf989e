import { HEIGHT, type Luma, WIDTH } from './room-views.ts';

/** Pixel by pixel; x and y from −0.5 to 0.5 of the picture. */
const toned = (tone: (value: number, x: number, y: number) => number) => (luma: Luma) =>
  luma.map((value, at) =>
    Math.max(
      0,
      Math.min(255, tone(value, (at % WIDTH) / WIDTH - 0.5, Math.floor(at / WIDTH) / HEIGHT - 0.5)),
    ),
  );

/** Looks elsewhere: `right`, `down` in widths, clockwise in degrees; what comes in at an edge is mirrored. */
const turned =
  ({ right = 0, down = 0, degrees = 0, zoom = 1 }) =>
  (luma: Luma): Luma => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    const inside = (at: number, size: number) => {
      const once = Math.abs(Math.floor(at));
      return Math.max(0, once < size ? once : 2 * (size - 1) - once);
    };
    return luma.map((_, at) => {
      const x = ((at % WIDTH) - WIDTH / 2) / zoom;
      const y = (Math.floor(at / WIDTH) - HEIGHT / 2) / zoom;
      const from = cos * x - sin * y + WIDTH / 2 + right * WIDTH;
      const under = sin * x + cos * y + HEIGHT / 2 + down * WIDTH;
      return luma[inside(under, HEIGHT) * WIDTH + inside(from, WIDTH)]!;
    });
  };

/** The mean of a square of 2·radius + 1 pixels, twice. */
const blurred = (radius: number) => (luma: Luma) => {
  const lines = (from: ArrayLike<number>, length: number, step: number, count: number, apart: number) => {
    const to = new Float32Array(WIDTH * HEIGHT);
    for (let line = 0; line < count; line++)
      for (let i = 0; i < length; i++) {
        const [first, last] = [Math.max(0, i - radius), Math.min(length - 1, i + radius)];
        let sum = 0;
        for (let k = first; k <= last; k++) sum += from[line * apart + k * step]!;
        to[line * apart + i * step] = sum / (last - first + 1);
      }
    return to;
  };
  let soft: ArrayLike<number> = luma;
  for (let turn = 0; turn < 2; turn++)
    soft = lines(lines(soft, WIDTH, 1, HEIGHT, WIDTH), HEIGHT, WIDTH, WIDTH, 1);
  return Uint8Array.from(soft);
};

/** The same in every run: sums of sines that do not meet. */
const noise = (x: number, y: number) => Math.sin(x * 9173.7 + y * 3571.3) + Math.sin(x * 5477.1 - y * 7919.9);

/** What lamps, night and people do to a picture of a camera that nobody has touched. */
export const HARMLESS = {
  'as it is': (luma: Luma) => luma,
  'brighter lamps': toned((value) => value * 1.3 + 20),
  'a quarter of the light': toned((value, x, y) => value / 4 + noise(x, y)),
  'steep contrast': toned((value) => (value * value) / 255),
  'light from one side': toned((value, x) => value * (0.8 + 0.8 * x)),
  'windows dark, all else lit': toned((value) => (value > 170 ? 374 - value * 1.2 : value)),
  'infra-red': toned(
    (value, x, y) => (value * 0.55 + 40) * (1.25 - 1.6 * (x * x + y * y)) - 20 + 4 * noise(x, y),
  ),
  'trembling by 1 pixel': turned({ right: 1 / WIDTH }),
} as const;

/** What somebody did to the camera. */
export const TOUCHED = {
  'turned by 5 % of the width': turned({ right: 0.05 }),
  'turned by 20 %': turned({ right: 0.2 }),
  'tilted by 5 %': turned({ down: 0.05 }),
  'twisted by 5°': turned({ degrees: 5 }),
  'twisted by 15°': turned({ degrees: 15 }),
  'zoomed by 20 %': turned({ zoom: 1.2 }),
  'out of focus, 10 % of the width': blurred(16),
  'half covered': toned((value, x) => (x < 0 ? 45 : value)),
  'something hung before it': toned((value, x, y) => {
    const far = (x + 0.1) ** 2 + y * y;
    return far < 0.2 ? 110 + 60 * Math.sqrt(far) : value;
  }),
} as const;

export const COVERED = {
  'covered with a cloth': toned((_, x, y) => 60 + 4 * noise(x, y)),
  'covered, its own writing over it': toned((value, x, y) =>
    Math.abs(y) > 0.43 && x < 0 ? value : 60 + 4 * noise(x, y),
  ),
  black: toned((_, x, y) => 16 + noise(x, y)),
  'glaring white': toned(() => 235),
} as const;

/** Too little to tell from what a harmless day does: said, so that nobody counts on it. */
export const SLIGHT = {
  'turned by 1 %': turned({ right: 0.01 }),
  'turned by 2 %': turned({ right: 0.02 }),
  'turned by 3 %': turned({ right: 0.03 }),
  'twisted by 2°': turned({ degrees: 2 }),
  'zoomed by 5 %': turned({ zoom: 1.05 }),
  'out of focus, 5 % of the width': blurred(8),
} as const;
