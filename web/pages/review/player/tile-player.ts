import { type ApiError, isApiError } from '../../../api/api-error.ts';
import { errorOf } from '../../../api/resource.ts';
import { after } from '../../../app/clock.ts';
import { chooseSource } from './choose-source.ts';
import { createDecoding } from './decoding.ts';
import { decodeKeyPicture } from './key-picture.ts';
import { type Feeding, nextStep, type Pictures, type Situation, standingAt } from './next-step.ts';
import { joined, type Piece, pieceAt } from './playlist.ts';
import type { StreamSource } from './stream-source.ts';

/** Where all tiles are. */
export interface Moment {
  readonly atUs: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  /** Key frames alone: while the playhead is dragged, and at speeds at which more could not be seen. */
  readonly keysOnly: boolean;
}

/** What a tile shows. `waiting`: it is being recorded just now; `away`: the server does not answer. */
export type TileState =
  | { readonly is: 'picture' | 'loading' | 'gap' | 'waiting' | 'unplayable' | 'away' }
  | { readonly is: 'failed'; readonly error: ApiError };

export interface TileDeps {
  /** In the order in which they are tried: the first that has footage which this browser decodes is shown. */
  readonly sources: readonly [StreamSource, ...StreamSource[]];
  /** @param atUs when the picture was taken */
  readonly draw: (frame: VideoFrame, atUs: number) => void;
  readonly clear: () => void;
  readonly onState: (state: TileState) => void;
}

export interface TilePlayer {
  readonly state: TileState;
  /** Called for each picture of the screen: shows what stands at this moment, and goes on towards it. */
  show(moment: Moment): void;
  /** Where pictures begin again behind a gap, as far as it is known. */
  nextPictures(atUs: number): number | undefined;
  /** When the next picture was taken, or the one before. */
  neighbour(atUs: number, by: 1 | -1): number | undefined;
  close(): void;
}

/** A failed request is made again after so long. */
const AGAIN_MS = 1000;
/** The next window is asked for when the playhead is so near to it, and this is how much of it is looked at. */
const WINDOW_AHEAD_US = 3_000_000;
/** A picture that is older than this, of time as it passes for whoever watches, is late. */
const LATE_US = 400_000;
/** No encoder leaves more between two key frames; a key frame older than that is of before a gap. */
const LONGEST_GROUP_US = 12_000_000;
/** More steps than a group has pictures. */
const MOST_STEPS = 400;

