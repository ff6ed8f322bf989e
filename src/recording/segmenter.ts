import { createActivityMeter } from '../catalogue/activity.ts';
import type { GapCause, LossCause, RunEndCause } from '../catalogue/causes.ts';
import type { RunStart } from '../catalogue/changes.ts';
import { type Clock, SECOND_US } from '../lib/clock.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { newId, type RunId, type SegmentId, type StreamRef } from '../lib/ids.ts';
import type { SiteTime } from '../lib/site-time.ts';
import type { GapKeeper } from './gap-keeper.ts';
import { createHeldFragments } from './held-fragments.ts';
import { createLossKeeper, type LossLog } from './loss-keeper.ts';
import { beginSegment, type OpenSegment, type SegmentLog, type SegmentVault } from './open-segment.ts';
import { filedUnder, judgeRotation, planRotation, type RotationPlan } from './rotation.ts';
import {
  arrivalOf,
  beginRun,
  describeRun,
  follows,
  newParameters,
  type Run,
  wallMinusMedia,
  withoutHole,
} from './run.ts';
import type { Placement } from './run-clock.ts';
import type { InitSegment, ReceivedFragment, SourceSession } from './source.ts';

/** What recording tells the catalogue; never waits. */
export interface RecordingLog extends SegmentLog, LossLog {
  /** An id whose row is durable, or undefined when none is ready. */
  takeReservation(ref: StreamRef): SegmentId | undefined;
  runStarted(run: RunStart): void;
  runEnded(run: RunId, atUs: number, cause: RunEndCause): void;
  /** Camera's clock minus ours, as its stream tells it; once a run. */
  senderClock(run: RunId, offsetMs: number): void;
}

export interface SegmenterDeps {
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly vault: SegmentVault;
  readonly log: RecordingLog;
  readonly gaps: GapKeeper;
  readonly segmentUs: number;
  /** 0…1: where in the minute this stream rotates. */
  readonly stagger: number;
  /** Whether there is room on the disk: below the reserve nothing is begun and what is open is closed. */
  readonly mayWrite: () => boolean;
  readonly clockSynchronised: () => boolean | undefined;
  readonly cameraOffsetMs: () => number | undefined;
  /** The session that the fragments come from. */
  readonly session: () => Pick<SourceSession, 'insteadBecause' | 'health'> | undefined;
  /** The disk refused; the file holds what was written before, and `lost` of its footage is not safe. */
  diskFailed(file: string, error: unknown, lost: { fromUs: number; toUs: number }): void;
  /** The keyring gave no key to seal under; tried again in a moment. */
  keyRefused(error: GirokError): void;
  /** The source's media times cannot be trusted any more: it has to be opened again. */
  sourceUnusable(cause: GapCause, detail: string): void;
}

export interface SegmenterCounters {
  frames: number;
  bytes: number;
  fragments: number;
  /** Held back too long and given up; each is inside a gap row. */
  droppedFragments: number;
  /** Came before the first key frame of a connection: nobody could decode them. */
  beforeKeyFrame: number;
  runs: number;
}

/** Turns the fragments of one stream into runs and sealed segments. Never waits, never loses without a gap row. */
export interface Segmenter {
  init(init: InitSegment): void;
  fragment(fragment: ReceivedFragment): void;
  /** The source has ended: seals what is open, ends the run. A hole begins unless the end leaves none. */
  endRun(cause: RunEndCause, hole?: { cause: GapCause; detail: string }): Promise<void>;
  /** To be called a few times a second: writes what was held, notices room on the disk. */
  tick(): void;
  readonly counters: Readonly<SegmenterCounters>;
  readonly heldBytes: number;
  readonly writeBacklogBytes: number;
  /** The longest write or sync of the last two segments. */
  readonly slowestWriteMs: number;
  /** Wall clock up to which this stream's footage survives a power cut; undefined before the first. */
  readonly durableEndUs: number | undefined;
  /** The host's clock minus the time written beside the pictures, µs. */
  readonly hostMinusWallUs: number;
  /** Between the last two key frames, by the stream's clock. */
  readonly keyFrameIntervalUs: number | undefined;
  readonly picture: { codec: string; width: number; height: number } | undefined;
}

