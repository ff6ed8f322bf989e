import { z } from 'zod';
import { cameraUrlFault } from '../config/camera-url.ts';
import { cameraText, wordsOfPerson } from './inputs.ts';

/** What is typed to find cameras, to look at one, and to describe it for cameras.yml. */

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
