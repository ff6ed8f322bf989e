import { z } from 'zod';

/** What the child is asked: one device, once. */
export const onvifRequestSchema = z.strictObject({
  /** Pinned; the child resolves no names. */
  address: z.string(),
  port: z.int().min(1).max(65535),
  path: z.string(),
  secure: z.boolean(),
  user: z.string().optional(),
  password: z.string().optional(),
});
export type OnvifRequest = z.infer<typeof onvifRequestSchema>;

const short = z.string().max(200);

const profileSchema = z.strictObject({
  token: short,
  encoding: short,
  width: z.int().min(0).max(65536),
  height: z.int().min(0).max(65536),
  fps: z.number().min(0).max(1000).optional(),
  bitsPerSecond: z.number().min(0).optional(),
  sourceToken: short.optional(),
  encoderToken: short.optional(),
});

const streamSchema = z.strictObject({ profile: profileSchema, uri: z.string().max(4096) });

/** What the child says. It parsed a stranger's bytes, so the parent believes the shape only after checking it. */
export const onvifReplySchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('resolved'),
    device: z.strictObject({
      manufacturer: short.optional(),
      model: short.optional(),
      firmware: short.optional(),
      serial: short.optional(),
    }),
    /** Camera's clock minus ours. */
    clockOffsetMs: z.number().optional(),
    main: streamSchema,
    sub: streamSchema.optional(),
  }),
  z.strictObject({
    outcome: z.literal('failed'),
    code: z.enum(['camera_unreachable', 'camera_login_refused', 'camera_reply_refused', 'camera_no_stream']),
    reason: short,
  }),
]);
export type OnvifReply = z.infer<typeof onvifReplySchema>;
export type OnvifFailure = Extract<OnvifReply, { outcome: 'failed' }>;
export type OnvifResolved = Extract<OnvifReply, { outcome: 'resolved' }>;
