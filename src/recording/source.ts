import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import type { Track } from '../media/fmp4/track.ts';

/**
 * The narrow port between a camera and everything behind it. A source delivers one init segment, then
 * fragments, then the reason why it ended; nothing behind the port knows how it speaks with the camera.
 */
export interface MediaSource {
  readonly kind: 'ffmpeg' | 'rtsp';
  /**
   * Begins to pull. Delivers `init` once before the first fragment, and `ended` exactly once, also after
   * {@link SourceSession.stop}; nothing after `ended`. Never throws and never waits for its reader.
   */
  open(target: PullTarget, events: SourceEvents): SourceSession;
}

export interface PullTarget {
  /** Complete URL with a pinned address. May hold a password: never log it. */
  readonly revealUrl: () => string;
  readonly transport: 'tcp' | 'udp';
}

export interface SourceEvents {
  init(init: InitSegment): void;
  fragment(fragment: ReceivedFragment): void;
  ended(end: SourceEnd): void;
}

export interface SourceSession {
  /** Ends the source; `ended` follows within a few seconds, whatever the camera does. */
  stop(): void;
}

export interface InitSegment {
  /** `ftyp moov`. */
  readonly bytes: Buffer;
  readonly track: Track;
}

export interface ReceivedFragment {
  /** `moof mdat`, at most about half a second. */
  readonly bytes: Buffer;
  /** The memory that `bytes` lives in, nobody else's: 32 bytes of room for a `prft` box, then `bytes`. */
  readonly framed: Buffer;
  readonly facts: FragmentFacts;
  /** When its last byte arrived here. */
  readonly receivedMonoUs: number;
  readonly receivedWallUs: number;
}

/** Why a source ended. `detail` is one of our own phrases, never text that came from the camera. */
export interface SourceEnd {
  readonly cause: SourceEndCause;
  readonly detail: string;
}

export type SourceEndCause =
  | 'camera_off'
  | 'refused'
  | 'network'
  | 'stalled'
  | 'we_were_slow'
  | 'clock_step'
  | 'unusable'
  | 'stopped'
  | 'unknown';
