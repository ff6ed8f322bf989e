import type { Perspective, Point3 } from './perspective.ts';

/** A closed shape of the room as SVG; `z` is the depth of its nearest edge, for who hides whom. */
export interface Piece {
  readonly z: number;
  readonly boxes: readonly Box[];
}

export interface Box {
  /** Left, bottom, near corner and size in metres. */
  readonly at: Point3;
  readonly size: Point3;
  readonly color: string;
}

const box = (at: Point3, size: Point3, color: string): Box => ({ at, size, color });
const piece = (boxes: readonly Box[]): Piece => ({ z: Math.min(...boxes.map((b) => b.at[2])), boxes });

export const desk = (x: number, z: number, width: number, color = '#b08a5e'): Piece =>
  piece([
    box([x, 0, z], [0.08, 0.72, 0.7], '#6d5a45'),
    box([x + width - 0.08, 0, z], [0.08, 0.72, 0.7], '#6d5a45'),
    box([x - 0.05, 0.72, z - 0.05], [width + 0.1, 0.05, 0.8], color),
    box([x + width * 0.35, 0.77, z + 0.3], [0.55, 0.38, 0.06], '#23282e'),
    box([x + width * 0.75, 0.77, z + 0.2], [0.22, 0.03, 0.3], '#f2efe6'),
  ]);

export const counter = (x: number, z: number, width: number, color = '#c9b79c'): Piece =>
  piece([
    box([x, 0, z], [width, 1.0, 0.6], color),
    box([x - 0.06, 1.0, z - 0.08], [width + 0.12, 0.06, 0.75], '#7d6a55'),
    box([x + width * 0.6, 1.06, z + 0.25], [0.5, 0.34, 0.06], '#23282e'),
    box([x + width * 0.2, 1.06, z + 0.2], [0.16, 0.26, 0.16], '#5f8f5a'),
  ]);

export const seats = (x: number, z: number, count: number, color = '#3f6f8f'): Piece =>
  piece(
    Array.from({ length: count }, (_, i) => [
      box([x + i * 0.62, 0.42, z + 0.5], [0.54, 0.45, 0.06], color),
      box([x + i * 0.62, 0.36, z], [0.54, 0.08, 0.52], color),
      box([x + i * 0.62 + 0.05, 0, z + 0.22], [0.06, 0.36, 0.06], '#555b60'),
      box([x + i * 0.62 + 0.43, 0, z + 0.22], [0.06, 0.36, 0.06], '#555b60'),
    ]).flat(),
  );

export const bed = (x: number, z: number, blanket = '#9fc3d6'): Piece =>
  piece([
    box([x, 0, z + 1.85], [0.95, 1.05, 0.06], '#8a9299'),
    box([x + 0.05, 0.05, z + 0.1], [0.85, 0.4, 1.75], '#aab2b8'),
    box([x, 0.45, z], [0.95, 0.16, 1.9], '#f4f4f0'),
    box([x - 0.02, 0.46, z - 0.02], [0.99, 0.19, 1.2], blanket),
    box([x + 0.15, 0.61, z + 1.4], [0.65, 0.12, 0.38], '#ffffff'),
  ]);

export const table = (x: number, z: number): Piece =>
  piece([
    box([x + 0.55, 0, z + 0.25], [0.5, 0.75, 0.25], '#7c868c'),
    box([x, 0.75, z], [1.9, 0.1, 0.7], '#5aa39a'),
    box([x + 1.45, 0.85, z + 0.12], [0.35, 0.1, 0.45], '#dfe8e6'),
  ]);

export const cupboard = (x: number, z: number, width: number, height = 1.9, color = '#dcd9d0'): Piece =>
  piece([
    box([x, 0, z], [width, height, 0.5], color),
    ...Array.from({ length: Math.max(1, Math.round(width / 0.6)) }, (_, i) =>
      box([x + i * 0.6 + 0.5, height * 0.4, z - 0.02], [0.03, 0.3, 0.02], '#6b6b66'),
    ),
  ]);

