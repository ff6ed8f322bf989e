import { z } from 'zod';

/** Recorded footage as the API shows it. Instants: ISO 8601, UTC. */

const span = { from: z.iso.datetime(), to: z.iso.datetime() };

/** What there is of one stream. What is neither recorded nor a gap is not known. */
export const timelineLaneSchema = z.strictObject({
  camera: z.string(),
  stream: z.enum(['main', 'sub']),
  recorded: z.array(z.strictObject(span)),
  gaps: z.array(z.strictObject({ ...span, cause: z.string() })),
  /**
   * Base64 of one byte for each bucket from `from` on: the highest activity in it, 0 for none. Only where the caller
   * may watch recordings of this camera: who moves where at what time concerns people.
   */
  activity: z.base64().optional(),
});

export const timelineSchema = z.strictObject({
  ...span,
  bucketSeconds: z.number(),
  lanes: z.array(timelineLaneSchema),
});

/** How much of each day of the site is recorded. */
export const calendarSchema = z.strictObject({
  days: z.array(
    z.strictObject({
      /** `2026-11-29`, of the site. */
      day: z.iso.date(),
      ...span,
      cameras: z.array(z.strictObject({ camera: z.string(), recordedSeconds: z.int() })),
    }),
  ),
});

/** The head of a key frame, beside its bytes: first the decoder's description, then the picture. */
export const KEY_FRAME_HEADERS = {
  codec: 'girok-codec',
  width: 'girok-width',
  height: 'girok-height',
  /** When it was taken, µs UTC. */
  atUs: 'girok-at-us',
  descriptionBytes: 'girok-description-bytes',
} as const;
