import type { GapCause, RunEndCause } from '../../../src/catalogue/causes.ts';
import type { GapId, Loss, RunStart, SegmentCompletion } from '../../../src/catalogue/changes.ts';
import { SECOND_US } from '../../../src/lib/clock.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { type CameraId, newId, type RunId, type SegmentId, type StreamRef } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { createGapKeeper } from '../../../src/recording/gap-keeper.ts';
import type { SegmentVault } from '../../../src/recording/open-segment.ts';
import { createSegmenter } from '../../../src/recording/segmenter.ts';
import type { FragmentLoss, ReceivedFragment, SourceHealth } from '../../../src/recording/source.ts';
import type { SegmentFacts, SegmentTrailer } from '../../../src/vault/header.ts';
import type { SegmentIdentity } from '../../../src/vault/identity.ts';
import type { SegmentEvents } from '../../../src/vault/segment.ts';
import { type FragmentShape, initSegment, received } from '../../support/fragments.ts';
import { createManualClock } from '../../support/manual-clock.ts';

export const STREAM: StreamRef = { camera: 'cam01' as CameraId, stream: 'main' };
export const TIMESCALE = 90_000;
/** Ticks of a frame at 15 frames a second. */
export const FRAME = 6000;

export interface Appended {
  readonly serial: number;
  readonly wallUs: number;
  readonly durationUs: number;
  readonly endOffset: number;
}

/** A segment that exists in memory only. */
export interface RiggedSegment {
  readonly identity: SegmentIdentity;
  readonly facts: SegmentFacts;
  readonly init: Buffer;
  readonly on: SegmentEvents;
  readonly appended: Appended[];
  state: 'open' | 'sealed' | 'seal_failed' | 'abandoned';
  durableOffset: number;
  trailer?: SegmentTrailer;
}

export interface GapRow {
  readonly fromUs: number;
  readonly detail: string;
  cause: GapCause;
  toUs?: number;
}

export const ioError = (code: string) => Object.assign(new Error(code), { code });

