import { createHash } from 'node:crypto';
import { GirokError } from '../lib/errors.ts';
import { hashLeaf, merkleRoot } from '../lib/merkle.ts';
import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import { openChunk } from './chunked.ts';
import { type EvidenceLeaf, hashEvidenceLeaf } from './evidence-leaf.ts';
import type { SegmentHeader, SegmentTrailer } from './header.ts';
import { CHUNK_BYTES, chunkPosition, SEALED_CHUNK_BYTES } from './layout.ts';
import type { Piece } from './segment.ts';
import { openSegment, type ReaderDeps, unlockFile } from './segment-reader.ts';
import { walkPieces } from './walk-pieces.ts';

export interface SalvageDeps extends ReaderDeps {
  /** Times of one fragment, in ticks of its track. */
  readonly factsOf: (fragment: Buffer) => Pick<FragmentFacts, 'mediaStart' | 'durationTicks'>;
  /** Called with every piece of the file in order, so that an index can be built in the same pass. */
  readonly onFragment?: (fragment: Buffer, offset: number) => void;
}

/** What a file holds, found out from the file and its key alone. */
export interface SalvagedSegment {
  readonly file: string;
  /** `sealed`: complete, with its own last chunk. `recovered`: its whole chunks up to a crash. */
  readonly state: 'sealed' | 'recovered';
  readonly header: SegmentHeader;
  readonly trailer?: SegmentTrailer;
  /** Counted bytes of the file; a recovered one may be longer by a torn chunk that nobody reads. */
  readonly bytes: number;
  readonly chunks: number;
  readonly ciphertextSha256: Buffer;
  readonly pieces: readonly Piece[];
  readonly fragmentsRoot: Buffer;
  readonly leaf: EvidenceLeaf;
  readonly leafHash: Buffer;
}

/**
 * Reads a file that nobody vouches for, changes nothing in it, and says what can be kept: all chunks that
 * authenticate from the start on, and the whole pieces in them. Such a file is never sealed afterwards: its
 * torn chunk has used up the nonce that a new last chunk would need.
 *
 * @throws GirokError `segment_damaged` when not even the init piece is there, `key_missing`, `segment_unreadable`
 */
export async function salvage(deps: SalvageDeps, file: string): Promise<SalvagedSegment> {
  const kept = await authenticate(deps, file);
  const reader = await openSegment(deps, file, kept.sealed ? {} : { chunks: kept.chunks });
  try {
    const pieces: Piece[] = [];
    let header: SegmentHeader | undefined;
    let trailer: SegmentTrailer | undefined;
    let firstTicks: number | undefined;
    let endTicks = 0;
    for await (const piece of walkPieces(reader)) {
      if (piece.kind === 'trailer') {
        trailer = piece.trailer;
        continue;
      }
      if (piece.kind === 'init') {
        header = piece.header;
      } else {
        const { mediaStart, durationTicks } = timesOf(deps, piece.data, file);
        firstTicks ??= mediaStart;
        endTicks = mediaStart + durationTicks;
        deps.onFragment?.(piece.data, piece.offset);
      }
      pieces.push({ offset: piece.offset, bytes: piece.data.length, sha256: hashLeaf(piece.data) });
    }
    if (!header) throw new GirokError('segment_damaged', { file, reason: 'no init piece' });
    const lengthUs = Math.round(((endTicks - (firstTicks ?? endTicks)) * 1_000_000) / header.timescale);
    const fragmentsRoot = merkleRoot(pieces.map((piece) => piece.sha256));
    const { camera, stream, day, segment } = reader.identity;
    const leaf: EvidenceLeaf = {
      v: 1,
      camera,
      stream,
      day,
      segment,
      startUs: header.startUs,
      endUs: trailer?.endUs ?? header.startUs + lengthUs,
      chunks: kept.chunks,
      ciphertextSha256: kept.ciphertextSha256.toString('hex'),
      fragmentsRoot: fragmentsRoot.toString('hex'),
    };
    return {
      file,
      state: kept.sealed ? 'sealed' : 'recovered',
      header,
      ...(trailer && { trailer }),
      bytes: kept.bytes,
      chunks: kept.chunks,
      ciphertextSha256: kept.ciphertextSha256,
      pieces,
      fragmentsRoot,
      leaf,
      leafHash: hashEvidenceLeaf(leaf),
    };
  } finally {
    await reader.close();
  }
}

/** What was recorded was parsed before; what cannot be parsed now is not what was recorded. */
function timesOf(deps: SalvageDeps, fragment: Buffer, file: string) {
  try {
    return deps.factsOf(fragment);
  } catch (error) {
    throw new GirokError('segment_damaged', { file, reason: 'fragment' }, { cause: error });
  }
}

export interface Authenticated {
  readonly sealed: boolean;
  readonly chunks: number;
  /** Counted bytes: the whole file when sealed, else up to the last whole chunk. */
  readonly bytes: number;
  readonly ciphertextSha256: Buffer;
  readonly fileBytes: number;
}

/** Chunks that are opened per read of the file. */
const BATCH = 64;

/**
 * Opens every chunk from the start until one does not authenticate.
 *
 * @param limit stops after so many whole chunks: what a recovered segment is registered with
 * @throws GirokError as {@link salvage}
 */
export async function authenticate(deps: ReaderDeps, file: string, limit = Infinity): Promise<Authenticated> {
  const { data, secrets, preamble } = await unlockFile(deps, file);
  try {
    const hash = createHash('sha256').update(preamble);
    const raw = Buffer.allocUnsafe(BATCH * SEALED_CHUNK_BYTES);
    let chunks = 0;
    const result = (sealed: boolean): Authenticated => ({
      sealed,
      chunks,
      bytes: sealed ? data.bytes : chunkPosition(chunks),
      ciphertextSha256: hash.digest(),
      fileBytes: data.bytes,
    });
    while (chunks < limit) {
      const got = await data.read(raw, chunkPosition(chunks));
      for (let at = 0; at < got && chunks < limit; at += SEALED_CHUNK_BYTES) {
        const sealed = raw.subarray(at, Math.min(at + SEALED_CHUNK_BYTES, got));
        const plain = openChunk(secrets, chunks, sealed);
        if (!plain) return result(false);
        hash.update(sealed);
        chunks += 1;
        if (plain.length < CHUNK_BYTES) return result(true);
      }
      if (got === 0) break;
    }
    return result(false);
  } finally {
    secrets.erase();
    await data.close();
  }
}
