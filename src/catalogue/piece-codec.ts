import { createByteSink, createByteSource, damaged } from './varint.ts';

/** A hashed part of a segment's plaintext: piece 0 is the init segment, each further one a fragment. */
export interface Piece {
  readonly offset: number;
  readonly bytes: number;
  /** SHA-256 of the plaintext, 32 bytes: with the segment's fragments root it proves a clip. */
  readonly sha256: Uint8Array;
}

const VERSION = 1;
const MOST_PIECES = 131_072;
const HASH_BYTES = 32;
const LEAST_PIECE_BYTES = 2 + HASH_BYTES;

/**
 * `version(1) count { offset − end of the piece before, bytes }* { sha256 }*`. The hashes come last and in a
 * row, so that they can be handed to a Merkle tree as they lie.
 *
 * @throws RangeError for numbers that are not safe integers or a hash of another length.
 */
export function encodePieces(pieces: readonly Piece[]): Buffer {
  if (pieces.length > MOST_PIECES) throw new RangeError(`too many pieces: ${pieces.length}`);
  const sink = createByteSink();
  sink.byte(VERSION);
  sink.unsigned(pieces.length);
  let end = 0;
  for (const piece of pieces) {
    sink.unsigned(piece.offset - end);
    sink.unsigned(piece.bytes);
    end = piece.offset + piece.bytes;
  }
  for (const { sha256 } of pieces) {
    if (sha256.length !== HASH_BYTES) throw new RangeError(`not a SHA-256: ${sha256.length} bytes`);
    sink.bytes(sha256);
  }
  return sink.take();
}

/** @throws GirokError `database_damaged` for anything that {@link encodePieces} does not write. */
export function decodePieces(blob: Uint8Array): Piece[] {
  const source = createByteSource(blob, 'pieces');
  if (source.byte() !== VERSION) throw damaged('pieces', 'unknown version');
  const count = source.unsigned();
  if (count > MOST_PIECES || count * LEAST_PIECE_BYTES > source.left) throw damaged('pieces', 'count');
  const places: { offset: number; bytes: number }[] = [];
  let end = 0;
  for (let i = 0; i < count; i++) {
    const offset = end + source.unsigned();
    const bytes = source.unsigned();
    end = offset + bytes;
    if (!Number.isSafeInteger(end)) throw damaged('pieces', 'value out of range');
    places.push({ offset, bytes });
  }
  const pieces = places.map((place) => ({ ...place, sha256: source.bytes(HASH_BYTES) }));
  if (source.left > 0) throw damaged('pieces', 'bytes after the end');
  return pieces;
}
