import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { getBytes } from '../../../api/client.ts';
import { steadyMs } from '../../../app/clock.ts';
import {
  changed,
  KEY_PICTURES_FROM,
  otherSpeed,
  type PlayClock,
  positionOf,
  type Speed,
  startAt,
  within,
} from '../player/play-clock.ts';
import { createStreamSource } from '../player/stream-source.ts';
import { createTilePlayer, type TilePlayer, type TileState } from '../player/tile-player.ts';

interface PlayingDeps {
  readonly viewing: string;
  /** What was granted; µs UTC. */
  readonly range: { readonly fromUs: number; readonly toUs: number };
  /** Where footage of any camera begins again behind an instant, as far as anybody knows. */
  readonly nextFootage: (atUs: number) => number | undefined;
}

/** All cameras of a viewing on one clock. Instants: µs UTC. */
export interface Playing {
  readonly clock: ReadonlySignal<PlayClock>;
  /** Where the playhead is; anew for each picture of the screen. */
  readonly atUs: ReadonlySignal<number>;
  /** A picture of each camera waits for the slowest, so that all show the same moment. */
  readonly isHeld: ReadonlySignal<boolean>;
  /** Shows a camera on a canvas until the returned function is called. `alone`: in its full size. */
  mount(camera: string, mounting: Mounting): () => void;
  pause(): void;
  toggle(): void;
  seek(atUs: number): void;
  /** To where footage begins, as long as nobody has chosen anything. */
  begin(atUs: number): void;
  /** While the playhead is dragged: key frames alone. */
  scrub(atUs: number): void;
  /** By pictures, of the camera that is mounted first. */
  step(by: 1 | -1): void;
  setSpeed(speed: Speed): void;
  speedBy(by: 1 | -1): void;
  close(): void;
}

export interface Mounting {
  readonly canvas: HTMLCanvasElement;
  readonly alone: boolean;
  readonly onState: (state: TileState) => void;
}

/** Between two pictures where nobody knows how many there are a second. */
const PICTURE_US = 66_667;
/** So long a gap that all cameras have is shown before it is jumped over. */
const GAP_SHOWN_MS = 1500;

export function createPlaying({ viewing, range, nextFootage }: PlayingDeps): Playing {
  const clock: Signal<PlayClock> = signal(startAt(range.fromUs, steadyMs()));
  const atUs = signal(range.fromUs);
  const isHeld = signal(false);
  const tiles = new Map<string, TilePlayer>();
  let isScrubbing = false;
  let isChosen = false;
  let gapSinceMs: number | undefined;
  let frame = requestAnimationFrame(look);

  function look() {
    frame = requestAnimationFrame(look);
    const nowMs = steadyMs();
    const { isPlaying, speed } = clock.peek();
    const at = within(positionOf(clock.peek(), nowMs), range);
    const keysOnly = isScrubbing || (isPlaying && speed >= KEY_PICTURES_FROM);
    for (const tile of tiles.values()) tile.show({ atUs: at, isPlaying, speed, keysOnly });
    const states = [...tiles.values()].map(({ state }) => state.is);
    const isWaiting = states.some((is) => is === 'loading' || is === 'away');
    tellChosen(states.length > 0 && !isWaiting);
    const holds = isPlaying && isWaiting;
    batch(() => {
      // Held where it was: nobody's picture runs ahead of the others.
      if (holds) clock.value = { ...clock.peek(), atUs: atUs.peek(), sinceMs: nowMs };
      else atUs.value = at;
      isHeld.value = holds;
      if (isPlaying && at >= within(range.toUs, range)) change({ isPlaying: false });
    });
    if (isPlaying && states.length > 0 && states.every((is) => is === 'gap')) jumpOver(nowMs, at);
    else gapSinceMs = undefined;
  }

  const change = (to: Parameters<typeof changed>[2]) => {
    const now = clock.peek();
    clock.value = changed({ ...now, atUs: atUs.peek(), sinceMs: steadyMs() }, steadyMs(), to);
  };

  const jumpOver = (nowMs: number, at: number) => {
    gapSinceMs ??= nowMs;
    if (nowMs - gapSinceMs < GAP_SHOWN_MS) return;
    const to =
      nextFootage(at) ?? Math.min(...[...tiles.values()].flatMap((tile) => tile.nextPictures(at) ?? []));
    if (Number.isFinite(to)) seekTo(to);
  };

  const seekTo = (wantedUs: number) => {
    const to = within(Math.round(wantedUs), range);
    batch(() => {
      change({ atUs: to });
      atUs.value = to;
    });
    if (isScrubbing) return;
    isChosen = true;
    performance.mark(CHOSEN);
  };

  /** From the moment that somebody chose a time to the moment that all cameras show it. */
  const tellChosen = (isThere: boolean) => {
    if (!isThere || !isChosen || isScrubbing) return;
    isChosen = false;
    performance.measure(SHOWN, CHOSEN);
  };

  return {
    clock,
    atUs,
    isHeld,
    mount(camera, { canvas, alone, onState }) {
      const sourceOf = (stream: string) =>
        createStreamSource({
          base: `/api/viewings/${viewing}/footage/${camera}/${stream}`,
          range,
          isMade: stream === MADE,
          fetching: (path, signal) => getBytes(path, { signal }),
        });
      const context = canvas.getContext('2d', { alpha: false });
      const tile = createTilePlayer({
        sources: alone
          ? [sourceOf('main'), sourceOf('sub'), sourceOf(MADE)]
          : [sourceOf('sub'), sourceOf('main'), sourceOf(MADE)],
        draw(picture, takenUs) {
          const { displayWidth: width, displayHeight: height } = picture;
          if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
          context?.drawImage(picture, 0, 0, width, height);
          canvas.dataset.takenUs = String(takenUs);
        },
        clear() {
          context?.clearRect(0, 0, canvas.width, canvas.height);
          delete canvas.dataset.takenUs;
        },
        onState,
      });
      tiles.set(camera, tile);
      isChosen = true;
      performance.mark(CHOSEN);
      return () => {
        if (tiles.get(camera) === tile) tiles.delete(camera);
        tile.close();
      };
    },
    begin(wantedUs) {
      const { isPlaying, atUs: standing } = clock.peek();
      if (!isPlaying && standing === range.fromUs) seekTo(wantedUs);
    },
    pause: () => change({ isPlaying: false }),
    toggle: () => change({ isPlaying: !clock.peek().isPlaying }),
    seek(wantedUs) {
      isScrubbing = false;
      seekTo(wantedUs);
    },
    scrub(wantedUs) {
      isScrubbing = true;
      seekTo(wantedUs);
    },
    step(by) {
      const at = atUs.peek();
      const [first] = tiles.values();
      change({ isPlaying: false });
      seekTo(first?.neighbour(at, by) ?? at + by * PICTURE_US);
    },
    setSpeed: (speed) => change({ speed }),
    speedBy: (by) => change({ isPlaying: true, speed: otherSpeed(clock.peek().speed, by) }),
    close() {
      cancelAnimationFrame(frame);
      for (const tile of tiles.values()) tile.close();
      tiles.clear();
    },
  };
}

/** Made into H.264 for a browser that decodes neither of what was recorded. */
const MADE = 'main/transcoded';

/** Read by whoever measures how long it takes (bench). */
const CHOSEN = 'girok:time-chosen';
const SHOWN = 'girok:picture-shown';