export function createTilePlayer({ sources, draw, clear, onState }: TileDeps): TilePlayer {
  const aborting = new AbortController();
  const { signal } = aborting;
  let source: StreamSource = sources[0];
  let isUnplayable = false;
  let state: TileState = { is: 'loading' };
  let trouble: TileState | undefined;
  let feeding: Feeding | undefined;
  let shownUs: number | undefined;
  let latest: Moment | undefined;
  /** When the picture was taken that should stand there. */
  let awaitedUs: number | undefined;
  let isBusy = false;
  let askedKeyUs: number | undefined;
  /** When the picture on screen was taken, whatever brought it there. */
  let drawnUs: number | undefined;
  /** Groups that the decoder refused. */
  const refused = new Set<string>();

  /** Paused: what came is gone on with at once. The screen's next picture may be long in coming. */
  const goOn = () => {
    if (latest && !latest.isPlaying) show(latest);
  };
  const decoding = createDecoding(
    (takenUs) => {
      if (takenUs === awaitedUs) goOn();
    },
    () => {
      if (feeding) refused.add(feeding.piece.uri);
      feeding = undefined;
    },
  );

  const forgetShown = () => {
    feeding = undefined;
    shownUs = undefined;
  };
  const wipe = () => {
    clear();
    drawnUs = undefined;
    forgetShown();
  };
  const put = (frame: VideoFrame, atUs: number) => {
    draw(frame, atUs);
    drawnUs = atUs;
  };
  const say = (next: TileState) => {
    // Nothing on screen passes for a picture of another time.
    if (next.is !== 'picture' && next.is !== 'loading' && next.is !== 'away') {
      if (state.is !== next.is) wipe();
      else forgetShown();
    }
    if (next.is === state.is) return;
    state = next;
    onState(next);
  };

  /** One request at a time; what fails is made again by the next look, a little later. */
  const work = (task: () => Promise<void>, piece?: Pictures) => {
    isBusy = true;
    task().then(
      () => {
        trouble = undefined;
        isBusy = false;
        goOn();
      },
      (thrown: unknown) => {
        if (signal.aborted) return;
        const isGone = isApiError(thrown, 'footage_missing') || thrown instanceof RangeError;
        if (isGone && piece) source.isMissing(piece);
        const error = errorOf(thrown);
        if (!isGone) trouble = error.code === 'unreachable' ? { is: 'away' } : { is: 'failed', error };
        after((error.seconds ?? 0) * 1000 || AGAIN_MS, () => {
          isBusy = false;
        });
      },
    );
  };

  const piecesAround = (atUs: number): readonly Piece[] => {
    const here = source.known(atUs)?.pieces ?? [];
    const next = source.known(atUs + WINDOW_AHEAD_US)?.pieces ?? [];
    return here === next ? here : joined(here, next);
  };

  /** While the server does not answer, what was there stays, as long as it is of the moment that is wanted. */
  const sayTrouble = (known: TileState, atUs: number, nearUs: number) => {
    if (known.is === 'away' && drawnUs !== undefined && Math.abs(atUs - drawnUs) > nearUs) wipe();
    say(known);
  };

  const choose = async (atUs: number) => {
    const chosen = await chooseSource(sources, atUs, signal);
    if (chosen.source !== source) forgetShown();
    source = chosen.source;
    isUnplayable = chosen.isUnplayable;
  };

  const showKeys = ({ atUs }: Moment) => {
    forgetShown();
    if (isUnplayable) return say({ is: 'unplayable' });
    if (trouble) sayTrouble(trouble, atUs, LONGEST_GROUP_US);
    if (isBusy || askedKeyUs === atUs) return;
    askedKeyUs = atUs;
    work(async () => {
      try {
        const picture = await source.keyPicture(atUs, signal).catch(missing);
        if (!picture || atUs - picture.atUs > LONGEST_GROUP_US) return say({ is: 'gap' });
        const frame = await decodeKeyPicture(picture);
        // Recorded in what this browser does not decode: another stream may be, or one that is made.
        if (!frame) return await choose(atUs);
        if (!signal.aborted) {
          put(frame, picture.atUs);
          say({ is: 'picture' });
        }
        frame.close();
      } catch (error) {
        // The clock may stand still until it is there: it is asked for again.
        askedKeyUs = undefined;
        throw error;
      }
    });
  };

  const steps = (moment: Moment, pieces: readonly Piece[]) => {
    for (let count = 0; count < MOST_STEPS; count++) {
      const { ahead } = decoding;
      const group = source.group;
      const now: Situation = { ...moment, pieces, group, feeding, shownUs, ahead };
      const step = nextStep(now);
      if (step.do === 'nothing') return;
      if (step.do === 'load') {
        if (!isBusy) work(() => source.load(step.piece, signal), step.piece);
        return;
      }
      if (step.do === 'feed' || step.do === 'finish') {
        if (!feeding) return;
        if (step.do === 'feed') decoding.feed(step.picture);
        else decoding.finish();
        feeding =
          step.do === 'feed' ? { ...feeding, next: feeding.next + 1 } : { ...feeding, isFinished: true };
        continue;
      }
      if (refused.has(step.piece.uri)) return;
      if (step.do === 'begin') {
        const track = source.knownTrack(step.piece.initUri);
        if (!track) return work(async () => void (await source.track(step.piece.initUri, signal)));
        shownUs = undefined;
        decoding.begin(track);
      }
      feeding = { piece: step.piece, next: 0, isFinished: false };
    }
  };

  const showExactly = (moment: Moment) => {
    const { atUs, isPlaying, speed } = moment;
    const window = source.known(atUs);
    if (!window) {
      if (!isBusy) work(() => choose(atUs));
      return sayTrouble(trouble ?? { is: 'loading' }, atUs, LATE_US);
    }
    const pieces = piecesAround(atUs);
    const index = pieceAt(pieces, atUs);
    const piece = index === undefined ? undefined : pieces[index];
    const isBehindEnd = window.isOpen && atUs >= (window.pieces.at(-1)?.toUs ?? 0);
    if (isUnplayable) return say({ is: 'unplayable' });
    if (isBehindEnd) {
      if (!isBusy) work(() => again(() => source.ask(atUs, signal)));
      return sayTrouble(trouble ?? { is: 'waiting' }, atUs, LATE_US);
    }
    if (isPlaying && !isBusy && !source.known(atUs + WINDOW_AHEAD_US * speed))
      work(async () => void (await source.ask(atUs + WINDOW_AHEAD_US * speed, signal)));
    const pictures = piece?.kind === 'pictures' ? source.group(piece) : undefined;
    const wantedUs = pictures && standingAt(pictures, atUs);
    awaitedUs = wantedUs;
    present(moment, wantedUs);
    steps(moment, pieces);
    if (piece?.kind !== 'pictures') return say({ is: 'gap' });
    if (refused.has(piece.uri)) return say({ is: 'unplayable' });
    const lateUs = isPlaying ? LATE_US * Math.max(1, speed) : 0;
    const isThere = shownUs !== undefined && wantedUs !== undefined && wantedUs - shownUs <= lateUs;
    if (isThere) say({ is: 'picture' });
    else sayTrouble(trouble ?? { is: 'loading' }, atUs, LATE_US * Math.max(1, speed));
  };

  const present = ({ atUs, isPlaying }: Moment, wantedUs: number | undefined) => {
    const frame = decoding.take(atUs);
    if (!frame) return;
    // What is paused shows the one picture that was asked for, and none on the way to it.
    if (isPlaying || frame.timestamp === wantedUs) {
      shownUs = frame.timestamp;
      put(frame, frame.timestamp);
    }
    frame.close();
  };

  function show(moment: Moment): void {
    if (signal.aborted) return;
    latest = moment;
    if (moment.keysOnly && !source.isMade) showKeys(moment);
    else {
      askedKeyUs = undefined;
      showExactly(moment);
    }
  }

  return {
    get state() {
      return state;
    },
    show,
    nextPictures: (atUs) =>
      piecesAround(atUs).find((piece) => piece.kind === 'pictures' && piece.fromUs > atUs)?.fromUs ??
      source.known(atUs)?.pieces.at(-1)?.toUs,
    neighbour(atUs, by) {
      const pieces = piecesAround(atUs);
      const index = pieceAt(pieces, atUs);
      const piece = index === undefined ? undefined : pieces[index];
      const times = (piece?.kind === 'pictures' ? (source.group(piece) ?? []) : []).map((one) => one.atUs);
      times.sort((a, b) => a - b);
      const standing = times.findLastIndex((time) => time <= atUs);
      const inside = standing === -1 ? undefined : times[standing + by];
      if (inside !== undefined || index === undefined) return inside;
      const beside = pieces[index + by];
      return (
        beside &&
        (by === 1 ? Math.max(beside.fromUs, atUs + 1) : Math.min(beside.toUs, piece?.fromUs ?? 0) - 1000)
      );
    },
    close() {
      aborting.abort();
      decoding.close();
      for (const one of sources) one.forget();
      clear();
    },
  };
}

/** Waits a little afterwards: whoever follows a recording does not ask at once again. */
const again = async (ask: () => Promise<unknown>): Promise<void> => {
  await ask();
  await new Promise<void>((resolve) => void after(AGAIN_MS, resolve));
};

/** There is nothing at an instant: that is an answer. */
function missing(error: unknown): undefined {
  if (!isApiError(error, 'footage_missing')) throw error;
}
