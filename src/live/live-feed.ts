import type { Clock } from '../lib/clock.ts';
import type { StreamRef } from '../lib/ids.ts';
import type { Log } from '../lib/logger.ts';
import { FLV_VIDEO_HEADER, type FlvTag, writeFlvTag } from '../media/flv.ts';
import { createBackoff } from '../recording/backoff.ts';
import { runLiveSource, waited } from './live-source.ts';
import type { Relay } from './relay-process.ts';
import type { PieceKind } from './viewer-queue.ts';

/** A piece of the FLV stream: header, or whole tag. */
export interface FeedPiece {
  readonly bytes: Buffer;
  readonly kind: PieceKind;
}

/** One stream's live picture for all who watch it, going on over ends of its source. */
export interface LiveFeed {
  /** What somebody who comes now gets first: header, configuration, the group of pictures that is under way. */
  beginning(): readonly FeedPiece[];
  /** Steady clock of the latest picture; before the first, of the start. */
  readonly lastPictureUs: number;
  /** Resolves when its processes have ended. */
  stop(): Promise<void>;
}

export interface LiveFeedDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly recorderSocket: string;
  readonly relay: Relay;
}

export interface LiveFeedListener {
  tag(bytes: Buffer, kind: PieceKind): void;
  /** Of itself: no attempt will ever show a picture. */
  ended(why: 'codec_not_live'): void;
}

/** Beyond it a latecomer waits for the next key frame. */
const MOST_GROUP_BYTES = 8 * 1024 * 1024;
const MOST_GROUP_PIECES = 4096;

export function createLiveFeed(deps: LiveFeedDeps, ref: StreamRef, listener: LiveFeedListener): LiveFeed {
  const { clock, log } = deps;
  const startedUs = clock.monoUs();
  const quit = new AbortController();
  const hold = deps.relay.hold();
  let config: FlvTag | undefined;
  let group: { readonly tag: FlvTag; readonly bytes: Buffer; readonly timeMs: number }[] = [];
  let groupBytes = 0;
  let lastPictureUs = startedUs;
  let lastTimeMs = 0;
  /** The feed's time minus the source's, ms: every source begins at 0, a viewer's time only goes on. */
  let offsetMs: number | undefined;

  const onTag = (tag: FlvTag) => {
    if (tag.kind !== 'video') return;
    if (tag.config) {
      // Each start says it again; a decoder that hears it needs a key frame, which comes next in any case.
      config = { ...tag, body: Buffer.from(tag.body) };
      group = [];
      groupBytes = 0;
      listener.tag(writeFlvTag(config, lastTimeMs), 'head');
      return;
    }
    offsetMs ??= Math.max(Math.round((clock.monoUs() - startedUs) / 1000), lastTimeMs + 1) - tag.timestampMs;
    const timeMs = Math.max(tag.timestampMs + offsetMs, lastTimeMs);
    lastTimeMs = timeMs;
    lastPictureUs = clock.monoUs();
    const bytes = writeFlvTag(tag, timeMs);
    remember(tag, bytes, timeMs);
    listener.tag(bytes, kindOf(tag));
  };
  const remember = (tag: FlvTag, bytes: Buffer, timeMs: number) => {
    if (tag.keyFrame) {
      group = [];
      groupBytes = 0;
    } else if (group.length === 0) return;
    group.push({ tag, bytes, timeMs });
    groupBytes += bytes.length;
    if (groupBytes <= MOST_GROUP_BYTES && group.length <= MOST_GROUP_PIECES) return;
    group = [];
    groupBytes = 0;
  };

  const run = async () => {
    const backoff = createBackoff(deps.random);
    while (!quit.signal.aborted) {
      // An abort is the way out.
      const relay = await hold.ready(quit.signal).catch(() => undefined);
      if (!relay) return;
      offsetMs = undefined;
      const before = lastPictureUs;
      const { recorderSocket } = deps;
      const end = await runLiveSource({ clock, recorderSocket, relay }, ref, onTag, quit.signal);
      if (end.why === 'stopped') return;
      log.info('live.source_ended', { ...ref, why: end.why, detail: end.detail });
      if (end.why === 'codec') return listener.ended('codec_not_live');
      if (lastPictureUs > before) backoff.reset();
      if (end.why === 'changed') continue;
      if (!(await waited(clock, backoff.nextDelayMs(true), quit.signal))) return;
    }
  };
  const running = run().finally(() => hold.release());

  return {
    beginning() {
      const pieces: FeedPiece[] = [{ bytes: FLV_VIDEO_HEADER, kind: 'head' }];
      if (config) pieces.push({ bytes: writeFlvTag(config, group[0]?.timeMs ?? lastTimeMs), kind: 'head' });
      for (const { tag, bytes } of group) pieces.push({ bytes, kind: kindOf(tag) });
      return pieces;
    },
    get lastPictureUs() {
      return lastPictureUs;
    },
    async stop() {
      quit.abort(new Error('nobody watches'));
      await running;
    },
  };
}

const kindOf = ({ keyFrame }: FlvTag): PieceKind => (keyFrame ? 'key' : 'rest');
