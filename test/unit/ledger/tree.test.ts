import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isConsistent, isIncluded } from '../../../src/ledger/proofs.ts';
import {
  completedBy,
  consistencyPath,
  createRightEdge,
  inclusionPath,
  isPowerOfTwo,
  rootOf,
} from '../../../src/ledger/tree.ts';
import { hashLeaf, hashNode, merkleRoot } from '../../../src/lib/merkle.ts';

/** The hashes of a tree of so many leaves, as the database keeps them. */
function grow(size: number) {
  const kept = new Map<string, Buffer>();
  const hashes = { hash: (level: number, number: number) => kept.get(`${level}/${number}`) };
  const leaves = Array.from({ length: size }, (_, i) => hashLeaf(`entry ${i}`));
  for (const [i, leaf] of leaves.entries())
    for (const { level, number, hash } of completedBy(i, leaf, hashes)) kept.set(`${level}/${number}`, hash);
  return { hashes, leaves };
}

describe('the tree', () => {
  it('tells the same root from kept hashes, from the right edge and from scratch, at every size', () => {
    const { hashes, leaves } = grow(300);
    const edge = createRightEdge();
    for (let size = 0; size <= 300; size++) {
      const root = merkleRoot(leaves.slice(0, size));
      expect(rootOf(size, hashes).equals(root)).toBe(true);
      expect(edge.root().equals(root)).toBe(true);
      if (size < 300) edge.add(leaves[size]!);
    }
  });

  it('proves every entry at every size, and nothing else', () => {
    const { hashes, leaves } = grow(40);
    for (let size = 1; size <= 40; size++) {
      const root = rootOf(size, hashes);
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(index, size, hashes);
        const proof = { index, size, leaf: leaves[index]!, path };
        expect(isIncluded(proof, root)).toBe(true);
        expect(isIncluded({ ...proof, leaf: hashLeaf('another') }, root)).toBe(false);
        expect(isIncluded({ ...proof, index: size }, root)).toBe(false);
        expect(isIncluded({ ...proof, path: [...path, root] }, root)).toBe(false);
        if (size > 1) expect(isIncluded({ ...proof, path: path.slice(1) }, root)).toBe(false);
        if (size > 1) expect(isIncluded({ ...proof, index: (index + 1) % size }, root)).toBe(false);
      }
    }
  });

  it('proves that it only grew, between any two sizes, and not that it was changed', () => {
    const { hashes } = grow(70);
    const forked = createHash('sha256').update('forked').digest();
    for (let old = 0; old <= 70; old++) {
      for (let size = Math.max(old, 1); size <= 70; size++) {
        const [older, newer] = [
          { size: old, root: rootOf(old, hashes) },
          { size, root: rootOf(size, hashes) },
        ];
        const path = consistencyPath(old, size, hashes);
        expect(isConsistent(older, newer, path)).toBe(true);
        if (old > 0) expect(isConsistent({ ...older, root: forked }, newer, path)).toBe(false);
        if (old > 0) expect(isConsistent(older, { ...newer, root: forked }, path)).toBe(false);
        if (old < size) expect(isConsistent(newer, older, path)).toBe(false);
        if (path.length > 0) expect(isConsistent(older, newer, path.slice(0, -1))).toBe(false);
        expect(isConsistent(older, newer, [...path, forked])).toBe(false);
      }
    }
  });

  it('does not fail on what a stranger sends for a proof', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    const size = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
    fc.assert(
      fc.property(size, size, hash, hash, fc.array(hash, { maxLength: 63 }), (a, b, one, two, path) => {
        const [old, now] = [Math.min(a, b), Math.max(a, b)];
        const claimed = isConsistent({ size: old, root: one }, { size: now, root: two }, path);
        // Only what needs no proof holds: an empty beginning, and a tree that is the same.
        expect(claimed).toBe(path.length === 0 && (old === now ? one.equals(two) : old === 0));
        expect(isIncluded({ index: old, size: now, leaf: one, path }, hashNode(one, two))).toBe(
          old === 0 && now === 2 && path.length === 1 && path[0]!.equals(two),
        );
      }),
    );
  });

  it('knows powers of two exactly, where a logarithm rounds', () => {
    for (const power of [1, 2, 4, 2 ** 40, 2 ** 49, 2 ** 52]) expect(isPowerOfTwo(power)).toBe(true);
    for (const other of [3, 6, 2 ** 49 - 1, 2 ** 52 - 1, Number.MAX_SAFE_INTEGER])
      expect(isPowerOfTwo(other)).toBe(false);
  });
});
