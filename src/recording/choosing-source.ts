import { type Clock, HOUR_US, MINUTE_US } from '../lib/clock.ts';
import type { MediaSource, PullTarget, SourceEvents, SourceSession } from './source.ts';

export interface ChoosingSourceDeps {
  /** Our own client. */
  readonly rtsp: MediaSource;
  readonly ffmpeg: MediaSource;
  readonly clock: Clock;
}

/** What ours could not make sense of, ffmpeg pulls for this long; then ours is tried again. */
const AVOID_US = HOUR_US;
/** Ours gave pictures and broke off over something unusable twice within this time: that camera is beyond it. */
const BROKEN_AGAIN_US = 10 * MINUTE_US;
/** More addresses than cameras have streams: only a camera that names a new one each time gets there. */
const MOST_REMEMBERED = 1024;

interface Memory {
  readonly avoid?: { readonly untilMonoUs: number; readonly because: string };
  readonly brokenMonoUs?: number;
}

/**
 * Pulls with our own client, and with ffmpeg what ours cannot speak: only then, never because a network, a login
 * or a camera failed. A target may pin either.
 */
export function createChoosingSource(deps: ChoosingSourceDeps): MediaSource {
  const { clock } = deps;
  const memories = new Map<string, Memory>();

  const remember = (url: string, memory: Memory) => {
    memories.delete(url);
    memories.set(url, memory);
    const [oldest] = memories.keys();
    if (memories.size > MOST_REMEMBERED && oldest !== undefined) memories.delete(oldest);
  };
  const avoid = (url: string, because: string) =>
    remember(url, { avoid: { untilMonoUs: clock.monoUs() + AVOID_US, because } });
  const avoided = (url: string): string | undefined => {
    const known = memories.get(url)?.avoid;
    return known && clock.monoUs() < known.untilMonoUs ? known.because : undefined;
  };
  const brokeOff = (url: string, detail: string) => {
    const beforeUs = memories.get(url)?.brokenMonoUs;
    const nowUs = clock.monoUs();
    if (beforeUs !== undefined && nowUs - beforeUs <= BROKEN_AGAIN_US)
      avoid(url, `ours broke off: ${detail}`);
    else remember(url, { brokenMonoUs: nowUs });
  };

  /** A target that ffmpeg could not pull either says nothing about our client. */
  const pullWithFfmpeg = (target: PullTarget, events: SourceEvents): SourceSession => {
    let media = false;
    return deps.ffmpeg.open(target, {
      alive: events.alive,
      init: events.init,
      fragment(fragment) {
        media = true;
        events.fragment(fragment);
      },
      ended(end) {
        if (!media) memories.delete(target.url);
        events.ended(end);
      },
    });
  };

  const pullWithOurs = (target: PullTarget, events: SourceEvents): SourceSession => {
    let init = false;
    let stopping = false;
    let because: string | undefined;
    let current = deps.rtsp.open(target, {
      alive: events.alive,
      init(segment) {
        init = true;
        events.init(segment);
      },
      fragment: events.fragment,
      ended(end) {
        if (end.cause !== 'unusable') return events.ended(end);
        if (init) {
          brokeOff(target.url, end.detail);
          return events.ended(end);
        }
        because = `ours refused: ${end.detail}`;
        avoid(target.url, because);
        if (stopping) return events.ended(end);
        current = pullWithFfmpeg(target, events);
        // The camera did answer; what ours took to understand it is not to be missing from ffmpeg's time.
        events.alive();
      },
    });
    return {
      get kind() {
        return current.kind;
      },
      get insteadBecause() {
        return current.kind === 'ffmpeg' ? because : undefined;
      },
      health: () => current.health(),
      stop() {
        stopping = true;
        current.stop();
      },
    };
  };

  return {
    open(target, events) {
      if (target.client === 'rtsp') return deps.rtsp.open(target, events);
      if (target.client === 'ffmpeg')
        return instead(deps.ffmpeg.open(target, events), 'chosen in the settings');
      const because = avoided(target.url);
      return because === undefined
        ? pullWithOurs(target, events)
        : instead(pullWithFfmpeg(target, events), because);
    },
  };
}

const instead = (session: SourceSession, because: string): SourceSession => ({
  kind: session.kind,
  insteadBecause: because,
  health: () => session.health(),
  stop: () => session.stop(),
});
