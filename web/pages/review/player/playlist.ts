/** A stretch of a stream as a playlist tells it. Instants: µs UTC. */
export type Piece =
  | {
      readonly kind: 'pictures';
      readonly fromUs: number;
      readonly toUs: number;
      /** Of one group of pictures; the same bytes for ever. */
      readonly uri: string;
      /** What its run begins with. */
      readonly initUri: string;
    }
  | { readonly kind: 'gap'; readonly fromUs: number; readonly toUs: number };

const TIME = '#EXT-X-PROGRAM-DATE-TIME:';
const DURATION = '#EXTINF:';
const MAP = /^#EXT-X-MAP:URI="([^"]+)"$/;

/**
 * Reads a playlist of ours (src/media/hls.ts): every segment has its time, so nothing has to be added up. Gaps that lie
 * side by side are one.
 *
 * @throws RangeError for what is no such playlist
 */
export function readPlaylist(text: string): Piece[] {
  const lines = text.split('\n');
  if (lines[0] !== '#EXTM3U' || !lines.includes('#EXT-X-ENDLIST')) throw new RangeError('no playlist');
  const pieces: Piece[] = [];
  let initUri = '';
  let fromUs = Number.NaN;
  let durationUs = Number.NaN;
  let isGap = false;
  for (const line of lines) {
    const map = MAP.exec(line);
    if (map?.[1] !== undefined) initUri = map[1];
    else if (line.startsWith(TIME)) fromUs = Date.parse(line.slice(TIME.length)) * 1000;
    else if (line.startsWith(DURATION))
      durationUs = Math.round(Number.parseFloat(line.slice(DURATION.length)) * 1e6);
    else if (line === '#EXT-X-GAP') isGap = true;
    else if (line !== '' && !line.startsWith('#')) {
      if (!Number.isFinite(fromUs) || !(durationUs >= 0) || (!isGap && initUri === ''))
        throw new RangeError('a segment without its time');
      add(
        pieces,
        isGap
          ? { kind: 'gap', fromUs, toUs: fromUs + durationUs }
          : { kind: 'pictures', fromUs, toUs: fromUs + durationUs, uri: line, initUri },
      );
      isGap = false;
    }
  }
  return pieces;
}

function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if (last?.kind === 'gap' && piece.kind === 'gap')
    pieces[pieces.length - 1] = { ...last, toUs: Math.max(last.toUs, piece.toUs) };
  else pieces.push(piece);
}

/** Pictures that lie closer together than this follow each other: times in a playlist are whole milliseconds. */
export const SEAM_US = 150_000;

/**
 * Where an instant lies. Between two pieces that nearly touch it is of the earlier one, whose last picture still stands.
 *
 * @returns undefined outside of everything
 */
export function pieceAt(pieces: readonly Piece[], atUs: number): number | undefined {
  let found: number | undefined;
  for (const [index, piece] of pieces.entries()) {
    if (piece.fromUs > atUs) break;
    // Where the clock was set back two runs lie over each other: the later one is what was played last.
    if (atUs < piece.toUs || (piece.kind === 'pictures' && atUs < piece.toUs + SEAM_US)) found = index;
  }
  return found;
}

/** Two playlists that follow each other, as one. What lies over their seam is in both. */
export function joined(before: readonly Piece[], after: readonly Piece[]): Piece[] {
  const endUs = before.at(-1)?.toUs ?? Number.NEGATIVE_INFINITY;
  return [...before, ...after.filter(({ fromUs }) => fromUs >= endUs - ROUNDED_US)];
}
const ROUNDED_US = 1000;
