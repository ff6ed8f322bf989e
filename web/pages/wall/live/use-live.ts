import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { after, second, steadyMs } from '../../../app/clock.ts';
import { type Away, awayFor, isDoubtful, retryIn } from './ending.ts';
import { playLive, skipToNew } from './play.ts';

export type LiveState =
  | { readonly at: 'off' | 'connecting' | 'playing' | 'stalled' }
  /** It is tried again by itself. */
  | { readonly at: 'away'; readonly why: Away; readonly seconds: number };

interface LiveAsked {
  /** `/api/viewings/…/live/…` */
  readonly address: string;
  /** Else nothing is fetched. */
  readonly wanted: boolean;
  /** The viewing itself may be over. */
  readonly onDoubt: () => void;
}

const STALLED_MS = 4000;
/** A picture that stood so long was a good connection: the next failure is the first again. */
const GOOD_MS = 10_000;

/** A live picture that comes back by itself. */
export function useLive({ address, wanted, onDoubt }: LiveAsked): {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly state: LiveState;
} {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<LiveState>({ at: 'off' });
  const doubt = useRef(onDoubt);
  doubt.current = onDoubt;
  useEffect(() => {
    const element = video.current;
    if (!wanted || !element) return setState({ at: 'off' });
    const stopping: (() => void)[] = [];
    let isGone = false;
    let failures = 0;
    const begin = () => {
      setState({ at: 'connecting' });
      let stop: (() => void) | undefined;
      const unwatch = watch(element, (at, goodMs) => {
        if (goodMs > GOOD_MS) failures = 0;
        setState((before) => (before.at === at ? before : { at }));
      });
      const finish = () => {
        unwatch();
        stop?.();
        stop = undefined;
      };
      stopping[0] = finish;
      playLive(element, address, (end) => {
        finish();
        failures += 1;
        const why = awayFor(end);
        const seconds = retryIn(why, failures);
        setState({ at: 'away', why, seconds });
        if (isDoubtful(end)) doubt.current();
        stopping[0] = after(seconds * 1000, begin);
      }).then(
        (stopPlaying) => {
          if (isGone || stopping[0] !== finish) stopPlaying();
          else stop = stopPlaying;
        },
        (error: unknown) => {
          // The chunk of the player did not come.
          console.error(error);
          if (isGone) return;
          finish();
          failures += 1;
          const seconds = retryIn('lost', failures);
          setState({ at: 'away', why: 'lost', seconds });
          stopping[0] = after(seconds * 1000, begin);
        },
      );
    };
    begin();
    return () => {
      isGone = true;
      for (const task of stopping) task();
    };
  }, [address, wanted]);
  return { video, state };
}

/** Looks each second whether new pictures came. @returns ends it */
function watch(
  video: HTMLVideoElement,
  onSeen: (at: 'playing' | 'stalled', goodMs: number) => void,
): () => void {
  const firstMs = steadyMs();
  let frames: number | undefined;
  /** When the last new picture was seen; none of this connection yet. */
  let newMs: number | undefined;
  return second.subscribe(() => {
    const now = video.getVideoPlaybackQuality().totalVideoFrames;
    const isNew = frames !== undefined && now !== frames && now > 0;
    frames = now;
    if (isNew) {
      newMs = steadyMs();
      onSeen('playing', newMs - firstMs);
    } else if (newMs !== undefined) {
      skipToNew(video);
      if (steadyMs() - newMs > STALLED_MS) onSeen('stalled', 0);
    }
  });
}
