import { type Clock, SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { type CameraId, type StreamKind, type StreamRef, streamLabel } from '../lib/ids.ts';
import type { Log } from '../lib/logger.ts';
import { createLiveFeed, type LiveFeed } from './live-feed.ts';
import type { Relay } from './relay-process.ts';
import { createViewerQueue, type ViewerQueue } from './viewer-queue.ts';

/** Why somebody sees no more. */
export type LiveEnd =
  /** By {@link LiveViewing.cut} or its signal. */
  | 'cut'
  /** Took nothing for ten seconds. */
  | 'too_slow'
  /** No picture for half a minute: camera, recorder or relay are away. */
  | 'live_unavailable'
  | 'codec_not_live'
  /** The web process ends. */
  | 'closing';

/** One viewer's live picture: an FLV byte stream, beginning with its header, in pieces of whole tags. */
export interface LiveViewing extends AsyncIterable<Buffer> {
  readonly ref: StreamRef;
  /** Ends it at once; what waits is not given out any more. */
  cut(): void;
  readonly ended: Promise<LiveEnd>;
  /** Given out so far. */
  readonly bytes: number;
  /** What this viewer lost because it was slow. */
  readonly dropped: ViewerQueue['dropped'];
}

export interface LiveFeeds {
  /**
   * Begins to show one stream to one viewer. It may take seconds until the first picture; whether this person may
   * see it is the caller's affair, before and all the while.
   *
   * @throws GirokError `live_busy`
   */
  open(camera: CameraId, stream: StreamKind, signal?: AbortSignal): LiveViewing;
  /** One feed for each stream that is watched or was a moment ago. */
  readonly counts: { readonly feeds: number; readonly viewers: number };
  /** Ends everything that was opened, and the processes for it. */
  close(): Promise<void>;
}

export interface LiveFeedsDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** `<storage>/run/recorder.sock` */
  readonly recorderSocket: string;
  readonly relay: Relay;
}

const MOST_FEEDS = 64;
const MOST_VIEWERS = 512;
const LOOK_MS = 1000;
const LINGER_US = 5 * SECOND_US;
const SILENT_US = 30 * SECOND_US;

interface Watched {
  readonly feed: LiveFeed;
  readonly viewers: Set<Viewer>;
  /** Steady clock when the last one left. */
  emptyUs: number;
}

interface Viewer {
  readonly queue: ViewerQueue;
  readonly sinceUs: number;
  end(why: LiveEnd): void;
}

/** The live pictures of this site: one feed for each stream that somebody watches, however many watch it. */
export function createLiveFeeds(deps: LiveFeedsDeps): LiveFeeds {
  const { clock } = deps;
  const watched = new Map<string, Watched>();
  const leaving = new Set<Promise<void>>();
  let closed = false;
  const viewerCount = () => [...watched.values()].reduce((sum, { viewers }) => sum + viewers.size, 0);

  const drop = (label: string, one: Watched) => {
    if (watched.get(label) === one) watched.delete(label);
    const gone = one.feed.stop().finally(() => leaving.delete(gone));
    leaving.add(gone);
  };
  const start = (ref: StreamRef): Watched => {
    const label = streamLabel(ref);
    const viewers = new Set<Viewer>();
    const feed = createLiveFeed(deps, ref, {
      tag(bytes, kind) {
        for (const { queue } of viewers) queue.push(bytes, kind);
      },
      ended(why) {
        drop(label, one);
        for (const viewer of [...viewers]) viewer.end(why);
      },
    });
    const one: Watched = { feed, viewers, emptyUs: clock.monoUs() };
    watched.set(label, one);
    return one;
  };
  const look = () => {
    const nowUs = clock.monoUs();
    for (const [label, one] of [...watched]) {
      for (const viewer of [...one.viewers]) {
        if (viewer.queue.stuck) viewer.end('too_slow');
        else if (nowUs - Math.max(one.feed.lastPictureUs, viewer.sinceUs) > SILENT_US)
          viewer.end('live_unavailable');
      }
      if (one.viewers.size === 0 && nowUs - one.emptyUs >= LINGER_US) drop(label, one);
    }
  };
  const stopLooking = clock.every(LOOK_MS, look);

  const join = (one: Watched, ref: StreamRef, signal: AbortSignal | undefined): LiveViewing => {
    const queue = createViewerQueue(clock);
    let over: (why: LiveEnd) => void = () => {};
    const ended = new Promise<LiveEnd>((resolve) => {
      over = resolve;
    });
    const onAbort = () => viewer.end('cut');
    const viewer: Viewer = {
      queue,
      sinceUs: clock.monoUs(),
      end(why) {
        if (!one.viewers.delete(viewer)) return;
        one.emptyUs = clock.monoUs();
        signal?.removeEventListener('abort', onAbort);
        queue.end();
        over(why);
      },
    };
    for (const { bytes, kind } of one.feed.beginning()) queue.push(bytes, kind);
    one.viewers.add(viewer);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    return {
      ref,
      cut: onAbort,
      ended,
      get bytes() {
        return queue.bytes;
      },
      dropped: queue.dropped,
      async *[Symbol.asyncIterator]() {
        try {
          for (let piece = await queue.next(); piece; piece = await queue.next()) yield piece;
        } finally {
          viewer.end('cut');
        }
      },
    };
  };

  return {
    open(camera, stream, signal) {
      const ref = { camera, stream };
      const known = watched.get(streamLabel(ref));
      if (closed || viewerCount() >= MOST_VIEWERS || (!known && watched.size >= MOST_FEEDS))
        throw new GirokError('live_busy', { camera });
      return join(known ?? start(ref), ref, signal);
    },
    get counts() {
      return { feeds: watched.size, viewers: viewerCount() };
    },
    async close() {
      closed = true;
      stopLooking();
      for (const [label, one] of [...watched]) {
        for (const viewer of [...one.viewers]) viewer.end('closing');
        drop(label, one);
      }
      await Promise.all(leaving);
    },
  };
}
