import type { GapCause, RunEndCause } from '../catalogue/causes.ts';
import type { CameraConfig } from '../config/config.ts';
import type { CameraStatus, StreamStatus } from '../contract/recorder-status.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { StreamKind, StreamRef } from '../lib/ids.ts';
import type { GapKeeper } from './gap-keeper.ts';
import { createRateMeter } from './rate-meter.ts';
import type { Segmenter } from './segmenter.ts';
import type { MediaSource, PullTarget, SourceEnd } from './source.ts';
import { type StreamRecorder, StreamUnavailable } from './stream-recorder.ts';

/** Where a camera's streams are, as the camera or the configuration says now. */
export interface LocatedCamera {
  readonly main: PullTarget;
  readonly sub?: PullTarget;
  readonly clockOffsetMs?: number;
  /** What it says it is, where it says so. */
  readonly identity?: CameraIdentity;
  /** The same in words that may be shown. */
  readonly device?: CameraStatus['device'];
}

/** Hashes: the ledger repeats nothing that a camera says of itself. */
export interface CameraIdentity {
  /** SHA-256 over maker, model and serial number. */
  readonly device?: string;
  /** SHA-256 of its version. */
  readonly firmware?: string;
}

export interface CameraRecorderDeps {
  readonly clock: Clock;
  readonly source: MediaSource;
  /** Asks the camera anew. @throws GirokError `camera_*`, `credential_*` */
  resolve(camera: CameraConfig): Promise<LocatedCamera>;
  /** Makes what records one stream; the camera recorder only says where it is. */
  startStream(
    stream: StreamRef,
    locate: (failures: number) => Promise<PullTarget>,
    camera: { clockOffsetMs(): number | undefined },
  ): StreamParts;
}

export interface StreamParts {
  readonly recorder: StreamRecorder;
  readonly segmenter: Segmenter;
  readonly gaps: GapKeeper;
}

export interface CameraRecorder {
  readonly config: CameraConfig;
  status(): Omit<CameraStatus, 'pulled' | 'why'>;
  /** Steady clock of the latest picture in any stream, and why there is none, where that is known. */
  seen(): { readonly lastMediaMonoUs: number | undefined; readonly trouble: SourceEnd | undefined };
  stop(cause: RunEndCause, hole: { cause: GapCause; detail: string } | undefined): Promise<void>;
}

/** After so many failures in a row the camera is asked again where its streams are. */
const ASK_AGAIN_AFTER = 3;