/** A camera that sends its buffer first sends it within this time; until then the run's clock is not set. */
const SETTLE_US = 400_000;
/** The wall clock moved against the steady one by more than this between two fragments: somebody set it. */
const CLOCK_STEP_US = 250_000;
/** Sealed bytes waiting for the disk before fragments are held back unsealed, where whole pictures can still go. */
const WRITER_BACKLOG_BYTES = 2 * 1024 * 1024;
const DISK_RETRY_US = 2 * SECOND_US;
/** Who left out the packets before a picture left out the pictures that were in them. */
const GAP_OF_LOSS: Readonly<Record<LossCause, GapCause>> = {
  camera: 'camera_off',
  network: 'network',
  we_were_slow: 'we_were_slow',
};

export function createSegmenter(stream: StreamRef, deps: SegmenterDeps): Segmenter {
  const { clock, siteTime, gaps, log } = deps;
  const counters: SegmenterCounters = {
    frames: 0,
    bytes: 0,
    fragments: 0,
    droppedFragments: 0,
    beforeKeyFrame: 0,
    runs: 0,
  };
  const held = createHeldFragments();
  let source: InitSegment | undefined;
  let opening: ReceivedFragment[] = [];
  let run: Run | undefined;
  let segment: { open: OpenSegment; plan: RotationPlan } | undefined;
  let sealing: Promise<void> = Promise.resolve();
  let durableEndUs: number | undefined;
  let hostMinusWallUs = 0;
  let retryMonoUs = 0;
  let lastSlowestMs = 0;
  let keyFrameIntervalUs: number | undefined;
  let keyFrameWallUs: number | undefined;
  const activity = createActivityMeter();
  const losses = createLossKeeper(stream, clock, log);
  let senderClockToldFor: RunId | undefined;
  /** Of the hole behind the last picture of the fragment before, where packets of that picture were lost too. */
  let hiddenCause: LossCause | undefined;

  /** A hole that begins now, at the end of what was kept. */
  const lose = (cause: GapCause, detail: string) => {
    gaps.lost(run?.endUs ?? durableEndUs ?? clock.utcUs(), cause, detail);
  };

  /** Pictures that are not kept; what was missing from them already was lost on its own account. */
  const giveUp = (fragments: readonly ReceivedFragment[]) => {
    for (const { loss, receivedWallUs } of fragments) losses.lost(loss, receivedWallUs, receivedWallUs);
  };

  const startRun = (fragments: readonly ReceivedFragment[], init: InitSegment, before?: Run) => {
    run = beginRun(fragments, init, before);
    counters.runs += 1;
    const synchronised = deps.clockSynchronised();
    const offsetMs = deps.cameraOffsetMs();
    const sourceReason = deps.session()?.insteadBecause;
    log.runStarted({
      ...describeRun(run),
      ref: stream,
      source: init.source,
      ...(sourceReason === undefined ? {} : { sourceReason }),
      ...(synchronised === undefined ? {} : { clockSynchronised: synchronised }),
      ...(offsetMs === undefined ? {} : { cameraOffsetMs: offsetMs }),
    });
  };

  /** The camera says the time with its first sender report, seconds after the run has begun. */
  const tellSenderClock = () => {
    if (!run || senderClockToldFor === run.id) return;
    const offsetMs = deps.session()?.health()?.cameraClockOffsetMs;
    if (offsetMs === undefined) return;
    senderClockToldFor = run.id;
    log.senderClock(run.id, offsetMs);
  };

  const sealSegment = (endCause: string) => {
    if (!segment) return;
    const { open } = segment;
    segment = undefined;
    lastSlowestMs = open.slowestWriteMs;
    const done = open.seal(endCause).finally(() => {
      durableEndUs = Math.max(durableEndUs ?? 0, open.durableEndUs);
    });
    sealing = Promise.all([sealing, done]).then(() => undefined);
  };

  const finishRun = (cause: RunEndCause) => {
    sealSegment(cause);
    losses.close();
    if (!run) return;
    log.runEnded(run.id, run.endUs, cause);
    run = undefined;
    keyFrameWallUs = undefined;
  };

  const openSegment = (current: Run, fragment: ReceivedFragment, placement: Placement): boolean => {
    const { track, bytes } = current.init;
    const { day, hour } = filedUnder(placement.wallUs, siteTime, deps.stagger);
    let open: OpenSegment;
    // No reservation ready means the database is stuck for long; the file tells its own story to the next start.
    const id = log.takeReservation(stream) ?? newId<SegmentId>(placement.wallUs);
    try {
      open = beginSegment(
        {
          vault: deps.vault,
          activity,
          log,
          clock,
          failed: onDiskFailure,
        },
        {
          identity: { ...stream, day, hour, segment: id },
          facts: {
            run: current.id,
            startUs: placement.wallUs,
            codec: current.codec,
            width: track.width,
            height: track.height,
            timescale: track.timescale,
            zone: siteTime.zone,
          },
          init: bytes,
          run: current.id,
          opening: {
            startUs: placement.wallUs,
            mediaStart: fragment.facts.mediaStart,
            wallMinusMediaUs: wallMinusMedia(placement.wallUs, fragment.facts.mediaStart, track.timescale),
          },
        },
      );
    } catch (error) {
      if (!(error instanceof GirokError)) throw error;
      // No key for this hour: the keyring says why in its own alarm. The pictures wait.
      retryMonoUs = clock.monoUs() + DISK_RETRY_US;
      held.putBack(fragment);
      lose('disk', 'no key to seal with');
      deps.keyRefused(error);
      return false;
    }
    segment = { open, plan: planRotation(placement.wallUs, day, siteTime, deps.stagger, deps.segmentUs) };
    return true;
  };

  const onDiskFailure = (open: OpenSegment, error: unknown) => {
    retryMonoUs = clock.monoUs() + DISK_RETRY_US;
    const detail = `the disk refused: ${systemCode(error) ?? 'unknown error'}`;
    // Sealed already as far as the stream is concerned, which went on or waits for room; its end is not safe.
    if (segment?.open !== open) gaps.unsafe(open.durableEndUs, open.endUs, 'disk', detail);
    else {
      segment = undefined;
      open.abandon();
      durableEndUs = open.durableEndUs;
      gaps.lost(open.durableEndUs, 'disk', detail);
      losses.close();
      if (run) log.runEnded(run.id, open.durableEndUs, 'disk');
      run = undefined;
    }
    deps.diskFailed(open.file, error, { fromUs: open.durableEndUs, toUs: open.endUs });
  };

  const diskReady = () => deps.mayWrite() && clock.monoUs() >= retryMonoUs;

  const write = (fragment: ReceivedFragment, placement: Placement) => {
    const current = run as Run;
    const { facts } = fragment;
    if (segment) {
      const verdict = judgeRotation(segment.plan, {
        ...placement,
        startsWithKeyFrame: facts.startsWithKeyFrame,
      });
      if (verdict !== 'continue')
        sealSegment(verdict === 'rotate' ? 'rotation' : 'day_ended_without_key_frame');
    }
    if (!segment && !openSegment(current, fragment, placement)) return;
    segment?.open.append(fragment.framed, facts, placement);
    losses.lost(fragment.loss, placement.wallUs, placement.wallUs + placement.durationUs);
    gaps.found(placement.wallUs);
    current.endTicks = facts.mediaStart + facts.durationTicks;
    current.endUs = placement.wallUs + placement.durationUs;
    hostMinusWallUs = placement.hostMinusWallUs;
    if (facts.startsWithKeyFrame) {
      if (keyFrameWallUs !== undefined) keyFrameIntervalUs = placement.wallUs - keyFrameWallUs;
      keyFrameWallUs = placement.wallUs;
    }
    counters.fragments += 1;
    counters.frames += facts.samples.length;
    counters.bytes += fragment.bytes.length;
    fragment.release?.();
  };

  /** One fragment in order, its run found or begun. */
  const take = (received: ReceivedFragment) => {
    const init = source as InitSegment;
    let fragment = received;
    if (run) {
      const stepUs = fragment.receivedWallUs - fragment.receivedMonoUs - run.hostMinusMonoUs;
      run.hostMinusMonoUs += stepUs;
      if (Math.abs(stepUs) > CLOCK_STEP_US) {
        gaps.lost(run.endUs, 'clock_step', `the host’s clock was set by ${Math.round(stepUs / 1000)} ms`);
        finishRun('clock_step');
      } else if (!follows(run, fragment)) {
        const cause = GAP_OF_LOSS[fragment.loss?.cause ?? hiddenCause ?? 'network'];
        gaps.lost(run.endUs, cause, 'frames are missing');
        finishRun(gaps.open?.cause ?? cause);
      }
    }
    // A run that goes on after a break may begin without a key frame: its first pictures need those before the
    // break, but none of them is thrown away.
    if (!run) startRun([fragment], init);
    let current = run as unknown as Run;
    const { timescale } = current.init.track;
    const pace = current.pace.judge(fragment.facts);
    hiddenCause = pace.hidesHole ? fragment.loss?.cause : undefined;
    if (pace.hidesHole) fragment = withoutHole(fragment, pace.mostTicks, pace.usualTicks);
    const renewed = newParameters(current, fragment);
    if (renewed) {
      const before = current;
      finishRun('parameter_change');
      startRun([fragment], renewed, before);
      current = run as unknown as Run;
    }
    write(fragment, current.clock.place(arrivalOf(fragment, timescale)));
    if (pace.clockWentBack) deps.sourceUnusable('clock_step', 'the camera’s clock went back');
  };

  /** Writes what may be written; keeps the rest, bounded. */
  const pump = () => {
    if (!deps.mayWrite() && segment) {
      lose('disk', 'the disk is full');
      finishRun('disk');
    }
    while (held.bytes > 0 && diskReady() && (segment?.open.backlogBytes ?? 0) < WRITER_BACKLOG_BYTES) {
      const next = held.shift();
      if (next) take(next);
    }
  };

  /** What was held back is given up; why it could not be written is the cause. */
  const loseHeld = () => {
    const full = !deps.mayWrite() || clock.monoUs() < retryMonoUs;
    lose(full ? 'disk' : 'we_were_slow', full ? 'the disk is full' : 'the disk could not keep up');
  };

  const hold = (fragment: ReceivedFragment) => {
    const dropped = held.push(fragment);
    if (dropped.length === 0) return;
    counters.droppedFragments += dropped.length;
    giveUp(dropped);
    loseHeld();
  };

  const settle = () => {
    if (opening.length === 0 || !source) return;
    const fragments = opening;
    opening = [];
    startRun(fragments, source);
    for (const fragment of fragments) hold(fragment);
    pump();
  };

  return {
    init(init) {
      source = init;
      giveUp(opening);
      opening = [];
    },
    fragment(fragment) {
      if (!source) return;
      if (run || held.bytes > 0) {
        hold(fragment);
        pump();
        return;
      }
      if (opening.length === 0 && !fragment.facts.startsWithKeyFrame) {
        counters.beforeKeyFrame += 1;
        giveUp([fragment]);
        return;
      }
      opening.push(fragment);
      const sinceUs = fragment.receivedMonoUs - (opening[0]?.receivedMonoUs ?? 0);
      if (sinceUs >= SETTLE_US) settle();
    },
    async endRun(cause, hole) {
      settle();
      pump();
      if (held.bytes > 0) {
        loseHeld();
        giveUp(held.clear());
      }
      const endUs = run?.endUs;
      finishRun(cause);
      if (hole) gaps.lost(endUs ?? durableEndUs ?? clock.utcUs(), hole.cause, hole.detail);
      source = undefined;
      await sealing;
    },
    tick() {
      const first = opening[0];
      if (first && clock.monoUs() - first.receivedMonoUs >= SETTLE_US) settle();
      pump();
      losses.tick();
      tellSenderClock();
    },
    counters,
    get heldBytes() {
      return held.bytes;
    },
    get slowestWriteMs() {
      return Math.max(lastSlowestMs, segment?.open.slowestWriteMs ?? 0);
    },
    get writeBacklogBytes() {
      return segment?.open.backlogBytes ?? 0;
    },
    get durableEndUs() {
      return segment ? Math.max(durableEndUs ?? 0, segment.open.durableEndUs) : durableEndUs;
    },
    get hostMinusWallUs() {
      return hostMinusWallUs;
    },
    get keyFrameIntervalUs() {
      return keyFrameIntervalUs;
    },
    get picture() {
      return run && { codec: run.codec, width: run.init.track.width, height: run.init.track.height };
    },
  };
}
