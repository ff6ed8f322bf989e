import { isIP } from 'node:net';
import { z } from 'zod';
import type { RecordClass } from '../contract/record-classes.ts';
import { NOTE_KEY, parseVkey } from '../ledger/note.ts';
import { cameraUrlFault } from './camera-url.ts';
import type { FaultKind } from './fault.ts';
import { isCidr } from './networks.ts';
import { parseSize } from './size.ts';

/** cameras.yml as written, before paths are resolved. Every key is explained in the file at the project's root. */
const check =
  (kind: FaultKind, good: (text: string) => boolean) => (text: string, context: z.RefinementCtx) => {
    if (!good(text)) context.addIssue({ code: 'custom', params: { kind, value: text.slice(0, 60) } });
  };

const text = z.string().trim().min(1).max(500);
const words = z.strictObject({ ko: text, en: text });
const path = z.string().min(1).max(1024);
const cameraId = z.string().superRefine(check('bad_camera_id', (id) => /^[a-z0-9][a-z0-9-]{0,31}$/.test(id)));
const siteId = z.string().superRefine(check('bad_site_id', (id) => /^[a-z0-9][a-z0-9-]{0,31}$/.test(id)));
const purposeId = z.string().superRefine(check('bad_purpose_id', (id) => /^[A-Z][A-Z0-9_]{0,31}$/.test(id)));
// What was written is not repeated: it may be the password itself.
const reference = (pattern: RegExp) =>
  z.string().superRefine((text, context) => {
    if (!pattern.test(text)) context.addIssue({ code: 'custom', params: { kind: 'bad_reference' } });
  });
const secret = reference(/^(env:[A-Za-z_]\w*|file:.{1,1024}|systemd:[\w.-]{1,255})$/);
const keyReference = reference(/^(file:.{1,1024}|systemd:[\w.-]{1,255})$/);
const size = z.union([z.string(), z.number()]).superRefine((value, context) => {
  if (parseSize(value) === undefined)
    context.addIssue({ code: 'custom', params: { kind: 'bad_size', value: String(value) } });
});
const cameraUrl = (use: 'onvif' | 'rtsp') =>
  z.string().superRefine((url, context) => {
    const kind = cameraUrlFault(url, use);
    // The URL itself is not repeated: it may hold a password.
    if (kind) context.addIssue({ code: 'custom', params: { kind, use } });
  });

const credential = z.strictObject({ user: z.string().min(1).max(128), password: secret });

const source = z
  .strictObject({
    onvif: cameraUrl('onvif').optional(),
    rtsp: z.strictObject({ main: cameraUrl('rtsp'), sub: cameraUrl('rtsp').optional() }).optional(),
    credential: credential.optional(),
    client: z.enum(['auto', 'rtsp', 'ffmpeg']).default('auto'),
    transport: z.enum(['auto', 'tcp', 'udp']).default('auto'),
  })
  .superRefine((value, context) => {
    if ((value.onvif === undefined) === (value.rtsp === undefined))
      context.addIssue({ code: 'custom', params: { kind: 'one_source' } });
  });

const zone = z
  .strictObject({
    class: z.enum(['public', 'non_public', 'operating_room', 'prohibited']),
    consent: text.optional(),
  })
  .superRefine((value, context) => {
    if (value.class === 'non_public' && value.consent === undefined)
      context.addIssue({ code: 'custom', params: { kind: 'consent_missing' } });
    if (value.class !== 'non_public' && value.consent !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['consent'],
        params: { kind: 'consent_not_applicable', zone: value.class },
      });
  });

/** Longer than any duty to keep them, and short enough that nobody keeps names for ever. */
const LONGEST_YEARS = 10;
const years = (record: RecordClass, least: number, usual: number) =>
  z
    .int()
    .max(LONGEST_YEARS)
    .superRefine((value, context) => {
      if (value < least)
        context.addIssue({ code: 'custom', params: { kind: 'kept_too_short', record, least } });
    })
    .default(usual);

