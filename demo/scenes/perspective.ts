/** A point of the room in metres: x to the right, y up, z away from the camera's wall. */
export type Point3 = readonly [x: number, y: number, z: number];

export interface Screen {
  readonly x: number;
  readonly y: number;
  /** Pixels per metre at that depth. */
  readonly scale: number;
}

export interface Perspective {
  readonly width: number;
  readonly height: number;
  project(point: Point3): Screen;
}

/** A camera under the ceiling at x = `cameraX`, z = 0, looking along z and down by `pitchDeg`. */
export function createPerspective(
  width: number,
  height: number,
  options: { cameraX?: number; cameraHeight?: number; pitchDeg?: number } = {},
): Perspective {
  const { cameraX = 0, cameraHeight = 2.75, pitchDeg = 21 } = options;
  const pitch = (pitchDeg * Math.PI) / 180;
  const [sin, cos] = [Math.sin(pitch), Math.cos(pitch)];
  const focal = width * 0.6;
  return {
    width,
    height,
    project([x, y, z]) {
      const dy = y - cameraHeight;
      const depth = Math.max(0.05, z * cos - dy * sin);
      return {
        x: width / 2 + (focal * (x - cameraX)) / depth,
        y: height / 2 - (focal * (dy * cos + z * sin)) / depth,
        scale: focal / depth,
      };
    },
  };
}
