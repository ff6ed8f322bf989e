import { createHash } from 'node:crypto';

/** Merkle trees of RFC 6962 §2.1: of a segment's fragments and of the ledger's entries. */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** SHA-256(0x00 || data) */
export const hashLeaf = (data: Buffer | string): Buffer =>
  createHash('sha256').update(LEAF).update(data).digest();

/** SHA-256(0x01 || left || right) */
export const hashNode = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256').update(NODE).update(left).update(right).digest();

/** The root over leaf hashes; of none, SHA-256 of nothing. */
export function merkleRoot(leafHashes: readonly Buffer[]): Buffer {
  if (leafHashes.length <= 1) return leafHashes[0] ?? createHash('sha256').digest();
  let split = 1;
  while (split * 2 < leafHashes.length) split *= 2;
  return hashNode(merkleRoot(leafHashes.slice(0, split)), merkleRoot(leafHashes.slice(split)));
}
