import sharp from 'sharp';
import { drawPiece, type Piece, polygon, shade } from './furniture.ts';
import type { Perspective, Point3 } from './perspective.ts';
import { type Planes, planesFromRgb } from './planes.ts';
import type { Decal, Room, Wall } from './rooms.ts';

/** What never moves in a room, drawn once: by day, by night, and which pixels each piece of furniture covers. */
export interface Backdrop {
  readonly day: Planes;
  readonly night: Planes;
  readonly covers: readonly Cover[];
}

/** The silhouette of one piece; whoever stands behind it is hidden where `alpha` is set. */
export interface Cover {
  readonly z: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly alpha: Uint8Array;
}

const CEILING_M = 2.9;

export async function drawBackdrop(room: Room, view: Perspective): Promise<Backdrop> {
  const [day, night] = await Promise.all([
    raster(roomSvg(room, view, false), view),
    raster(roomSvg(room, view, true), view),
  ]);
  const covers = await Promise.all(room.pieces.map((piece) => coverOf(piece, view)));
  return { day, night, covers };
}

async function raster(svg: string, { width, height }: Perspective): Promise<Planes> {
  const { data } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return planesFromRgb(data, width, height);
}

async function coverOf(piece: Piece, view: Perspective): Promise<Cover> {
  const { width, height } = view;
  const data = await sharp(Buffer.from(document(view, drawPiece(view, piece))))
    .ensureAlpha()
    .extractChannel(3)
    .raw()
    .toBuffer();
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!data[y * width + x]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  // Even edges keep the half-resolution chroma planes in step.
  left &= ~1;
  top &= ~1;
  const size = { width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  const alpha = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    alpha.set(data.subarray((top + y) * width + left, (top + y) * width + left + size.width), y * size.width);
  }
  return { z: piece.z, left, top, ...size, alpha };
}