/** A segmenter between a made-up camera, disk and catalogue, all of which do what the test says. */
export function createSegmenterRig(
  options: {
    readonly zone?: string;
    readonly start?: string;
    readonly stagger?: number;
    readonly segmentS?: number;
  } = {},
) {
  const clock = createManualClock(Date.parse(options.start ?? '2026-11-22T03:00:00Z') * 1000);
  const siteTime = createSiteTime(options.zone ?? 'Asia/Seoul');
  const segments: RiggedSegment[] = [];
  const runs: (RunStart & { ended?: { atUs: number; cause: RunEndCause } })[] = [];
  const gapRows: GapRow[] = [];
  const lostRanges: { fromUs: number; toUs: number }[] = [];
  const completions = new Map<SegmentId, SegmentCompletion>();
  const reserved: SegmentId[] = [];
  const losses: Loss[] = [];
  const lossesFed: FragmentLoss[] = [];
  const senderClocks: { run: RunId; offsetMs: number }[] = [];
  const unusable: { cause: GapCause; detail: string }[] = [];
  const refusedKeys: GirokError[] = [];
  const sealFailures = new Set<string>();
  const serials = new WeakMap<Buffer, number>();
  /** What the world is like: a test changes it. */
  const world = { room: true, keys: true, reservations: true, backlogBytes: 0, sealFails: false };
  /** What the session with the camera says of itself. */
  const session: { insteadBecause?: string; health?: SourceHealth } = {};

  const vault: SegmentVault = {
    create(identity, facts, init, on) {
      if (!world.keys) throw new GirokError('key_missing', {});
      const segment: RiggedSegment = {
        ...{ identity, facts, init, on, appended: [], state: 'open' as const },
        durableOffset: 0,
      };
      segments.push(segment);
      let offset = init.length;
      const file = `cam01/${identity.day}/000000-main-${identity.segment}.seg`;
      return {
        file,
        init: { offset: 0, bytes: init.length, sha256: Buffer.alloc(32) },
        durable: { chunks: 0, plaintextBytes: 0, atMonoUs: 0 },
        slowestWriteMs: 0,
        oldestUnsyncedMonoUs: undefined,
        append(framed) {
          if (segment.state !== 'open') throw new Error(`appended to a segment that is ${segment.state}`);
          const facts = parseFragment(framed);
          const at = offset;
          offset += framed.length;
          segment.appended.push({
            serial: serials.get(framed) ?? -1,
            wallUs: facts.wallUs ?? Number.NaN,
            durationUs: Math.round((facts.durationTicks * SECOND_US) / TIMESCALE),
            endOffset: offset,
          });
          return { offset: at, sha256: Buffer.alloc(32) };
        },
        get backlogBytes() {
          return world.backlogBytes;
        },
        async seal(trailer) {
          segment.trailer = trailer;
          if (world.sealFails) {
            segment.state = 'seal_failed';
            sealFailures.add(file);
            throw ioError('EIO');
          }
          segment.state = 'sealed';
          segment.durableOffset = offset;
          return {
            file: '',
            bytes: offset,
            chunks: 1,
            ciphertextSha256: Buffer.alloc(32),
            pieces: [],
            fragmentsRoot: Buffer.alloc(32),
            leaf: {} as never,
            leafHash: Buffer.alloc(32),
          };
        },
        abandon() {
          segment.state = 'abandoned';
        },
      };
    },
  };

  const gaps = createGapKeeper(STREAM, {
    gapOpened(_stream, fromUs, cause, detail = '') {
      gapRows.push({ fromUs, cause, detail });
      return String(gapRows.length - 1) as GapId;
    },
    gapClosed(gap, toUs, cause) {
      const row = gapRows[Number(gap)]!;
      row.toUs = toUs;
      row.cause = cause ?? row.cause;
    },
  });

  const segmenter = createSegmenter(STREAM, {
    clock,
    siteTime,
    vault,
    gaps,
    log: {
      takeReservation() {
        if (!world.reservations) return undefined;
        const id = newId<SegmentId>(clock.utcUs());
        reserved.push(id);
        return id;
      },
      runStarted: (run) => void runs.push({ ...run }),
      runEnded(run: RunId, atUs, cause) {
        const row = runs.find((each) => each.run === run)!;
        if (row.ended) throw new Error('a run ends once');
        row.ended = { atUs, cause };
      },
      senderClock: (run, offsetMs) => void senderClocks.push({ run, offsetMs }),
      lossFound: (_stream, loss) => void losses.push(loss),
      segmentOpened: () => undefined,
      segmentProgress: () => undefined,
      segmentSealed: (segment, completion) => void completions.set(segment, completion),
    },
    segmentUs: (options.segmentS ?? 60) * SECOND_US,
    stagger: options.stagger ?? 0,
    mayWrite: () => world.room,
    clockSynchronised: () => true,
    cameraOffsetMs: () => undefined,
    session: () => ({ insteadBecause: session.insteadBecause, health: () => session.health }),
    diskFailed(file, _error, lost) {
      // A hole behind the stream's own: salvage reads what is left of the file and writes down the rest.
      if (sealFailures.has(file)) lostRanges.push(lost);
    },
    keyRefused: (error) => void refusedKeys.push(error),
    sourceUnusable: (cause, detail) => void unusable.push({ cause, detail }),
  });

  let mediaTicks = 0;
  let serial = 0;
  const connect = (name?: string) => {
    mediaTicks = 0;
    segmenter.init(initSegment(name));
  };
  connect();

  /** The camera's next fragment comes when its last frame has been taken. @returns its serial number */
  const feed = (shape: Partial<FragmentShape> = {}, loss?: FragmentLoss): number => {
    const full = { mediaStart: mediaTicks, durations: Array<number>(7).fill(FRAME), ...shape };
    const ticks = full.durations.reduce((sum, each) => sum + each, 0);
    clock.advance((ticks * 1000) / TIMESCALE);
    mediaTicks = full.mediaStart + ticks;
    const fragment: ReceivedFragment = {
      ...received(full, { monoUs: clock.monoUs(), wallUs: clock.utcUs() }),
      ...(loss && { loss }),
    };
    if (loss) lossesFed.push(loss);
    serial += 1;
    serials.set(fragment.framed, serial);
    segmenter.fragment(fragment);
    return serial;
  };

  return {
    ...{ clock, siteTime, segmenter, segments, runs, gapRows, lostRanges, completions, reserved, unusable },
    ...{ refusedKeys, world, connect, feed, losses, lossesFed, session, senderClocks },
    /** Groups of pictures of one second: a key frame, then 14 more in two fragments. */
    feedSeconds(seconds: number) {
      for (let i = 0; i < seconds; i++) {
        feed({ keyFrame: true, durations: Array<number>(8).fill(FRAME) });
        feed();
      }
    },
    /** Frames that the camera made and nobody got. */
    skip(ticks: number) {
      mediaTicks += ticks;
      clock.advance((ticks * 1000) / TIMESCALE);
    },
    /** The disk has taken everything of the open segment. */
    sync() {
      const segment = segments.at(-1);
      if (segment?.state !== 'open') return;
      segment.durableOffset = segment.appended.at(-1)?.endOffset ?? 0;
      segment.on.durable({ chunks: 1, plaintextBytes: segment.durableOffset, atMonoUs: clock.monoUs() });
    },
    failDisk(code = 'EIO') {
      const segment = segments.at(-1);
      if (segment?.state === 'open') segment.on.failed(ioError(code));
    },
    /** In the order in which they were handed to the vault. */
    appended: () => segments.flatMap((segment) => segment.appended),
    /** What a power cut would leave. */
    kept: () =>
      segments.flatMap((segment) =>
        segment.appended.filter(({ endOffset }) => endOffset <= segment.durableOffset),
      ),
  };
}
