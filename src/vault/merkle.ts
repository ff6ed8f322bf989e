import { createHash } from 'node:crypto';

/** RFC 6962 §2.1: the hash of a leaf, SHA-256(0x00 || data). */
export const hashLeaf = (data: Buffer): Buffer => createHash('sha256').update(LEAF).update(data).digest();

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** RFC 6962 §2.1: the root over leaf hashes; of none, SHA-256 of nothing. */
export function merkleRoot(leafHashes: readonly Buffer[]): Buffer {
  if (leafHashes.length <= 1) return leafHashes[0] ?? createHash('sha256').digest();
  let split = 1;
  while (split * 2 < leafHashes.length) split *= 2;
  return createHash('sha256')
    .update(NODE)
    .update(merkleRoot(leafHashes.slice(0, split)))
    .update(merkleRoot(leafHashes.slice(split)))
    .digest();
}
