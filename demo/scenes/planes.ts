/** A picture as I420 (BT.709, limited range): luma at full size, chroma at half. Sizes are even. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  /** The three planes behind each other, as ffmpeg's `yuv420p` wants them. */
  readonly data: Uint8Array;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

export function createPlanes(width: number, height: number): Planes {
  const luma = width * height;
  const data = new Uint8Array(luma + luma / 2);
  return {
    width,
    height,
    data,
    y: data.subarray(0, luma),
    u: data.subarray(luma, luma + luma / 4),
    v: data.subarray(luma + luma / 4),
  };
}

export const lumaOf = (r: number, g: number, b: number): number => 16 + 0.1826 * r + 0.6142 * g + 0.062 * b;
export const cbOf = (r: number, g: number, b: number): number => 128 - 0.1006 * r - 0.3386 * g + 0.4392 * b;
export const crOf = (r: number, g: number, b: number): number => 128 + 0.4392 * r - 0.3989 * g - 0.0403 * b;

/** From packed RGB of the same size. */
export function planesFromRgb(rgb: Uint8Array, width: number, height: number): Planes {
  const planes = createPlanes(width, height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      const [r, g, b] = [rgb[i]!, rgb[i + 1]!, rgb[i + 2]!];
      planes.y[y * width + x] = lumaOf(r, g, b);
      if (!(x & 1) && !(y & 1)) {
        const at = (y >> 1) * (width >> 1) + (x >> 1);
        planes.u[at] = cbOf(r, g, b);
        planes.v[at] = crOf(r, g, b);
      }
    }
  }
  return planes;
}

/** `out` = day · (256 − weight) + night · weight, weight 0…256. */
export function mixPlanes(out: Planes, day: Planes, night: Planes, weight: number): void {
  if (weight === 0 || weight === 256) {
    out.data.set(weight === 0 ? day.data : night.data);
    return;
  }
  const [a, b, o] = [day.data, night.data, out.data];
  const rest = 256 - weight;
  for (let i = 0; i < o.length; i++) o[i] = (a[i]! * rest + b[i]! * weight) >> 8;
}
