import { z } from 'zod';
import { GAP_CAUSES, RUN_END_CAUSES } from '../../catalogue/causes.ts';
import { camera, count, day, instant, kind, line, sha256, stream } from './shapes.ts';

/** What of a camera can turn out to be another than before. `device`: it is not the same apparatus. */
export const CAMERA_ASPECTS = ['device', 'firmware', 'address', 'codec', 'size'] as const;

/** A coding as RFC 6381 names it, and the size in pixels. */
const picture = z.strictObject({
  codec: z.string().regex(/^[A-Za-z0-9.]{1,60}$/),
  width: count.max(65536),
  height: count.max(65536),
});

/** Footage: what was recorded, so that it can be shown later that it is unchanged, and what was not. */
export const RECORDING = [
  kind('evidence.hour', {
    camera,
    day,
    /** Whole hours since the local day began. */
    hour: z.int().min(0).max(24),
    /** 0, and 1, 2 … for what a crash left to be found later. */
    part: count,
    /** Evidence leaves, RFC 6962 root over them in the order of stream, time and id. */
    leaves: z.int().positive(),
    root: sha256,
  }),
  kind('recording.interrupted', {
    camera,
    stream,
    cause: z.enum([...GAP_CAUSES, ...RUN_END_CAUSES]),
    detail: line,
    lastedMs: count,
  }),
  /** A hole that has ended, as the catalogue has it. */
  kind('recording.gap', {
    camera,
    stream,
    cause: z.enum(GAP_CAUSES),
    from: instant,
    to: instant,
    lastedMs: count,
    /** Found when files and catalogue were compared: it may be long past. */
    foundLater: z.literal(true).optional(),
  }),
  /** What was missing from footage of that day that was kept. */
  kind('recording.losses', {
    day,
    streams: z
      .array(z.strictObject({ camera, stream, records: count, missingPackets: count, damagedFrames: count }))
      .max(512),
  }),
  /** No stream of the camera has given a picture since then. */
  kind('camera.down', { camera, since: instant, cause: z.enum(GAP_CAUSES) }),
  kind('camera.up', { camera, awayMs: count }),
  kind('camera.changed', {
    camera,
    /** Absent: it concerns the camera as a whole. */
    stream: stream.optional(),
    changed: z.array(z.enum(CAMERA_ASPECTS)).min(1),
    before: picture.optional(),
    after: picture.optional(),
    /** SHA-256 over what the camera says it is, now: maker, model and serial number. */
    device: sha256.optional(),
  }),
  /** Files that a crash or a refusing disk had left open, read to their last whole part. */
  kind('footage.salvaged', { files: count, restored: count, chunks: count, unreadable: count }),
] as const;
