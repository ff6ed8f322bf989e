import { createHash } from 'node:crypto';
import { hashNode } from '../lib/merkle.ts';

/** RFC 6962 §2.1 over hashes that are kept for ever: of every whole subtree, once it is whole. */
export interface KeptHashes {
  /** Of the leaves number·2^level … (number+1)·2^level − 1. @returns undefined when it is not there */
  hash(level: number, number: number): Buffer | undefined;
}

export const HASH_BYTES = 32;

/** The hashes that leaf `index` completes, itself first: of its own, and of every subtree that ends with it. */
export function completedBy(
  index: number,
  leaf: Buffer,
  kept: KeptHashes,
): { level: number; number: number; hash: Buffer }[] {
  const completed = [{ level: 0, number: index, hash: leaf }];
  let [level, number, hash] = [0, index, leaf];
  while (number % 2 === 1) {
    hash = hashNode(need(kept, level, number - 1), hash);
    number = (number - 1) / 2;
    level += 1;
    completed.push({ level, number, hash });
  }
  return completed;
}

/** Root over the first `size` leaves; of none, SHA-256 of nothing. */
export function rootOf(size: number, kept: KeptHashes): Buffer {
  return size === 0 ? createHash('sha256').digest() : rangeRoot(0, size, kept);
}

/** RFC 6962 §2.1.1, PATH(index, D[size]): from the leaf's sibling up. `0 <= index < size` */
export function inclusionPath(index: number, size: number, kept: KeptHashes): Buffer[] {
  const path: Buffer[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.unshift(rangeRoot(middle, to, kept));
      to = middle;
    } else {
      path.unshift(rangeRoot(from, middle, kept));
      from = middle;
    }
  }
  return path;
}

/** RFC 6962 §2.1.2, PROOF(old, D[size]). Empty when `old` is 0 or `size`. */
export function consistencyPath(old: number, size: number, kept: KeptHashes): Buffer[] {
  if (old === 0 || old === size) return [];
  const path: Buffer[] = [];
  let [from, to, isWholeTree] = [0, size, true];
  while (old !== to) {
    const middle = from + splitOf(to - from);
    if (old <= middle) {
      path.unshift(rangeRoot(middle, to, kept));
      to = middle;
    } else {
      path.unshift(rangeRoot(from, middle, kept));
      from = middle;
      isWholeTree = false;
    }
  }
  // The verifier has the old root already, unless what is left is only a part of the old tree.
  if (!isWholeTree) path.unshift(rangeRoot(from, to, kept));
  return path;
}

/** Root over the leaves from…to, `from` a multiple of the largest power of two that is not above `to − from`. */
function rangeRoot(from: number, to: number, kept: KeptHashes): Buffer {
  const count = to - from;
  if (isPowerOfTwo(count)) return need(kept, Math.round(Math.log2(count)), from / count);
  const middle = from + splitOf(count);
  return hashNode(rangeRoot(from, middle, kept), rangeRoot(middle, to, kept));
}

/** Exact for every safe integer, which a logarithm is not. */
export const isPowerOfTwo = (count: number): boolean => count === 1 || splitOf(count) * 2 === count;

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function need(kept: KeptHashes, level: number, number: number): Buffer {
  const hash = kept.hash(level, number);
  if (!hash) throw new RangeError(`no hash ${level}/${number} is kept`);
  return hash;
}

/** The right edge of a growing tree: all that is needed to go on, and to tell the root at any moment. */
export interface RightEdge {
  readonly size: number;
  add(leaf: Buffer): void;
  root(): Buffer;
}

/** For whoever walks over all leaves and keeps nothing: at most 53 hashes of memory. */
export function createRightEdge(): RightEdge {
  /** Roots of the whole subtrees that make up the tree, the largest first. */
  const roots: Buffer[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(leaf) {
      let hash = leaf;
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2)
        hash = hashNode(roots.pop() as Buffer, hash);
      roots.push(hash);
      size += 1;
    },
    root: () =>
      roots.length === 0
        ? createHash('sha256').digest()
        : roots.reduceRight((right, left) => hashNode(left, right)),
  };
}
