import type { CodedPicture } from './group.ts';
import { type Piece, pieceAt } from './playlist.ts';

export type Pictures = Extract<Piece, { readonly kind: 'pictures' }>;

/** What a decoder has been given. */
export interface Feeding {
  readonly piece: Pictures;
  /** Of its pictures, the first that it has not been given. */
  readonly next: number;
  /** It was told that nothing follows, and gave out everything: it goes on with a key frame alone. */
  readonly isFinished: boolean;
}

export interface Situation {
  readonly atUs: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly pieces: readonly Piece[];
  readonly group: (piece: Pictures) => readonly CodedPicture[] | undefined;
  readonly feeding: Feeding | undefined;
  /** When the picture on screen was taken; undefined where none of what is being fed was shown yet. */
  readonly shownUs: number | undefined;
  /** Pictures that the decoder has, or gave out, and that are not shown yet. */
  readonly ahead: number;
}

/** What a tile does next. `begin` forgets what was decoded; `finish` makes the decoder give out all that it has. */
export type Step =
  | { readonly do: 'nothing' }
  | { readonly do: 'load' | 'begin' | 'go-on'; readonly piece: Pictures }
  | { readonly do: 'feed'; readonly picture: CodedPicture }
  | { readonly do: 'finish' };

/** Decoded pictures are large: no more than these wait to be shown. */
const MOST_AHEAD = 8;
/** The next group is fetched when so much is left before it, of time as it passes for whoever watches. */
const FETCHED_AHEAD_US = 800_000;

const NOTHING: Step = { do: 'nothing' };

/**
 * Pure: what brings the right picture on screen, and while it plays the next ones. Each group is decoded to its end
 * before the next begins. What is fetched counts as seen, so nothing is fetched before it is about to be.
 */
export function nextStep(now: Situation): Step {
  const { atUs, isPlaying, pieces, feeding, group, shownUs } = now;
  const index = pieceAt(pieces, atUs);
  const piece = index === undefined ? undefined : pieces[index];
  if (piece?.kind !== 'pictures') return following(now, atUs);
  const pictures = group(piece);
  if (!pictures) return { do: 'load', piece };
  const begin: Step = { do: 'begin', piece };
  if (!feeding) return begin;
  const wantedUs = standingAt(pictures, atUs);

  if (feeding.piece.fromUs < piece.fromUs)
    return isDone(now) && feeding.piece.initUri === piece.initUri ? { do: 'go-on', piece } : begin;
  if (shownUs !== undefined && shownUs > wantedUs) return begin;
  if (feeding.piece.fromUs > piece.fromUs) {
    // All of this group was given out before the next began.
    if (shownUs === undefined || (!isPlaying && shownUs !== wantedUs)) return begin;
    return isPlaying ? feed(now, feeding) : NOTHING;
  }
  if (feeding.piece.uri !== piece.uri) return begin;
  const isNeeded = pictures.slice(feeding.next).some((picture) => picture.atUs <= atUs);
  if (feeding.isFinished && feeding.next < pictures.length && (isPlaying || isNeeded)) return begin;
  if (isPlaying) return feed(now, feeding);
  if (shownUs === wantedUs) return NOTHING;
  const next = pictures[feeding.next];
  if (next && isNeeded) return { do: 'feed', picture: next };
  return feeding.isFinished ? NOTHING : { do: 'finish' };
}

/** While it plays: the next picture, the end of its group, or what follows it. */
function feed(now: Situation, feeding: Feeding): Step {
  const picture = now.group(feeding.piece)?.[feeding.next];
  if (picture) return now.ahead >= MOST_AHEAD ? NOTHING : { do: 'feed', picture };
  return feeding.isFinished ? following(now, feeding.piece.fromUs) : { do: 'finish' };
}

/** While it plays: the next group behind an instant, fetched just before it is needed. */
function following(now: Situation, behindUs: number): Step {
  const { atUs, feeding, group, isPlaying, pieces, speed } = now;
  const next = pieces.find((piece) => piece.kind === 'pictures' && piece.fromUs > behindUs);
  const isDue = next && next.fromUs - atUs <= FETCHED_AHEAD_US * Math.max(1, speed);
  if (!isPlaying || next?.kind !== 'pictures' || !isDue) return NOTHING;
  if (!group(next)) return { do: 'load', piece: next };
  const isSameRun = feeding?.piece.initUri === next.initUri;
  return isSameRun && isDone(now) && next.fromUs > feeding.piece.fromUs
    ? { do: 'go-on', piece: next }
    : NOTHING;
}

const isDone = ({ feeding, group }: Situation): boolean =>
  feeding?.isFinished === true && feeding.next >= (group(feeding.piece)?.length ?? 0);

/** When the picture was taken that stands at this instant; before the first, that is the first. */
export function standingAt(pictures: readonly CodedPicture[], atUs: number): number {
  let firstUs = Number.POSITIVE_INFINITY;
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const picture of pictures) {
    firstUs = Math.min(firstUs, picture.atUs);
    if (picture.atUs <= atUs) lastUs = Math.max(lastUs, picture.atUs);
  }
  return Number.isFinite(lastUs) ? lastUs : firstUs;
}
