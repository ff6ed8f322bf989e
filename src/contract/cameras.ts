import { z } from 'zod';
import { deviceSchema } from './recorder-status.ts';

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

/** What the sign at a camera has to say (PIPA §25④): purposes, place, coverage, hours, whom to call. */
const signSchema = z.strictObject({
  purposes: z.array(words),
  place: words,
  coverage: words,
  hours: z.enum(['always', 'on_request', 'never']),
  manager: z.strictObject({ title: words, department: words, phone: z.string() }),
});

/** One camera's page of the register. */
export const cameraRegisterSchema = cameraSchema.extend({
  record: z.enum(['main+sub', 'main']),
  recording: z.enum(['continuous', 'on_request']),
  /** Whether it is recorded now, and why. */
  pulled: z.boolean(),
  why: z.string(),
  /** Of a place that is not public: on which consent the recording rests. */
  consent: z.string().optional(),
  /** Of an operating room that is recorded always: on which basis, and since when that is confirmed. */
  confirmed: z.strictObject({ basis: z.string(), at: z.iso.date() }).optional(),
  sign: signSchema,
  /** What it says it is; absent where it has not said, or nothing records now. */
  device: deviceSchema.optional(),
  /** For whoever looks after it: scheme, host and port, nothing behind them. */
  addresses: z.array(z.strictObject({ use: z.enum(['onvif', 'main', 'sub']), at: z.string() })).optional(),
});
export type CameraRegister = z.infer<typeof cameraRegisterSchema>;

const column = z.array(z.number().nullable());
const spread = z.strictObject({ least: column, mean: column, most: column });

/** How a camera's streams were: columns for a plot, all of one length. null: nothing is known of then. */
export const cameraHistorySchema = z.strictObject({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  streams: z.array(
    z.strictObject({
      stream: z.enum(['main', 'sub']),
      /** How far apart two points are. */
      everyS: z.number(),
      /** UNIX seconds. */
      at: z.array(z.number()),
      fps: spread,
      bitsPerSecond: spread,
      missingPackets: column,
      damagedFrames: column,
      /** Camera's clock minus ours. */
      clockOffsetMs: column,
      /** UNIX seconds; `to` absent: still open. */
      gaps: z.array(z.strictObject({ from: z.number(), to: z.number().optional(), cause: z.string() })),
      /** Earlier gaps of the range that are not among them. */
      gapsLeftOut: z.int(),
    }),
  ),
});
export type CameraHistory = z.infer<typeof cameraHistorySchema>;
