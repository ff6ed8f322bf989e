import type { RunId, SegmentId, StreamRef } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';
import type { GapCause, LossCause, RunEndCause } from './causes.ts';

/** Like a SegmentId. */
export type GapId = string & { readonly __brand: 'GapId' };
/** Like a SegmentId. */
export type LossId = string & { readonly __brand: 'LossId' };

/** What the recorder knows when a source begins to give frames. Instants: µs UTC. */
export interface RunStart {
  readonly run: RunId;
  readonly ref: StreamRef;
  readonly source: 'ffmpeg' | 'rtsp';
  /** Why it is not the usual client, where it is not; a phrase of ours. */
  readonly sourceReason?: string;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Ticks per second of media time. */
  readonly timescale: number;
  readonly startedUs: number;
  /** Whether this host's clock was synchronised then; absent: unknown. */
  readonly clockSynchronised?: boolean;
  /** Camera clock − host clock; absent: unknown. */
  readonly cameraOffsetMs?: number;
  readonly wallMinusMediaUs: number;
}

export interface SegmentOpening {
  readonly segment: SegmentId;
  readonly ref: StreamRef;
  readonly run: RunId;
  readonly day: LocalDay;
  readonly hour: number;
  /** Name below `vault/<camera>/<day>/`. */
  readonly file: string;
  readonly startUs: number;
  readonly mediaStart: number;
  /** Wall time − media time of the first frame. */
  readonly wallMinusMediaUs: number;
}

/** What is durable of an open segment by now: totals, not additions. */
export interface SegmentProgress {
  /** Whole ciphertext chunks on disk: readers stop there. */
  readonly chunks: number;
  readonly durationUs: number;
  readonly bytes: number;
  readonly frames: number;
  readonly activity: number;
  /** When this was true, µs UTC. */
  readonly durableUs: number;
}

/** A complete segment, with its blobs already encoded: small, and cheap to hand to another thread. */
export interface SegmentCompletion {
  readonly durationUs: number;
  /** Of the ciphertext. */
  readonly bytes: number;
  readonly chunks: number;
  readonly frames: number;
  readonly activity: number;
  readonly gops: Uint8Array;
  readonly pieces: Uint8Array;
  readonly ciphertextSha256: Uint8Array;
  readonly fragmentsRoot: Uint8Array;
  readonly leafHash: Uint8Array;
}

/** A segment as its file tells it, with what its run needs to exist. */
export interface SegmentRestoration {
  readonly opening: SegmentOpening;
  readonly state: 'sealed' | 'recovered';
  readonly completion: SegmentCompletion;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly timescale: number;
  /** Why the run ended, if this was its last segment. */
  readonly endCause: RunEndCause;
}

export interface GapOpening {
  readonly gap: GapId;
  readonly ref: StreamRef;
  readonly fromUs: number;
  readonly cause: GapCause;
  readonly detail: string;
}

export interface OpenGap {
  readonly gap: GapId;
  readonly ref: StreamRef;
  readonly fromUs: number;
  readonly cause: GapCause;
}

/** A hole as its row has it now that it has an end. */
export interface EndedGap {
  readonly ref: StreamRef;
  readonly fromUs: number;
  readonly toUs: number;
  readonly cause: GapCause;
}

/** What did not arrive of footage that was kept; at most ten seconds of it. */
export interface Loss {
  readonly fromUs: number;
  readonly toUs: number;
  readonly missingPackets: number;
  /** Kept although a part of them is missing. */
  readonly damagedFrames: number;
  readonly cause: LossCause;
}

/** How a stream was over the last minute or so. */
export interface HealthSample {
  readonly ref: StreamRef;
  readonly fps: number;
  readonly bitsPerSecond: number;
  readonly missingPackets: number;
  readonly damagedFrames: number;
  /** Camera's clock minus ours; absent: unknown. */
  readonly clockOffsetMs?: number;
}

/** Every stream at one moment, and from when on such samples are kept at all. */
export interface HealthRound {
  readonly atUs: number;
  readonly samples: readonly HealthSample[];
  readonly minutesFromUs: number;
  readonly tenMinutesFromUs: number;
}

export interface CrashRecovery {
  /** Runs that had not ended and now have. */
  readonly runsEnded: number;
  /** Every gap that is open now, also those from before: whoever records the stream again closes them. */
  readonly openGaps: readonly OpenGap[];
}

/**
 * One change to the catalogue. Made by the recorder's main thread, applied by its worker in the order made.
 * Applying one twice changes nothing more.
 */
export type CatalogueChange =
  | { readonly kind: 'stream'; readonly ref: StreamRef; readonly atUs: number }
  | { readonly kind: 'reserve'; readonly ref: StreamRef; readonly segment: SegmentId; readonly atUs: number }
  | { readonly kind: 'forget'; readonly segments: readonly SegmentId[] }
  | { readonly kind: 'run_started'; readonly run: RunStart }
  | { readonly kind: 'run_ended'; readonly run: RunId; readonly atUs: number; readonly cause: RunEndCause }
  | { readonly kind: 'opened'; readonly opening: SegmentOpening }
  | { readonly kind: 'progress'; readonly segment: SegmentId; readonly progress: SegmentProgress }
  | { readonly kind: 'sealed'; readonly segment: SegmentId; readonly completion: SegmentCompletion }
  | { readonly kind: 'restored'; readonly restoration: SegmentRestoration }
  | { readonly kind: 'lost'; readonly segment: SegmentId; readonly gap: GapId }
  | { readonly kind: 'gap_opened'; readonly opening: GapOpening }
  | { readonly kind: 'gap_closed'; readonly gap: GapId; readonly toUs: number; readonly cause?: GapCause }
  | { readonly kind: 'loss'; readonly id: LossId; readonly ref: StreamRef; readonly loss: Loss }
  | { readonly kind: 'health'; readonly round: HealthRound }
  | { readonly kind: 'sender_clock'; readonly run: RunId; readonly offsetMs: number }
  | { readonly kind: 'after_crash'; readonly streams: readonly StreamRef[]; readonly atUs: number }
  | { readonly kind: 'holes'; readonly ref: StreamRef; readonly atUs: number };