/** Floors: 안전성 확보조치 기준 §5③ (rights), §8① (access); the others have none in law, and a year here. */
const records = z.strictObject({
  managementYears: years('management', 1, 3),
  viewingYears: years('viewing', 1, 3),
  accessYears: years('access', 1, 2),
  rightsYears: years('rights', 3, 3),
  holdsYears: years('holds', 1, 3),
  erasingYears: years('erasing', 1, 3),
  oversightYears: years('oversight', 1, 3),
  operationYears: years('operation', 1, 3),
} satisfies Record<`${RecordClass}Years`, unknown>);

const networkList = z.array(z.string().superRefine(check('bad_cidr', isCidr))).max(64);

/** What a host of the site has for an address, unless somebody says otherwise: its own, and private ones. */
const PRIVATE = [
  '127.0.0.0/8',
  '::1/128',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

/** NIST SP 800-63B-4 §3.1.1.2: 15 characters where the password is all there is, 8 with a second factor. */
const passwordRules = z.strictObject({
  length: z.int().min(8).max(64).default(15),
  lengthWithFactor: z.int().min(8).max(64).default(8),
  classes: z.int().min(1).max(4).default(1),
});

const access = z.strictObject({
  networks: networkList.min(1).default(PRIVATE),
  allow: networkList.min(1).default(['0.0.0.0/0', '::/0']),
  origin: z.string().max(300).superRefine(check('bad_origin', isOrigin)).optional(),
  idleMinutes: z.int().min(1).max(60).default(10),
  sessionHours: z.int().min(1).max(24).default(12),
  unusedDays: z.int().min(30).max(365).default(90),
  lockAfter: z.int().min(3).max(10).default(5),
  password: passwordRules.prefault({}),
});

const camera = z
  .strictObject({
    id: cameraId,
    name: words,
    place: words,
    coverage: words,
    zone,
    purposes: z.array(z.string()).min(1),
    source,
    record: z.enum(['main+sub', 'main']).default('main+sub'),
    recording: z.enum(['continuous', 'on_request']).default('continuous'),
    basis: text.optional(),
    confirmedBy: text.optional(),
    confirmedAt: z.string().superRefine(check('bad_day', isDay)).optional(),
    enabled: z.boolean().default(true),
  })
  .superRefine((value, context) => {
    if (value.zone?.class === 'operating_room') return;
    for (const key of ['basis', 'confirmedBy', 'confirmedAt'] as const) {
      if (value[key] !== undefined)
        context.addIssue({ code: 'custom', path: [key], params: { kind: 'confirmation_not_applicable' } });
    }
  });

const mailAddress = z
  .string()
  .max(254)
  .superRefine(check('bad_mail_address', (address) => /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/.test(address)));

/** How people are told of alarms; a witness reads the same from a file of its own. */
export const notifySchema = z.strictObject({
  language: z.enum(['ko', 'en']).optional(),
  mail: z
    .strictObject({
      host: z
        .string()
        .max(255)
        .superRefine(check('bad_mail_host', (host) => /^[A-Za-z0-9.:_-]+$/.test(host))),
      port: z.int().min(1).max(65535).optional(),
      tls: z.enum(['starttls', 'tls', 'none']).default('starttls'),
      from: mailAddress,
      to: z.array(mailAddress).min(1).max(20),
      credential: credential.optional(),
      dailyAt: z
        .string()
        .superRefine(check('bad_time_of_day', (time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time)))
        .default('08:00'),
    })
    .superRefine((mail, context) => {
      if (mail.tls === 'none' && mail.credential !== undefined)
        context.addIssue({ code: 'custom', path: ['credential'], params: { kind: 'password_in_clear' } });
    })
    .optional(),
  webhook: z
    .strictObject({
      url: z
        .string()
        .max(1024)
        // The address itself is not repeated: many hold a secret.
        .superRefine((url, context) => {
          if (!isWebAddress(url)) context.addIssue({ code: 'custom', params: { kind: 'bad_webhook_url' } });
        }),
      secret: secret.optional(),
    })
    .optional(),
});

export const configSchema = z.strictObject({
  site: z.strictObject({
    id: siteId,
    name: words,
    timeZone: z.string().superRefine(check('bad_time_zone', isTimeZone)).default('Asia/Seoul'),
    language: z.enum(['ko', 'en']).default('ko'),
  }),
  retention: z.strictObject({ days: z.int().min(1).max(3660).default(30) }).prefault({}),
  records: records.prefault({}),
  storage: z.strictObject({
    folder: path,
    reserve: size.default('20 GiB'),
    keys: z.strictObject({ root: keyReference, mirror: path }),
  }),
  purposes: z.array(z.strictObject({ id: purposeId, ko: text, en: text })).min(1),
  manager: z.strictObject({
    name: words,
    title: words,
    department: words,
    phone: text,
    email: text,
    fax: text.optional(),
  }),
  cameraNetworks: z.array(z.string().superRefine(check('bad_cidr', isCidr))).min(1),
  recorder: z
    .strictObject({
      connectsPerSecond: z.int().min(1).max(100).default(5),
      segmentSeconds: z.int().min(10).max(600).default(60),
    })
    .prefault({}),
  http: z
    .strictObject({
      host: z.string().min(1).max(255).default('127.0.0.1'),
      port: z.int().min(0).max(65535).default(8400),
      tls: z.strictObject({ cert: path, key: path }).optional(),
      behindProxy: z
        .array(z.string().superRefine(check('bad_address', (address) => isIP(address) !== 0)))
        .min(1)
        .max(16)
        .optional(),
      monitor: secret.optional(),
    })
    .prefault({}),
  access: access.prefault({}),
  ledger: z
    .strictObject({
      witness: z
        .strictObject({
          url: z.string().superRefine(check('bad_witness_url', isPlainHttp)),
          key: z.string().superRefine(check('bad_witness_key', isWitnessKey)),
        })
        .optional(),
    })
    .prefault({}),
  notify: notifySchema.prefault({}),
  backup: z
    .strictObject({ folder: path.optional(), keep: z.int().min(1).max(3660).default(40) })
    .prefault({}),
  simulatedSite: z
    .strictObject({
      enabled: z.boolean().default(false),
      cameras: z.int().min(1).max(64).default(13),
      user: z.string().min(1).max(128).default('girok'),
      password: secret.default('file:.girok/camera-password'),
    })
    .prefault({}),
  cameras: z.array(camera).min(1).max(256),
});

export type WrittenConfig = z.output<typeof configSchema>;
export type WrittenNotify = WrittenConfig['notify'];
export type WrittenCamera = WrittenConfig['cameras'][number];

function isTimeZone(zone: string): boolean {
  try {
    // Offsets like `+09:00` are accepted by Intl but have no calendar rules of their own.
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    // Intl says "no such zone" by throwing.
    return false;
  }
}

/** Scheme, host and port: everything behind them is the protocol's. */
function isPlainHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:\/\/[^\s/@?#]+\/?$/.test(url);
}

function isWebAddress(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return false;
  return parsed.username === '' && parsed.password === '' && parsed.hash === '';
}

/** WebAuthn: a secure context by name. An address is no relying party, and `localhost` is for trying out. */
function isOrigin(url: string): boolean {
  const parsed = URL.parse(url);
  if (!parsed || parsed.origin !== url) return false;
  return parsed.protocol === 'https:'
    ? isIP(parsed.hostname.replace(/^\[|\]$/g, '')) === 0
    : parsed.protocol === 'http:' && parsed.hostname === 'localhost';
}

function isWitnessKey(text: string): boolean {
  return parseVkey(text)?.type === NOTE_KEY.witness;
}

function isDay(day: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(day);
}