const document = ({ width, height }: Perspective, body: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;

function roomSvg(room: Room, view: Perspective, night: boolean): string {
  const { width, depth } = room;
  const half = width / 2;
  const dim = night ? 0.42 : 1;
  const [wall, floor] = [shade(room.wall, dim), shade(room.floor, dim)];
  const quad = (points: readonly Point3[], fill: string, extra = '') => polygon(view, points, fill, extra);
  const near = 0.3;
  const parts = [
    `<rect width="${view.width}" height="${view.height}" fill="${shade(wall, 0.9)}"/>`,
    quad(
      [
        [-half, 0, near],
        [half, 0, near],
        [half, 0, depth],
        [-half, 0, depth],
      ],
      floor,
    ),
    floorLines(room, view, shade(floor, 0.86)),
    quad(
      [
        [-half, CEILING_M, 1.2],
        [half, CEILING_M, 1.2],
        [half, CEILING_M, depth],
        [-half, CEILING_M, depth],
      ],
      shade(wall, 1.12),
    ),
    quad(
      [
        [-half, 0, depth],
        [half, 0, depth],
        [half, CEILING_M, depth],
        [-half, CEILING_M, depth],
      ],
      wall,
    ),
    quad(
      [
        [-half, 0, near],
        [-half, 0, depth],
        [-half, CEILING_M, depth],
        [-half, CEILING_M, near],
      ],
      shade(wall, 0.86),
    ),
    quad(
      [
        [half, 0, near],
        [half, 0, depth],
        [half, CEILING_M, depth],
        [half, CEILING_M, near],
      ],
      shade(wall, 0.8),
    ),
    quad(
      [
        [-half, 0, depth],
        [half, 0, depth],
        [half, 0.12, depth],
        [-half, 0.12, depth],
      ],
      shade(wall, 0.6),
    ),
    quad(
      [
        [-half, 0, near],
        [-half, 0, depth],
        [-half, 0.12, depth],
        [-half, 0.12, near],
      ],
      shade(wall, 0.55),
    ),
    quad(
      [
        [half, 0, near],
        [half, 0, depth],
        [half, 0.12, depth],
        [half, 0.12, near],
      ],
      shade(wall, 0.5),
    ),
    ...room.decals.map((decal) => drawDecal(decal, room, view, night)),
    lamps(room, view, night),
    ...[...room.pieces]
      .sort((a, b) => b.z - a.z)
      .map((piece) => contactShadow(piece, view) + drawPiece(view, dimmed(piece, dim))),
    // Falling-off light towards the corners, as wide lenses have it.
    `<defs><radialGradient id="v" cx="50%" cy="48%" r="75%"><stop offset="55%" stop-color="#000" stop-opacity="0"/><stop offset="100%" stop-color="#000" stop-opacity="${night ? 0.55 : 0.34}"/></radialGradient></defs>`,
    `<rect width="${view.width}" height="${view.height}" fill="url(#v)"/>`,
  ];
  return document(view, parts.join(''));
}

const dimmed = (piece: Piece, dim: number): Piece => ({
  ...piece,
  boxes: piece.boxes.map((box) => ({ ...box, color: shade(box.color, dim) })),
});

function contactShadow(piece: Piece, view: Perspective): string {
  const x0 = Math.min(...piece.boxes.map((b) => b.at[0])) - 0.1;
  const x1 = Math.max(...piece.boxes.map((b) => b.at[0] + b.size[0])) + 0.1;
  const z1 = Math.max(...piece.boxes.map((b) => b.at[2] + b.size[2]));
  return polygon(
    view,
    [
      [x0, 0, piece.z - 0.12],
      [x1, 0, piece.z - 0.12],
      [x1, 0, z1],
      [x0, 0, z1],
    ],
    '#000',
    'fill-opacity="0.22"',
  );
}

function floorLines(room: Room, view: Perspective, color: string): string {
  const half = room.width / 2;
  const lines: string[] = [];
  const line = (a: Point3, b: Point3) => {
    const [p, q] = [view.project(a), view.project(b)];
    lines.push(`<line x1="${p.x}" y1="${p.y}" x2="${q.x}" y2="${q.y}"/>`);
  };
  for (let x = -half; x <= half + 0.01; x += room.tileM) line([x, 0, 0.3], [x, 0, room.depth]);
  for (let z = 0.6; z <= room.depth; z += room.tileM) line([-half, 0, z], [half, 0, z]);
  return `<g stroke="${color}" stroke-width="${Math.max(1, view.width / 800)}">${lines.join('')}</g>`;
}

function lamps(room: Room, view: Perspective, night: boolean): string {
  let parts = '';
  for (let z = 2.5; z < room.depth; z += 2.4) {
    parts += polygon(
      view,
      [
        [-0.6, CEILING_M - 0.02, z],
        [0.6, CEILING_M - 0.02, z],
        [0.6, CEILING_M - 0.02, z + 0.5],
        [-0.6, CEILING_M - 0.02, z + 0.5],
      ],
      night ? '#8d8f86' : '#fffdf2',
    );
  }
  return parts;
}

/** A rectangle on a wall: along it from `from` metres, `size` metres wide. */
function drawDecal({ kind, wall, from, size }: Decal, room: Room, view: Perspective, night: boolean): string {
  const dim = night ? 0.42 : 1;
  const rect = (a: number, b: number, low: number, high: number, fill: string) =>
    polygon(
      view,
      [
        onWall(wall, room, a, low),
        onWall(wall, room, b, low),
        onWall(wall, room, b, high),
        onWall(wall, room, a, high),
      ],
      fill,
    );
  const to = from + size;
  switch (kind) {
    case 'door':
      return (
        rect(from - 0.07, to + 0.07, 0, 2.16, shade('#6f6557', dim)) +
        rect(from, to, 0, 2.08, shade('#9a7c58', dim)) +
        rect(to - 0.16, to - 0.08, 0.95, 1.08, shade('#d8d3c3', dim))
      );
    case 'window':
    case 'glass': {
      const low = kind === 'glass' ? 0.05 : 0.95;
      const sky = night ? '#141c2c' : '#cfe6f5';
      const middle = (from + to) / 2;
      return (
        rect(from - 0.06, to + 0.06, low - 0.06, 2.26, shade('#e9e9e4', dim)) +
        rect(from, middle - 0.03, low, 2.2, sky) +
        rect(middle + 0.03, to, low, 2.2, shade(sky, 0.95)) +
        rect(from, middle - 0.03, low, low + 0.45, night ? '#10161f' : '#9fb79a')
      );
    }
    case 'poster':
      return (
        rect(from, to, 1.15, 1.95, shade('#f4f1e8', dim)) +
        rect(from + 0.08, to - 0.08, 1.6, 1.85, shade('#4f86a8', dim)) +
        rect(from + 0.08, to - 0.3, 1.3, 1.36, shade('#777777', dim)) +
        rect(from + 0.08, to - 0.2, 1.42, 1.48, shade('#777777', dim))
      );
    case 'clock':
      return (
        rect(from, to, 1.95, 2.4, shade('#2e3338', dim)) +
        rect(from + 0.05, to - 0.05, 2.0, 2.35, shade('#f6f6f2', dim)) +
        rect(from + size / 2 - 0.02, from + size / 2 + 0.02, 2.17, 2.32, '#222222')
      );
    default:
      return kind satisfies never;
  }
}

const onWall = (wall: Wall, room: Room, along: number, y: number): Point3 =>
  wall === 'back' ? [along, y, room.depth] : [wall === 'left' ? -room.width / 2 : room.width / 2, y, along];
