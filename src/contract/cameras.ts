import { z } from 'zod';

const words = z.strictObject({ ko: z.string(), en: z.string() });

/** A camera as the API shows it: nothing of how it is reached. */
export const cameraSchema = z.strictObject({
  id: z.string(),
  name: words,
  place: words,
  coverage: words,
  zone: z.enum(['public', 'non_public', 'operating_room', 'prohibited']),
  /** What it is installed for: ids of the site's purposes. */
  purposes: z.array(z.string()),
  enabled: z.boolean(),
  /** What the caller's rights allow there now, of these; for pictures a viewing with a purpose is opened besides. */
  may: z.array(z.enum(['live', 'playback', 'still', 'export', 'mask', 'hold'])),
});

/** How a camera's recording is, without anything to be seen of it. Instants: ISO 8601, UTC. */
export const cameraHealthSchema = z.strictObject({
  id: z.string(),
  /** It is to be recorded now. */
  pulled: z.boolean(),
  recording: z.boolean(),
  clockOffsetMs: z.number().optional(),
  streams: z.array(
    z.strictObject({
      stream: z.enum(['main', 'sub']),
      state: z.enum(['connecting', 'recording', 'waiting', 'stopped']),
      codec: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      fps: z.number(),
      bitsPerSecond: z.number(),
      durableUntil: z.iso.datetime().optional(),
      gap: z.strictObject({ since: z.iso.datetime(), cause: z.string() }).optional(),
    }),
  ),
});
