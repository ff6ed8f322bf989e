import sharp from 'sharp';
import { type Look, personSvg, SPRITE, type View } from './person.ts';
import { cbOf, crOf, lumaOf, type Planes } from './planes.ts';

/** A picture with transparency, every plane at full size. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly alpha: Uint8Array;
}

/** Draws SVG into a sprite of `heightPx`. */
export async function rasterSprite(svg: string, widthPx: number, heightPx: number): Promise<Sprite> {
  const rgba = await sharp(Buffer.from(svg))
    .resize(widthPx, heightPx, { fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer();
  const count = widthPx * heightPx;
  const [y, u, v, alpha] = [0, 1, 2, 3].map(() => new Uint8Array(count)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  for (let i = 0, p = 0; i < count; i++, p += 4) {
    const [r, g, b] = [rgba[p]!, rgba[p + 1]!, rgba[p + 2]!];
    y[i] = lumaOf(r, g, b);
    u[i] = cbOf(r, g, b);
    v[i] = crOf(r, g, b);
    alpha[i] = rgba[p + 3]!;
  }
  return { width: widthPx, height: heightPx, y, u, v, alpha };
}

/** Poses drawn so far, each in a few sizes; shared by all scenes, since the same people walk through them. */
export interface Wardrobe {
  /** The sprite whose drawing is nearest above `heightPx`. */
  sprite(look: Look, view: View, phase: number, walking: boolean, heightPx: number): Promise<Sprite>;
}

const SIZES_PX = [90, 180, 360, 720];

export function createWardrobe(): Wardrobe {
  const drawn = new Map<string, Promise<Sprite>>();
  return {
    sprite(look, view, phase, walking, heightPx) {
      const size = SIZES_PX.find((s) => s >= heightPx) ?? SIZES_PX.at(-1)!;
      const key = `${look.top}${look.legs}${look.hair}${look.heightM}/${view}${walking ? phase : '-'}/${size}`;
      const known = drawn.get(key);
      if (known) return known;
      const fresh = rasterSprite(
        personSvg(look, view, phase, walking),
        Math.round((size * SPRITE.width) / SPRITE.height),
        size,
      );
      drawn.set(key, fresh);
      return fresh;
    },
  };
}

export interface Placement {
  /** Where the sprite's canvas lies in the picture, pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored?: boolean;
  /** 0…256: how much of its own light it keeps, and how solid it is. */
  readonly light?: number;
  readonly solid?: number;
}

/** Blends a sprite into a picture, scaled to its placement. */
export function drawSprite(out: Planes, sprite: Sprite, place: Placement): void {
  const { left, top, mirrored = false, light = 256, solid = 256 } = place;
  const [stepX, stepY] = [sprite.width / place.width, sprite.height / place.height];
  const x0 = Math.max(0, Math.ceil(left));
  const x1 = Math.min(out.width, Math.floor(left + place.width));
  const y0 = Math.max(0, Math.ceil(top));
  const y1 = Math.min(out.height, Math.floor(top + place.height));
  const halfWidth = out.width >> 1;
  for (let y = y0; y < y1; y++) {
    const row = Math.min(sprite.height - 1, Math.floor((y - top) * stepY)) * sprite.width;
    for (let x = x0; x < x1; x++) {
      const column = Math.min(sprite.width - 1, Math.floor((x - left) * stepX));
      const from = row + (mirrored ? sprite.width - 1 - column : column);
      const alpha = sprite.alpha[from]!;
      if (alpha === 0) continue;
      const weight = (alpha * solid) >> 8;
      const at = y * out.width + x;
      const lit = 16 + (((sprite.y[from]! - 16) * light) >> 8);
      out.y[at] = (out.y[at]! * (255 - weight) + lit * weight) / 255;
      if ((x & 1) === 0 && (y & 1) === 0) {
        const c = (y >> 1) * halfWidth + (x >> 1);
        out.u[c] =
          (out.u[c]! * (255 - weight) + (128 + (((sprite.u[from]! - 128) * light) >> 8)) * weight) / 255;
        out.v[c] =
          (out.v[c]! * (255 - weight) + (128 + (((sprite.v[from]! - 128) * light) >> 8)) * weight) / 255;
      }
    }
  }
}
