import type { RunEndCause } from '../catalogue/causes.ts';
import type { OpenGap } from '../catalogue/changes.ts';
import type { CatalogueWriter } from '../catalogue/writer.ts';
import type { CameraConfig, Config } from '../config/config.ts';
import type { ConfigDiff } from '../config/diff.ts';
import { pullDecision } from '../config/pull-decision.ts';
import type { CameraStatus } from '../contract/recorder-status.ts';
import { type Clock, SECOND_US } from '../lib/clock.ts';
import type { GirokError } from '../lib/errors.ts';
import { type CameraId, type StreamRef, streamLabel } from '../lib/ids.ts';
import type { SiteTime } from '../lib/site-time.ts';
import type { FragmentHub } from '../live/fragment-hub.ts';
import type { Alarms } from '../stewardship/alarms.ts';
import type { Spool } from '../stewardship/spool.ts';
import { createBackoff } from './backoff.ts';
import type { CameraAccount } from './camera-account.ts';
import { type CameraRecorder, type LocatedCamera, startCameraRecorder } from './camera-recorder.ts';
import type { ConnectGate } from './connect-gate.ts';
import { createGapKeeper, type GapKeeper } from './gap-keeper.ts';
import type { SegmentVault } from './open-segment.ts';
import { staggerOf } from './rotation.ts';
import { createSegmenter } from './segmenter.ts';
import type { MediaSource } from './source.ts';
import { gapCauseOf, startStreamRecorder } from './stream-recorder.ts';

export interface RecorderDeps {
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly vault: SegmentVault;
  readonly catalogue: Pick<
    CatalogueWriter,
    | 'streamSeen'
    | 'takeReservation'
    | 'runStarted'
    | 'runEnded'
    | 'segmentOpened'
    | 'segmentProgress'
    | 'segmentSealed'
    | 'gapOpened'
    | 'gapClosed'
    | 'lossFound'
    | 'senderClock'
  >;
  readonly source: MediaSource;
  readonly gate: ConnectGate;
  readonly live: FragmentHub;
  readonly alarms: Alarms;
  readonly spool: Pick<Spool, 'append'>;
  readonly account: CameraAccount;
  readonly mayWrite: () => boolean;
  readonly clockSynchronised: () => boolean | undefined;
  readonly random: () => number;
  /** Asks a camera where its streams are. @throws GirokError */
  resolve(camera: CameraConfig): Promise<LocatedCamera>;
  /** What a failed file still holds is taken over by the caller; it may be called several times a minute. */
  salvage(file: string): void;
  /** Makes the keys of the coming days. */
  keysFor(cameras: readonly CameraId[]): void;
  log(level: 'info' | 'warn', event: string, facts: Readonly<Record<string, unknown>>): void;
}

export interface Recorder {
  /** Begins to record what the configuration says. `openGaps`: what an earlier recorder left open. */
  start(config: Config, openGaps: readonly OpenGap[]): void;
  /** Takes over an edited configuration: only the cameras that changed stop and start. */
  apply(config: Config, diff: ConfigDiff): Promise<void>;
  cameras(): CameraStatus[];
  /** Streams that are recorded, or would be if their camera answered. */
  streams(): StreamRef[];
  stop(): Promise<void>;
}

/** Footage that is older than this and has no successor: somebody should know. */
const SILENT_US = 45 * SECOND_US;
const CAMERA_CLOCK_MS = 2000;
const KEY_FRAMES_RARE_US = 2.5 * SECOND_US;
const WATCH_MS = 2000;