/** Records the streams of one camera, which share what is known of where it is. */
export function startCameraRecorder(camera: CameraConfig, deps: CameraRecorderDeps): CameraRecorder {
  const { clock } = deps;
  let located: Promise<LocatedCamera> | undefined;
  let clockOffsetMs: number | undefined;
  let device: CameraStatus['device'];
  const streams = new Map<StreamKind, StreamParts & { meter: ReturnType<typeof createRateMeter> }>();
  let stopped = false;

  const locate = async (kind: StreamKind, failures: number): Promise<PullTarget> => {
    if (failures > 0 && failures % ASK_AGAIN_AFTER === 0) located = undefined;
    const asking = located ?? deps.resolve(camera);
    located = asking;
    try {
      const found = await asking;
      clockOffsetMs = found.clockOffsetMs;
      device = found.device ?? device;
      if (found.sub && camera.record === 'main+sub') start('sub');
      const target = found[kind];
      if (target) return target;
    } catch (error) {
      // Only a success is worth remembering; the other stream may have asked anew meanwhile.
      if (located === asking) located = undefined;
      if (!(error instanceof GirokError)) throw error;
      throw new StreamUnavailable(explain(error), { cause: error });
    }
    throw new StreamUnavailable({ cause: 'unusable', detail: 'the camera offers no second stream any more' });
  };

  /** The second stream begins once the camera has said that it has one. */
  const start = (kind: StreamKind) => {
    if (stopped || streams.has(kind)) return;
    const parts = deps.startStream(
      { camera: camera.id, stream: kind },
      (failures) => locate(kind, failures),
      {
        clockOffsetMs: () => clockOffsetMs,
      },
    );
    streams.set(kind, { ...parts, meter: createRateMeter() });
  };
  start('main');
  const stopSampling = clock.every(1000, () => {
    for (const { meter, segmenter } of streams.values())
      meter.sample(clock.monoUs(), segmenter.counters.frames, segmenter.counters.bytes);
  });

  return {
    config: camera,
    status: () => ({
      id: camera.id,
      name: camera.name,
      ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
      ...(device && { device }),
      streams: [...streams].map(([kind, parts]) => streamStatus(kind, parts)),
    }),
    seen: () => {
      const all = [...streams.values()].map(({ recorder }) => recorder);
      const times = all.flatMap(({ lastMediaMonoUs }) => lastMediaMonoUs ?? []);
      return {
        lastMediaMonoUs: times.length > 0 ? Math.max(...times) : undefined,
        trouble: all.find(({ trouble }) => trouble)?.trouble,
      };
    },
    async stop(cause, hole) {
      stopped = true;
      stopSampling();
      await Promise.all([...streams.values()].map(({ recorder }) => recorder.stop(cause, hole)));
    },
  };

  function streamStatus(
    kind: StreamKind,
    { recorder, segmenter, gaps, meter }: StreamParts & { meter: ReturnType<typeof createRateMeter> },
  ): StreamStatus {
    const { counters, durableEndUs, picture, keyFrameIntervalUs } = segmenter;
    const { session, network } = recorder;
    return {
      camera: camera.id,
      stream: kind,
      state: recorder.state,
      source: session?.kind ?? (camera.source.client === 'ffmpeg' ? 'ffmpeg' : 'rtsp'),
      ...(session?.insteadBecause === undefined ? {} : { sourceReason: session.insteadBecause }),
      ...(network ? { network } : {}),
      ...(recorder.trouble ? { trouble: recorder.trouble.detail } : {}),
      ...(picture ?? {}),
      fps: meter.fps,
      bitsPerSecond: meter.bitsPerSecond,
      ...(keyFrameIntervalUs === undefined
        ? {}
        : { keyFrameIntervalMs: Math.round(keyFrameIntervalUs / 1000) }),
      ...(durableEndUs === undefined
        ? {}
        : {
            durableUntil: isoFromUs(durableEndUs),
            durableAgeMs: Math.round((clock.utcUs() - durableEndUs) / 1000),
          }),
      ...(gaps.open ? { gap: { since: isoFromUs(gaps.open.fromUs), cause: gaps.open.cause } } : {}),
      gapsEnded: gaps.ended.count,
      gapsEndedMs: Math.round(gaps.ended.totalUs / 1000),
      reconnects: recorder.reconnects,
      frames: counters.frames,
      bytes: counters.bytes,
      runs: counters.runs,
      droppedFragments: counters.droppedFragments,
      backlogBytes: segmenter.heldBytes + segmenter.writeBacklogBytes,
      slowestWriteMs: Math.round(segmenter.slowestWriteMs),
      clockDifferenceMs: Math.round(segmenter.hostMinusWallUs / 1000),
    };
  }
}

/** What a refusal to tell where the stream is means for the hole. */
function explain(error: GirokError): SourceEnd {
  switch (error.code) {
    case 'camera_unreachable':
      return { cause: 'camera_off', detail: 'the camera does not answer' };
    case 'camera_login_refused':
      return { cause: 'refused', detail: 'the camera refused the login' };
    case 'credential_missing':
    case 'credential_exposed':
      return { cause: 'refused', detail: 'the camera’s password cannot be read' };
    case 'camera_outside_networks':
    case 'camera_url_refused':
      return { cause: 'refused', detail: 'the camera’s address is not allowed' };
    case 'camera_no_stream':
      return { cause: 'unusable', detail: 'the camera offers no usable stream' };
    default:
      return { cause: 'unusable', detail: 'the camera’s answer is unusable' };
  }
}
