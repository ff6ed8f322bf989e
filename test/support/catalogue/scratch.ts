import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { SegmentCompletion, SegmentOpening } from '../../../src/catalogue/changes.ts';
import { completionOf } from '../../../src/catalogue/completion.ts';
import {
  type CatalogueWriter,
  createCatalogueWriter,
  type WriterDeps,
} from '../../../src/catalogue/writer.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId, RunId, SegmentId, StreamRef } from '../../../src/lib/ids.ts';
import type { LocalDay } from '../../../src/lib/site-time.ts';

const folders: string[] = [];
const writers: CatalogueWriter[] = [];

afterEach(async () => {
  for (const writer of writers.splice(0)) await writer.close(100);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own that goes away with the test. */
export function scratchPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'girok-catalogue-'));
  folders.push(folder);
  return join(folder, 'catalogue.db');
}

export interface Reported {
  readonly trouble: (string | undefined)[];
  readonly refused: string[];
  readonly fatal: Error[];
}

/** A real writer with a real worker thread that tells everything to `reported`. */
export async function startWriter(
  path: string,
  more: Partial<WriterDeps> = {},
): Promise<{ writer: CatalogueWriter; reported: Reported }> {
  const reported: Reported = { trouble: [], refused: [], fatal: [] };
  const writer = await createCatalogueWriter({
    path,
    clock: systemClock,
    batchMs: 20,
    busyTimeoutMs: 50,
    retryMs: 20,
    onTrouble: (sqlite) => void reported.trouble.push(sqlite),
    onRefused: (kind, fault) => void reported.refused.push(`${kind}: ${fault}`),
    onFatal: (error) => void reported.fatal.push(error),
    ...more,
  });
  writers.push(writer);
  return { writer, reported };
}

export const MAIN: StreamRef = { camera: 'cam01' as CameraId, stream: 'main' };
export const SUB: StreamRef = { camera: 'cam01' as CameraId, stream: 'sub' };
export const DAY = '2026-11-22' as LocalDay;
/** 2026-11-21T15:00:00Z: that day's first instant in Seoul. */
export const DAY_START_US = 1_795_273_200_000_000;
export const RUN = '000000000000r001' as RunId;

export function startRun(
  writer: CatalogueWriter,
  ref = MAIN,
  run = RUN,
  startedUs = DAY_START_US,
  sourceReason?: string,
) {
  writer.runStarted({
    run,
    ref,
    source: 'ffmpeg',
    ...(sourceReason === undefined ? {} : { sourceReason }),
    codec: 'avc1.640028',
    width: 1920,
    height: 1080,
    timescale: 90_000,
    startedUs,
    clockSynchronised: true,
    cameraOffsetMs: -40,
    wallMinusMediaUs: startedUs,
  });
}

/** Minute `minute` of the day. */
export function openingOf(segment: SegmentId, minute: number, ref = MAIN, run = RUN): SegmentOpening {
  return {
    segment,
    ref,
    run,
    day: DAY,
    hour: Math.floor(minute / 60),
    file: `minute-${minute}-${ref.stream}-${segment}.seg`,
    startUs: DAY_START_US + minute * 60_000_000,
    mediaStart: minute * 60 * 90_000,
    wallMinusMediaUs: DAY_START_US,
  };
}

/** A minute with sixty GOPs. */
export function completionOfMinute(minute: number, activity = 0): SegmentCompletion {
  const startUs = DAY_START_US + minute * 60_000_000;
  return completionOf({
    durationUs: 60_000_000,
    bytes: 30_000_000 + minute,
    chunks: 1830,
    ciphertextSha256: Buffer.alloc(32, minute),
    fragmentsRoot: Buffer.alloc(32, 2),
    leafHash: Buffer.alloc(32, 3),
    gops: Array.from({ length: 60 }, (_, i) => ({
      startUs: startUs + i * 1_000_000,
      mediaStart: (minute * 60 + i) * 90_000,
      durationTicks: 90_000,
      offset: 1000 + i * 500_000,
      bytes: 500_000,
      frames: 15,
      activity: i === 30 ? activity : 0,
    })),
    pieces: Array.from({ length: 61 }, (_, i) => ({
      offset: i === 0 ? 0 : 1000 + (i - 1) * 500_000,
      bytes: i === 0 ? 1000 : 500_000,
      sha256: Buffer.alloc(32, i),
    })),
  });
}

/** Takes a reserved id, waiting for the first to become durable. */
export async function reservation(writer: CatalogueWriter, ref = MAIN): Promise<SegmentId> {
  for (;;) {
    const segment = writer.takeReservation(ref);
    if (segment) return segment;
    await writer.flush();
  }
}

/** Records a whole minute; does not wait for it to become durable. */
export async function recordMinute(
  writer: CatalogueWriter,
  minute: number,
  activity = 0,
  ref = MAIN,
  run = RUN,
) {
  const segment = await reservation(writer, ref);
  writer.segmentOpened(openingOf(segment, minute, ref, run));
  writer.segmentSealed(segment, completionOfMinute(minute, activity));
  return segment;
}