export function createRecorder(deps: RecorderDeps): Recorder {
  const { clock, alarms, account } = deps;
  const catalogue: RecorderDeps['catalogue'] = {
    ...deps.catalogue,
    runStarted(run) {
      account.runStarted(run);
      deps.catalogue.runStarted(run);
    },
  };
  const running = new Map<CameraId, CameraRecorder>();
  let config: Config | undefined;
  const keepers = new Map<string, GapKeeper>();
  let openGaps: readonly OpenGap[] = [];
  let startedUs = 0;

  const startStream = (
    camera: CameraConfig,
    stream: StreamRef,
    locate: Parameters<Parameters<typeof startCameraRecorder>[1]['startStream']>[1],
    clockOffsetMs: () => number | undefined,
  ) => {
    const label = streamLabel(stream);
    catalogue.streamSeen(stream);
    // A hole that began when the settings changed ends with the new recording of the same stream.
    const gaps =
      keepers.get(label) ??
      createGapKeeper(
        stream,
        catalogue,
        openGaps.find(({ ref }) => streamLabel(ref) === label),
      );
    keepers.set(label, gaps);
    const ordinal = (config?.cameras.findIndex(({ id }) => id === camera.id) ?? 0) * 2;
    const segmenter = createSegmenter(stream, {
      clock,
      siteTime: deps.siteTime,
      vault: deps.vault,
      log: catalogue,
      gaps,
      segmentUs: (config?.recorder.segmentSeconds ?? 60) * SECOND_US,
      stagger: staggerOf(ordinal + (stream.stream === 'sub' ? 1 : 0)),
      mayWrite: deps.mayWrite,
      clockSynchronised: deps.clockSynchronised,
      cameraOffsetMs: clockOffsetMs,
      session: () => recorder.session,
      diskFailed(file, error, lost) {
        alarms.raise('disk_failing', label, {
          file,
          error: String((error as { code?: unknown }).code ?? error),
        });
        deps.log('warn', 'disk.failed', { file, lostMs: Math.round((lost.toUs - lost.fromUs) / 1000) });
        deps.salvage(file);
      },
      keyRefused(error: GirokError) {
        alarms.raise('disk_failing', label, { error: error.code });
        deps.log('warn', 'key.refused', { stream: label, code: error.code });
      },
      sourceUnusable: (cause, detail) =>
        recorder.restart({ cause: cause === 'clock_step' ? cause : 'unknown', detail }),
    });
    const recorder = startStreamRecorder({
      clock,
      source: deps.source,
      segmenter,
      backoff: createBackoff(deps.random),
      gate: deps.gate,
      locate,
      live: {
        init: (bytes) => deps.live.init(stream, bytes),
        fragment: (bytes, key) => deps.live.fragment(stream, bytes, key),
      },
      ended(end, lastedUs) {
        const facts = {
          ...stream,
          cause: gapCauseOf(end),
          detail: end.detail,
          lastedMs: Math.round(lastedUs / 1000),
        };
        deps.log('warn', 'stream.ended', facts);
        // One entry for each end of a recording, none for each attempt while a camera stays away.
        if (lastedUs > 0) deps.spool.append({ event: 'recording.interrupted', facts });
      },
    });
    return { recorder, segmenter, gaps };
  };

  const begin = (camera: CameraConfig) => {
    const decision = pullDecision(camera);
    if (decision.warning === 'operating_room_continuous')
      alarms.raise('operating_room_continuous', camera.id, { basis: camera.confirmation?.basis });
    if (decision.warning === 'operating_room_unconfirmed')
      alarms.raise('camera_not_pulled', camera.id, { why: decision.why });
    deps.log('info', 'camera.decided', { camera: camera.id, ...decision });
    if (!decision.pull) return;
    running.set(
      camera.id,
      startCameraRecorder(camera, {
        clock,
        source: deps.source,
        async resolve(asked) {
          const found = await deps.resolve(asked);
          account.located(asked.id, found);
          return found;
        },
        startStream: (stream, locate, { clockOffsetMs }) =>
          startStream(camera, stream, locate, clockOffsetMs),
      }),
    );
  };

  const end = async (id: CameraId, cause: RunEndCause, detail: string) => {
    const camera = running.get(id);
    running.delete(id);
    await camera?.stop(cause, { cause: 'maintenance', detail });
    for (const { code, subject } of alarms.standing())
      if (subject === id || subject.startsWith(`${id}/`)) alarms.clear(code, subject);
  };

  const watch = () => {
    const nowUs = clock.utcUs();
    for (const camera of running.values()) {
      const { lastMediaMonoUs, trouble } = camera.seen();
      account.look(camera.config.id, lastMediaMonoUs, trouble ? gapCauseOf(trouble) : 'unknown');
      const { clockOffsetMs, streams } = camera.status();
      const wrong = clockOffsetMs !== undefined && Math.abs(clockOffsetMs) > CAMERA_CLOCK_MS;
      if (wrong) alarms.raise('camera_clock_off', camera.config.id, { offsetMs: clockOffsetMs });
      else alarms.clear('camera_clock_off', camera.config.id);
      for (const stream of streams) {
        const label = `${stream.camera}/${stream.stream}`;
        const silentUs =
          stream.durableUntil === undefined ? nowUs - startedUs : (stream.durableAgeMs ?? 0) * 1000;
        if (silentUs > SILENT_US)
          alarms.raise('camera_not_recording', label, {
            why: stream.trouble ?? stream.gap?.cause ?? 'unknown',
          });
        else {
          alarms.clear('camera_not_recording', label);
          if (stream.state === 'recording') alarms.clear('disk_failing', label);
        }
        const interval = stream.keyFrameIntervalMs;
        if (interval !== undefined && interval * 1000 > KEY_FRAMES_RARE_US)
          alarms.raise('camera_key_frames_rare', label, { everyMs: interval });
        else alarms.clear('camera_key_frames_rare', label);
      }
    }
  };
  let stopWatching: () => void = () => undefined;

  const pulled = () =>
    (config?.cameras ?? []).filter((camera) => pullDecision(camera).pull).map(({ id }) => id);

  return {
    start(first, gaps) {
      config = first;
      openGaps = gaps;
      startedUs = clock.utcUs();
      deps.keysFor(pulled());
      for (const camera of first.cameras) begin(camera);
      stopWatching = clock.every(WATCH_MS, watch);
    },
    async apply(next, diff) {
      config = next;
      deps.keysFor(pulled());
      await Promise.all(
        [...diff.removed, ...diff.changed].map((id) => end(id, 'configuration', 'the settings changed')),
      );
      for (const id of diff.removed) account.forget(id);
      for (const camera of next.cameras)
        if (diff.added.includes(camera.id) || diff.changed.includes(camera.id)) begin(camera);
    },
    cameras: () =>
      (config?.cameras ?? []).map((camera) => {
        const { pull: pulledNow, why } = pullDecision(camera);
        const status = running.get(camera.id)?.status() ?? { id: camera.id, name: camera.name, streams: [] };
        return { ...status, pulled: pulledNow, why };
      }),
    streams: () =>
      (config?.cameras ?? [])
        .filter((camera) => pullDecision(camera).pull)
        .flatMap(({ id, record }) => [
          { camera: id, stream: 'main' as const },
          ...(record === 'main+sub' ? [{ camera: id, stream: 'sub' as const }] : []),
        ]),
    async stop() {
      stopWatching();
      await Promise.all([...running.keys()].map((id) => end(id, 'maintenance', 'the recorder was stopped')));
    },
  };
}
