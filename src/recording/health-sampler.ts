import type { HealthRound, HealthSample } from '../catalogue/changes.ts';
import type { CameraStatus, StreamStatus } from '../contract/recorder-status.ts';
import { type Cancel, type Clock, DAY_US, SECOND_US } from '../lib/clock.ts';
import { type CameraId, streamLabel } from '../lib/ids.ts';

export interface HealthSamplerDeps {
  readonly clock: Clock;
  /** As the recorder says it now: numbers that it counts anyway. */
  cameras(): readonly Pick<CameraStatus, 'clockOffsetMs' | 'streams'>[];
  /** Fire and forget; the catalogue's worker writes it down. */
  sampled(round: HealthRound): void;
  retentionDays(): number;
}

const EVERY_MS = 60_000;
const MINUTES_KEPT_US = 2 * DAY_US;
/** However long footage is kept: 64 streams fill about 100 MB by then. */
const MOST_DAYS = 93;

/** Looks at every stream once a minute, for the plots of its health. Recording never notices. */
export function startHealthSampler(deps: HealthSamplerDeps): Cancel {
  const { clock } = deps;
  let before = new Map<string, Counted>();
  const look = () => {
    const [atUs, monoUs] = [clock.utcUs(), clock.monoUs()];
    const now = new Map<string, Counted>();
    const samples: HealthSample[] = [];
    for (const { clockOffsetMs, streams } of deps.cameras())
      for (const stream of streams) {
        const label = streamLabel({ camera: stream.camera as CameraId, stream: stream.stream });
        const counted = countedOf(stream, monoUs);
        now.set(label, counted);
        const sample = sampleBetween(before.get(label), counted);
        const offsetMs = stream.network?.cameraClockOffsetMs ?? clockOffsetMs;
        if (sample)
          samples.push({
            ref: { camera: stream.camera as CameraId, stream: stream.stream },
            ...sample,
            ...(offsetMs !== undefined && { clockOffsetMs: Math.round(offsetMs) }),
          });
      }
    before = now;
    const days = Math.min(deps.retentionDays() + 1, MOST_DAYS);
    deps.sampled({
      atUs,
      samples,
      minutesFromUs: Math.max(0, atUs - MINUTES_KEPT_US),
      tenMinutesFromUs: Math.max(0, atUs - days * DAY_US),
    });
  };
  look();
  return clock.every(EVERY_MS, look);
}

/** Counters that only grow, and when they stood so. */
export interface Counted {
  readonly monoUs: number;
  readonly frames: number;
  readonly bytes: number;
  readonly missingPackets: number;
  readonly damagedFrames: number;
}

const countedOf = ({ frames, bytes, network }: StreamStatus, monoUs: number): Counted => ({
  monoUs,
  frames,
  bytes,
  missingPackets: network?.missingPackets ?? 0,
  damagedFrames: network?.damagedFrames ?? 0,
});

/** @returns undefined where there was nothing before, or the stream has begun anew since and counts from nothing */
export function sampleBetween(
  before: Counted | undefined,
  now: Counted,
): Omit<HealthSample, 'ref' | 'clockOffsetMs'> | undefined {
  if (!before || now.monoUs <= before.monoUs) return undefined;
  const seconds = (now.monoUs - before.monoUs) / SECOND_US;
  const [frames, bytes] = [now.frames - before.frames, now.bytes - before.bytes];
  const [missingPackets, damagedFrames] = [
    now.missingPackets - before.missingPackets,
    now.damagedFrames - before.damagedFrames,
  ];
  if ([frames, bytes, missingPackets, damagedFrames].some((grown) => grown < 0)) return undefined;
  return {
    fps: Math.round((frames / seconds) * 100) / 100,
    bitsPerSecond: Math.round((bytes * 8) / seconds),
    missingPackets,
    damagedFrames,
  };
}
