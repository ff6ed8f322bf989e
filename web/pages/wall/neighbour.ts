export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export const isDirection = (key: string): key is Direction =>
  key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown';

/**
 * Which box an arrow key leads to, whatever sizes they have: of those that lie that way the nearest, one that is beside
 * it before one that is askew. Pure.
 *
 * @returns its index; undefined where nothing lies that way
 */
export function neighbour(boxes: readonly Box[], from: number, direction: Direction): number | undefined {
  const own = boxes[from];
  if (!own) return undefined;
  const isAcross = direction === 'ArrowLeft' || direction === 'ArrowRight';
  const isBack = direction === 'ArrowLeft' || direction === 'ArrowUp';
  let best: { readonly at: number; readonly cost: number } | undefined;
  for (const [at, box] of boxes.entries()) {
    if (at === from) continue;
    const along = isAcross
      ? middle(box.left, box.right) - middle(own.left, own.right)
      : middle(box.top, box.bottom) - middle(own.top, own.bottom);
    const way = isBack ? -along : along;
    const overlap = isAcross
      ? Math.min(box.bottom, own.bottom) - Math.max(box.top, own.top)
      : Math.min(box.right, own.right) - Math.max(box.left, own.left);
    if (way <= 1 || overlap <= 1) continue;
    const askew = isAcross
      ? Math.abs(middle(box.top, box.bottom) - middle(own.top, own.bottom))
      : Math.abs(middle(box.left, box.right) - middle(own.left, own.right));
    const cost = way * 4 + askew;
    if (!best || cost < best.cost) best = { at, cost };
  }
  return best?.at;
}

const middle = (from: number, to: number): number => (from + to) / 2;
