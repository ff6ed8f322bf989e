import { z } from 'zod';
import { cameraUrlFault } from '../config/camera-url.ts';
import { cameraText, wordsOfPerson } from './inputs.ts';
import { deviceSchema } from './recorder-status.ts';

/** Finding cameras in the allowed networks, looking at one, and writing its entry for cameras.yml. */

/** Some cameras take their login in an address; one that is written down there ends in files and logs. */
const PASSWORD_INSIDE = /(?:^|[^a-z])(?:pass(?:word|wd)?|pwd?)=/i;
const url = (use: 'onvif' | 'rtsp') =>
  z
    .string()
    .max(512)
    .refine((text) => cameraUrlFault(text, use) === undefined && !PASSWORD_INSIDE.test(text));
const typedSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('onvif'), deviceUrl: url('onvif') }),
  z.strictObject({ kind: z.literal('rtsp'), mainUrl: url('rtsp'), subUrl: url('rtsp').optional() }),
]);

export const discoveryInput = z.strictObject({
  /** IPv4 addresses and networks that are asked one by one. */
  targets: z.array(z.string().min(1).max(43)).max(64),
  /** Also ask all at once. */
  multicast: z.boolean(),
});

/** What is typed here as a login is used once, kept in memory for that long, and never answered. */
export const probeInput = z
  .strictObject({
    source: typedSource,
    login: z
      .strictObject({ user: z.string().min(1).max(128), password: z.string().min(1).max(256) })
      .optional(),
    /** Somebody says which place it is. Places that must not be recorded are not looked at. */
    zone: z.enum(['public', 'non_public']),
  })
  .refine(({ source, login }) => !login || !JSON.stringify(source).includes(login.password), {
    path: ['source'],
  });

const words = z.strictObject({ ko: wordsOfPerson(1, 200), en: wordsOfPerson(1, 200) });

export const draftInput = z.strictObject({
  id: cameraText,
  name: words,
  place: words,
  coverage: words,
  zone: z.enum(['public', 'non_public', 'operating_room', 'prohibited']),
  consent: wordsOfPerson(1, 300).optional(),
  purposes: z
    .array(z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/))
    .min(1)
    .max(32),
  source: typedSource,
  /** Whether it asks for one. */
  login: z.boolean(),
  record: z.enum(['main+sub', 'main']),
});

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
