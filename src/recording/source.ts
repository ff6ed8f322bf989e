import type { LossCause } from '../catalogue/causes.ts';
import type { Secret } from '../lib/secret.ts';
import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import type { Track } from '../media/fmp4/track.ts';

/** Who speaks with the camera: our own RTSP client, or an ffmpeg process. */
export type SourceKind = 'rtsp' | 'ffmpeg';

/**
 * The narrow port between a camera and everything behind it. A source delivers one init segment, then
 * fragments, then the reason why it ended; nothing behind the port knows how it speaks with the camera.
 */
export interface MediaSource {
  /**
   * Begins to pull. Delivers `init` once before the first fragment, and `ended` exactly once, also after
   * {@link SourceSession.stop}; nothing after `ended`. Never throws and never waits for its reader.
   */
  open(target: PullTarget, events: SourceEvents): SourceSession;
}

/** Safe to log: the password is a {@link Secret}. */
export interface PullTarget {
  /** Without user info; names the host by its pinned address. */
  readonly url: string;
  readonly login?: { readonly user: string; readonly password: Secret };
  /** `auto`: TCP, and UDP where the camera insists on it. */
  readonly transport: 'auto' | 'tcp' | 'udp';
  /** `auto`: our own client, and ffmpeg for what it cannot speak. */
  readonly client: 'auto' | SourceKind;
}

export interface SourceEvents {
  /** Pictures come that cannot be handed on yet: the camera has not said how to decode them. */
  alive(): void;
  init(init: InitSegment): void;
  fragment(fragment: ReceivedFragment): void;
  ended(end: SourceEnd): void;
}

export interface SourceSession {
  /** Ends the source; `ended` follows within a few seconds, whatever the camera does. */
  stop(): void;
  readonly kind: SourceKind;
  /** Why it is not the usual client, where it is not; one of our own phrases. */
  readonly insteadBecause: string | undefined;
  /** What the network did to the stream so far; undefined where nobody counts. */
  health(): SourceHealth | undefined;
}

/** Totals of one session, as RFC 3550 counts them. */
export interface SourceHealth {
  readonly transport: 'tcp' | 'udp';
  readonly packets: number;
  /** By their sequence numbers; also one that came too late to be used. */
  readonly missingPackets: number;
  /** Came in another order than they were sent, and were put right. */
  readonly reorderedPackets: number;
  readonly duplicatePackets: number;
  /** Of somebody else's stream, or nothing that could be read; not used. */
  readonly foreignPackets: number;
  /** Pictures kept although a part of them is missing. */
  readonly damagedFrames: number;
  /** How often the camera set its clock; the pictures went on without a hole. */
  readonly clockJumps: number;
  /** Mean deviation of the arrival times (RFC 3550 §6.4.1). */
  readonly jitterMs: number;
  /** Camera's clock minus ours, by its sender reports; ± the way through the network. */
  readonly cameraClockOffsetMs?: number;
  /** How much faster the stream's clock runs than ours, parts per million; after a minute. */
  readonly driftPpm?: number;
}

export interface InitSegment {
  /** `ftyp moov`. */
  readonly bytes: Buffer;
  readonly track: Track;
  readonly source: SourceKind;
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
  /** What did not arrive of it, or just before it. */
  readonly loss?: FragmentLoss;
  /**
   * Gives `framed` back to the source, which writes later pictures into it: only for who has written the fragment
   * away and knows that nobody else reads it. Never needed: what is not given back goes with the collector.
   */
  readonly release?: () => void;
}

export interface FragmentLoss {
  readonly missingPackets: number;
  /** Frames of the fragment that were kept although something of them is missing. */
  readonly damagedFrames: number;
  readonly cause: LossCause;
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
