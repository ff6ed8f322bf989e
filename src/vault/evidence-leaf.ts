import { canonicalJson } from '../lib/canonical-json.ts';
import type { CameraId, SegmentId, StreamKind } from '../lib/ids.ts';
import { hashLeaf } from '../lib/merkle.ts';
import type { LocalDay } from '../lib/site-time.ts';

/**
 * What the ledger keeps of a segment for ever: enough to prove later that a ciphertext, or any fragment of its
 * plaintext, is the one that was recorded. The members and their order of serialisation never change.
 */
export interface EvidenceLeaf {
  readonly v: 1;
  readonly camera: CameraId;
  readonly stream: StreamKind;
  readonly day: LocalDay;
  readonly segment: SegmentId;
  readonly startUs: number;
  readonly endUs: number;
  /** Sealed: all chunks, the short one included. Recovered: the whole chunks that are kept. */
  readonly chunks: number;
  /** Hex, over salt, commitment and the counted chunks. */
  readonly ciphertextSha256: string;
  /** Hex, RFC 6962 root over the init piece and the fragments. */
  readonly fragmentsRoot: string;
}

/** @returns SHA-256(0x00 || canonical JSON), the leaf's hash in the hour's tree */
export const hashEvidenceLeaf = (leaf: EvidenceLeaf): Buffer => hashLeaf(Buffer.from(canonicalJson(leaf)));