export const rack = (x: number, z: number): Piece =>
  piece([
    box([x, 0, z], [0.7, 2.1, 0.9], '#262b31'),
    ...Array.from({ length: 9 }, (_, i) =>
      box([x + 0.06, 0.15 + i * 0.21, z - 0.02], [0.58, 0.13, 0.02], i % 3 === 1 ? '#4b5661' : '#39424b'),
    ),
    ...Array.from({ length: 9 }, (_, i) =>
      box([x + 0.1, 0.19 + i * 0.21, z - 0.04], [0.04, 0.04, 0.02], i % 2 ? '#6fe08a' : '#f2c14e'),
    ),
  ]);

export const plant = (x: number, z: number): Piece =>
  piece([
    box([x, 0, z], [0.36, 0.4, 0.36], '#a5674a'),
    box([x + 0.05, 0.4, z + 0.05], [0.26, 0.5, 0.26], '#3f7a48'),
    box([x - 0.08, 0.75, z], [0.5, 0.35, 0.36], '#4c8f55'),
    box([x + 0.04, 1.1, z + 0.06], [0.28, 0.22, 0.24], '#5ca465'),
  ]);

export const pillar = (x: number, z: number): Piece =>
  piece([box([x, 0, z], [0.5, 0.9, 0.5], '#e0b93c'), box([x, 0.9, z], [0.5, 2.2, 0.5], '#b9bab6')]);

export const car = (x: number, z: number, color: string): Piece =>
  piece([
    box([x, 0.25, z], [1.75, 0.6, 3.6], color),
    box([x + 0.15, 0.85, z + 0.8], [1.45, 0.5, 1.9], '#2b3640'),
    box([x + 0.18, 1.33, z + 0.95], [1.39, 0.04, 1.6], color),
    box([x + 0.05, 0, z + 0.35], [0.2, 0.4, 0.6], '#17191b'),
    box([x + 1.5, 0, z + 0.35], [0.2, 0.4, 0.6], '#17191b'),
    box([x + 0.12, 0.55, z - 0.02], [0.3, 0.14, 0.02], '#f5f1d8'),
    box([x + 1.33, 0.55, z - 0.02], [0.3, 0.14, 0.02], '#f5f1d8'),
  ]);

/** One piece as SVG polygons: the three faces that a camera above and in front can see. */
export function drawPiece(view: Perspective, piece: Piece, cameraX = 0): string {
  // Far boxes first, low ones before those that stand on them.
  const order = [...piece.boxes].sort((a, b) => b.at[2] - a.at[2] || a.at[1] - b.at[1]);
  return order.map((b) => drawBox(view, b, cameraX)).join('');
}

function drawBox(view: Perspective, { at: [x, y, z], size: [w, h, d], color }: Box, cameraX: number): string {
  const top: Point3[] = [
    [x, y + h, z],
    [x + w, y + h, z],
    [x + w, y + h, z + d],
    [x, y + h, z + d],
  ];
  const front: Point3[] = [
    [x, y, z],
    [x + w, y, z],
    [x + w, y + h, z],
    [x, y + h, z],
  ];
  const sideX = x > cameraX ? x : x + w;
  const side: Point3[] = [
    [sideX, y, z],
    [sideX, y, z + d],
    [sideX, y + h, z + d],
    [sideX, y + h, z],
  ];
  const sideSeen = x > cameraX || x + w < cameraX;
  return (
    (sideSeen ? polygon(view, side, shade(color, 0.72)) : '') +
    polygon(view, top, shade(color, 1.12)) +
    polygon(view, front, shade(color, 0.9))
  );
}

export function polygon(view: Perspective, points: readonly Point3[], fill: string, extra = ''): string {
  const list = points.map((p) => view.project(p)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
  return `<polygon points="${list.join(' ')}" fill="${fill}" ${extra}/>`;
}

export function shade(color: string, factor: number): string {
  const value = Number.parseInt(color.slice(1), 16);
  const part = (shift: number) => Math.min(255, Math.round(((value >> shift) & 255) * factor));
  return `#${[16, 8, 0].map((s) => part(s).toString(16).padStart(2, '0')).join('')}`;
}
