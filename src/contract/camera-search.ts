import { z } from 'zod';
import { deviceSchema } from './recorder-status.ts';

/** Finding cameras in the allowed networks, looking at one, and writing its entry for cameras.yml. */

export const entrySchema = z.strictObject({
  /** To be pasted under `cameras`. */
  entry: z.string(),
  /** What cameras.yml would refuse; empty: it is ready. */
  faults: z.array(z.strictObject({ path: z.string(), sentence: z.string() })),
});

const foundDevice = z.strictObject({
  address: z.string(),
  deviceUrl: z.string(),
  name: z.string().optional(),
  model: z.string().optional(),
  /** It is in cameras.yml already. */
  registered: z.boolean(),
});

const seenStream = z.strictObject({
  stream: z.enum(['main', 'sub']),
  codec: z.string(),
  width: z.number(),
  height: z.number(),
  fps: z.number().optional(),
  bitsPerSecond: z.number().optional(),
  /** The longest that was seen. */
  keyFrameSeconds: z.number().optional(),
});

const foundSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('discovery'), devices: z.array(foundDevice) }),
  z.strictObject({
    kind: z.literal('probe'),
    device: deviceSchema.optional(),
    clockOffsetMs: z.number().optional(),
    streams: z.array(seenStream),
    findings: z.array(
      z.strictObject({ stream: z.enum(['main', 'sub']).optional(), kind: z.string(), sentence: z.string() }),
    ),
  }),
]);

export const searchSchema = z.strictObject({
  search: z
    .strictObject({
      id: z.string(),
      state: z.enum(['running', 'done', 'failed', 'cancelled']),
      started: z.iso.datetime(),
      /** How long it has run, by the server, and how long it usually takes. */
      elapsedMs: z.number(),
      expectedMs: z.number(),
      found: foundSchema.optional(),
      /** Of one that failed: what, and what to do. */
      error: z.strictObject({ error: z.string(), message: z.string() }).optional(),
    })
    .optional(),
});
export type SearchView = z.infer<typeof searchSchema>;
