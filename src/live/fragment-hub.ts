import { type StreamRef, streamLabel } from '../lib/ids.ts';

/** What a viewer of the live picture gets, in this order: an init segment, then fragments from a key frame on. */
export interface LiveListener {
  init(bytes: Buffer): void;
  fragment(bytes: Buffer, startsWithKeyFrame: boolean): void;
}

/**
 * Hands the recorder's fragments on to whoever listens, in this process, without waiting. The memory of a fragment
 * belongs to the recorder, which uses it again: listeners share a copy, made only while somebody
 * listens. Keeping up is the listener's affair; the recorder never learns whether anyone does.
 */
export interface FragmentHub {
  init(stream: StreamRef, bytes: Buffer): void;
  fragment(stream: StreamRef, bytes: Buffer, startsWithKeyFrame: boolean): void;
  /** The stream has ended for now; its listeners stay and get a new init segment when it returns. */
  listen(stream: StreamRef, listener: LiveListener): () => void;
  listenerCount(): number;
}

interface LiveStream {
  init?: Buffer;
  readonly listeners: Map<LiveListener, { started: boolean }>;
}

export function createFragmentHub(): FragmentHub {
  const streams = new Map<string, LiveStream>();
  const streamOf = (ref: StreamRef): LiveStream => {
    const key = streamLabel(ref);
    const known = streams.get(key);
    if (known) return known;
    const fresh: LiveStream = { listeners: new Map() };
    streams.set(key, fresh);
    return fresh;
  };
  return {
    init(ref, bytes) {
      const stream = streamOf(ref);
      stream.init = bytes;
      for (const [listener, state] of stream.listeners) {
        state.started = false;
        listener.init(bytes);
      }
    },
    fragment(ref, bytes, startsWithKeyFrame) {
      const { listeners } = streamOf(ref);
      if (listeners.size === 0) return;
      const copy = Buffer.from(bytes);
      for (const [listener, state] of listeners) {
        if (!state.started && !startsWithKeyFrame) continue;
        state.started = true;
        listener.fragment(copy, startsWithKeyFrame);
      }
    },
    listen(ref, listener) {
      const stream = streamOf(ref);
      stream.listeners.set(listener, { started: false });
      if (stream.init) listener.init(stream.init);
      return () => {
        stream.listeners.delete(listener);
      };
    },
    listenerCount: () => [...streams.values()].reduce((sum, { listeners }) => sum + listeners.size, 0),
  };
}
