import type { ActivityMeter } from '../catalogue/activity.ts';
import type { SegmentCompletion, SegmentOpening, SegmentProgress } from '../catalogue/changes.ts';
import { completionOf } from '../catalogue/completion.ts';
import { createGopBuilder } from '../catalogue/gop-builder.ts';
import type { Clock } from '../lib/clock.ts';
import type { SegmentId } from '../lib/ids.ts';
import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import { writeProducerTime } from '../media/fmp4/producer-time.ts';
import type { SegmentFacts } from '../vault/header.ts';
import type { SegmentIdentity } from '../vault/identity.ts';
import type { SegmentEvents, SegmentWriter } from '../vault/segment.ts';
import type { Placement } from './run-clock.ts';

/** What recording asks of the vault: a segment is begun at once, whatever the disk does. */
export interface SegmentVault {
  create(identity: SegmentIdentity, facts: SegmentFacts, init: Buffer, on: SegmentEvents): SegmentWriter;
}

/** What recording tells the catalogue about segments; never waits. */
export interface SegmentLog {
  segmentOpened(opening: SegmentOpening): void;
  segmentProgress(segment: SegmentId, progress: SegmentProgress): void;
  segmentSealed(segment: SegmentId, completion: SegmentCompletion): void;
}

export interface OpenSegmentDeps {
  readonly vault: SegmentVault;
  readonly log: SegmentLog;
  readonly clock: Clock;
  /** The stream's own, across its segments. */
  readonly activity: ActivityMeter;
  /** Once: the disk refused; the segment is abandoned where it is. */
  failed(segment: OpenSegment, error: unknown): void;
}

export interface SegmentBeginning {
  readonly identity: SegmentIdentity;
  readonly facts: SegmentFacts;
  /** `ftyp moov`. */
  readonly init: Buffer;
  readonly opening: Omit<SegmentOpening, 'file' | 'segment' | 'ref' | 'day' | 'hour' | 'run'>;
  readonly run: SegmentOpening['run'];
}

/** One segment while it grows: its bytes go to the vault, its index to the catalogue when it is complete. */
export interface OpenSegment {
  /** @param framed 32 bytes of room, then the fragment: `moof mdat` */
  append(framed: Buffer, facts: FragmentFacts, placement: Placement): void;
  /** Sealing goes on in the background; `failed` is called when it does not succeed. */
  seal(endCause: string): Promise<void>;
  abandon(): void;
  readonly backlogBytes: number;
  readonly slowestWriteMs: number;
  readonly file: string;
  /** Wall clock of the end of its last frame. */
  readonly endUs: number;
  /** Wall clock up to which its footage survives a power cut. */
  readonly durableEndUs: number;
}

export function beginSegment(deps: OpenSegmentDeps, beginning: SegmentBeginning): OpenSegment {
  const { identity, facts } = beginning;
  const gops = createGopBuilder(facts.timescale, deps.activity);
  let frames = 0;
  let endUs = facts.startUs;
  let durableEndUs = facts.startUs;
  let framesDurable = 0;
  /** Fragments that a power cut would still take, oldest first. */
  const unsynced: { endOffset: number; endUs: number; frames: number }[] = [];

  const writer = deps.vault.create(identity, facts, beginning.init, {
    durable({ chunks, plaintextBytes }) {
      while (unsynced[0] && unsynced[0].endOffset <= plaintextBytes) {
        const done = unsynced.shift();
        durableEndUs = done?.endUs ?? durableEndUs;
        framesDurable = done?.frames ?? framesDurable;
      }
      deps.log.segmentProgress(identity.segment, {
        chunks,
        durationUs: durableEndUs - facts.startUs,
        bytes: plaintextBytes,
        frames: framesDurable,
        activity: 0,
        durableUs: deps.clock.utcUs(),
      });
    },
    failed: (error) => deps.failed(open, error),
  });
  deps.log.segmentOpened({
    ...beginning.opening,
    segment: identity.segment,
    ref: { camera: identity.camera, stream: identity.stream },
    run: beginning.run,
    day: identity.day,
    hour: identity.hour,
    file: writer.file.slice(writer.file.lastIndexOf('/') + 1),
  });

  const open: OpenSegment = {
    append(framed, fragmentFacts, placement) {
      writeProducerTime(framed, placement.wallUs, fragmentFacts.mediaStart);
      const { offset } = writer.append(framed);
      gops.add({ facts: fragmentFacts, offset, bytes: framed.length, startUs: placement.wallUs });
      frames += fragmentFacts.samples.length;
      endUs = placement.wallUs + placement.durationUs;
      unsynced.push({ endOffset: offset + framed.length, endUs, frames });
    },
    async seal(endCause) {
      const complete = gops.gops();
      try {
        const sealed = await writer.seal({ endCause, endUs, frames });
        durableEndUs = endUs;
        const durationUs = endUs - facts.startUs;
        deps.log.segmentSealed(identity.segment, completionOf({ ...sealed, durationUs, gops: complete }));
      } catch (error) {
        deps.failed(open, error);
      }
    },
    abandon: () => writer.abandon(),
    get backlogBytes() {
      return writer.backlogBytes;
    },
    get slowestWriteMs() {
      return writer.slowestWriteMs;
    },
    file: writer.file,
    get endUs() {
      return endUs;
    },
    get durableEndUs() {
      return durableEndUs;
    },
  };
  return open;
}
