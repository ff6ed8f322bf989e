/** A box of ISO/IEC 14496-12 §4.2 within some bytes. */
export interface Box {
  readonly type: string;
  /** Where its content begins and ends. */
  readonly from: number;
  readonly to: number;
  /** Where its head begins. */
  readonly start: number;
}

/** @throws RangeError for a box that reaches out of what holds it */
export function* boxesIn(bytes: DataView, from = 0, to = bytes.byteLength): Generator<Box> {
  for (let at = from; at + 8 <= to; ) {
    let size = bytes.getUint32(at);
    let head = 8;
    if (size === 1) {
      size = Number(bytes.getBigUint64(at + 8));
      head = 16;
    }
    if (size < head || at + size > to) throw new RangeError('a box reaches out of what holds it');
    yield { type: typeAt(bytes, at + 4), start: at, from: at + head, to: at + size };
    at += size;
  }
}

/** @returns undefined where one of the steps is not there */
export function boxAt(
  bytes: DataView,
  path: readonly string[],
  from = 0,
  to = bytes.byteLength,
): Box | undefined {
  let [inside, end] = [from, to];
  let found: Box | undefined;
  for (const type of path) {
    found = undefined;
    for (const box of boxesIn(bytes, inside, end))
      if (box.type === type) {
        found = box;
        break;
      }
    if (!found) return undefined;
    [inside, end] = [found.from, found.to];
  }
  return found;
}

export const typeAt = (bytes: DataView, at: number): string =>
  String.fromCharCode(
    bytes.getUint8(at),
    bytes.getUint8(at + 1),
    bytes.getUint8(at + 2),
    bytes.getUint8(at + 3),
  );
