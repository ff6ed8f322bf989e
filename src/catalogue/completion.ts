import type { SegmentCompletion } from './changes.ts';
import { encodeGops, type Gop } from './gop-codec.ts';
import { encodePieces, type Piece } from './piece-codec.ts';

/** What the vault knows of a complete file, and the segmenter of what is in it. */
export interface CompleteSegment {
  readonly durationUs: number;
  /** Of the ciphertext. */
  readonly bytes: number;
  readonly chunks: number;
  readonly gops: readonly Gop[];
  readonly pieces: readonly Piece[];
  readonly ciphertextSha256: Uint8Array;
  readonly fragmentsRoot: Uint8Array;
  readonly leafHash: Uint8Array;
}

/** Encodes the indexes and sums them up, for `segmentSealed` and `segmentRestored`. */
export function completionOf(segment: CompleteSegment): SegmentCompletion {
  const { gops, pieces } = segment;
  // Field by field: whatever else the caller's object carries must not be sent to the worker.
  return {
    durationUs: segment.durationUs,
    bytes: segment.bytes,
    chunks: segment.chunks,
    ciphertextSha256: segment.ciphertextSha256,
    fragmentsRoot: segment.fragmentsRoot,
    leafHash: segment.leafHash,
    frames: gops.reduce((sum, gop) => sum + gop.frames, 0),
    activity: gops.reduce((most, gop) => Math.max(most, gop.activity), 0),
    gops: encodeGops(gops),
    pieces: encodePieces(pieces),
  };
}
