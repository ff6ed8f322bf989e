import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.ts';
import { HEADER_TYPE, TRAILER_TYPE, uuidBox } from './boxes.ts';
import type { SegmentIdentity } from './identity.ts';

/** What a segment says about itself besides its identity, so that a lost catalogue can be rebuilt from it. */
export interface SegmentFacts {
  /** The run of recording it belongs to. */
  readonly run: string;
  /** Wall clock of its first frame, µs UTC. */
  readonly startUs: number;
  /** As in an HLS playlist, e.g. `avc1.640028`. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Ticks per second of the video track. */
  readonly timescale: number;
  /** The site's IANA time zone, which gives `day` and `hour` their meaning. */
  readonly zone: string;
}

export interface SegmentHeader extends SegmentIdentity, SegmentFacts {
  readonly v: 1;
}

/** Written last; a segment without one ended in a crash. */
export interface SegmentTrailer {
  /** Why the segment ended. */
  readonly endCause: string;
  /** Wall clock of the end of its last frame, µs UTC. */
  readonly endUs: number;
  readonly frames: number;
}

const count = z.int().min(0);
const header = z.object({
  v: z.literal(1),
  camera: z.string(),
  stream: z.enum(['main', 'sub']),
  day: z.string(),
  hour: count,
  segment: z.string(),
  run: z.string(),
  startUs: z.int(),
  codec: z.string(),
  width: count,
  height: count,
  timescale: z.int().min(1),
  zone: z.string(),
});
const trailer = z.object({ endCause: z.string(), endUs: z.int(), frames: count });

export function headerBox(identity: SegmentIdentity, facts: SegmentFacts): Buffer {
  const { camera, stream, day, hour, segment } = identity;
  const { run, startUs, codec, width, height, timescale, zone } = facts;
  const value = {
    v: 1,
    camera,
    stream,
    day,
    hour,
    segment,
    run,
    startUs,
    codec,
    width,
    height,
    timescale,
    zone,
  };
  return uuidBox(HEADER_TYPE, Buffer.from(canonicalJson(value)));
}

export function trailerBox({ endCause, endUs, frames }: SegmentTrailer): Buffer {
  return uuidBox(TRAILER_TYPE, Buffer.from(canonicalJson({ endCause, endUs, frames })));
}

/** @param box the whole `uuid` box. @returns undefined for another type or content. */
export const readHeaderBox = (box: Buffer): SegmentHeader | undefined =>
  read(box, HEADER_TYPE, header) as SegmentHeader | undefined;

export const readTrailerBox = (box: Buffer): SegmentTrailer | undefined => read(box, TRAILER_TYPE, trailer);

function read<T>(box: Buffer, userType: Buffer, schema: z.ZodType<T>): T | undefined {
  if (!box.subarray(8, 24).equals(userType)) return undefined;
  try {
    return schema.parse(JSON.parse(box.toString('utf8', 24)));
  } catch {
    // Authenticated but not ours: a later format. The caller reports the file.
    return undefined;
  }
}
