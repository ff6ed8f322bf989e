import type { EvidenceLeaf } from './evidence-leaf.ts';
import type { SegmentTrailer } from './header.ts';

/** The init piece (piece 0) or one fragment, by its place in the plaintext. */
export interface Piece {
  readonly offset: number;
  readonly bytes: number;
  /** RFC 6962 leaf hash, SHA-256(0x00 || piece), so that it proves itself against the root. */
  readonly sha256: Buffer;
}

/** How far a segment survives a power cut. */
export interface Durable {
  readonly chunks: number;
  readonly plaintextBytes: number;
  readonly atMonoUs: number;
}

export interface SealedSegment {
  /** Relative to the vault's folder. */
  readonly file: string;
  readonly bytes: number;
  readonly chunks: number;
  readonly ciphertextSha256: Buffer;
  readonly pieces: readonly Piece[];
  readonly fragmentsRoot: Buffer;
  readonly leaf: EvidenceLeaf;
  readonly leafHash: Buffer;
}

export interface SegmentEvents {
  /** After each fdatasync that made more chunks durable. */
  durable(progress: Durable): void;
  /** Once: the disk refused (`ENOSPC`, `EIO`, `EROFS` …). The file is abandoned as it is. Not called after `seal`. */
  failed(error: unknown): void;
}

/** One segment in the making. Nothing here waits for the disk except the promise of {@link SegmentWriter.seal}. */
export interface SegmentWriter {
  readonly file: string;
  /** Init piece: where it lies and its hash. */
  readonly init: Piece;
  /**
   * Takes one fragment (`[prft] moof mdat`, whole boxes). Its bytes may be reused by the caller afterwards.
   * @returns its place in the plaintext and its RFC 6962 leaf hash
   * @throws GirokError `internal` when it is no fragment or the segment has ended
   */
  append(fragment: Buffer): { readonly offset: number; readonly sha256: Buffer };
  /** Sealed bytes that the disk has not taken yet: what the caller bounds. */
  readonly backlogBytes: number;
  readonly durable: Durable;
  /** The longest that one write or sync of this file has taken: 150 ms and more means that the disk is the brake. */
  readonly slowestWriteMs: number;
  /** When the oldest byte that a power cut would take came in (steady clock), undefined when there is none. */
  readonly oldestUnsyncedMonoUs: number | undefined;
  /** Last chunk, fsync of file and directory. Rejects with the disk's error; the file then stays as it is. */
  seal(trailer: SegmentTrailer): Promise<SealedSegment>;
  /** Gives the file up where it is, without another sync, and erases its keys. The next start salvages it. */
  abandon(): void;
}
