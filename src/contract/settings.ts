import { z } from 'zod';

/**
 * cameras.yml as it is in force, for reading. Nothing in it can hold a secret: of a secret only the kind of place is
 * there where it is kept, and of an address only scheme, host and port.
 */

const words = z.strictObject({ ko: z.string(), en: z.string() });
const names = z.array(z.string());
/** Where a secret is kept. */
const keptIn = z.enum(['env', 'file', 'systemd']);
const login = z.strictObject({ user: z.string(), password: keptIn });

const shownCameraSchema = z.strictObject({
  id: z.string(),
  name: words,
  place: words,
  coverage: words,
  zone: z.enum(['public', 'non_public', 'operating_room', 'prohibited']),
  consent: z.string().optional(),
  purposes: names,
  source: z.strictObject({
    addresses: z.array(z.strictObject({ use: z.enum(['onvif', 'main', 'sub']), at: z.string() })),
    login: login.optional(),
    client: z.enum(['auto', 'rtsp', 'ffmpeg']),
    transport: z.enum(['auto', 'tcp', 'udp']),
  }),
  record: z.enum(['main+sub', 'main']),
  recording: z.enum(['continuous', 'on_request']),
  enabled: z.boolean(),
  confirmed: z.strictObject({ basis: z.string(), at: z.string() }).optional(),
});

export const shownSettingsSchema = z.strictObject({
  site: z.strictObject({ id: z.string(), name: words, timeZone: z.string(), language: z.enum(['ko', 'en']) }),
  retention: z.strictObject({ days: z.int() }),
  /** Years, by class of record. */
  records: z.record(z.string(), z.int()),
  storage: z.strictObject({
    folder: z.string(),
    reserveBytes: z.number(),
    rootKey: keptIn,
    keysMirror: z.string(),
  }),
  purposes: z.array(z.strictObject({ id: z.string(), ko: z.string(), en: z.string() })),
  manager: z.strictObject({
    name: words,
    title: words,
    department: words,
    phone: z.string(),
    email: z.string(),
    fax: z.string().optional(),
  }),
  cameraNetworks: names,
  recorder: z.strictObject({ connectsPerSecond: z.int(), segmentSeconds: z.int() }),
  http: z.strictObject({
    host: z.string(),
    port: z.int(),
    tls: z.boolean(),
    behindProxy: names,
    monitor: keptIn.optional(),
  }),
  access: z.strictObject({
    networks: names,
    allow: names,
    origin: z.string().optional(),
    idleMinutes: z.int(),
    sessionHours: z.int(),
    unusedDays: z.int(),
    lockAfter: z.int(),
    password: z.strictObject({ length: z.int(), lengthWithFactor: z.int(), classes: z.int() }),
  }),
  ledger: z.strictObject({
    witness: z.strictObject({ at: z.string(), key: z.string() }).optional(),
  }),
  backup: z.strictObject({ folder: z.string(), keep: z.int() }),
  notify: z.strictObject({
    language: z.enum(['ko', 'en']),
    mail: z
      .strictObject({
        host: z.string(),
        port: z.int(),
        tls: z.enum(['starttls', 'tls', 'none']),
        from: z.string(),
        to: names,
        dailyAt: z.string(),
        login: login.optional(),
      })
      .optional(),
    webhook: z.strictObject({ at: z.string(), signed: z.boolean() }).optional(),
  }),
  simulatedSite: z.strictObject({ enabled: z.boolean(), cameras: z.int() }),
  cameras: z.array(shownCameraSchema),
});
export type ShownSettings = z.infer<typeof shownSettingsSchema>;

const differencesSchema = z.strictObject({
  added: names,
  removed: names,
  changed: names,
  applied: names,
  needsRestart: names,
});

/** The file as it lies on disk, held against what runs. */
const fileSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('same') }),
  z.strictObject({ state: z.literal('differs'), differences: differencesSchema }),
  z.strictObject({
    state: z.literal('faulty'),
    faults: z.array(
      z.strictObject({ line: z.int(), column: z.int(), path: z.string(), sentence: z.string() }),
    ),
    /** More than are told. */
    more: z.int(),
  }),
  z.strictObject({ state: z.literal('unreadable') }),
]);

export const settingsSchema = z.strictObject({
  /** Its name without its folder. */
  file: z.string(),
  onDisk: fileSchema,
  settings: shownSettingsSchema,
});
export type SettingsView = z.infer<typeof settingsSchema>;

/** Edits that came into force, as the ledger has them, newest first. */
export const settingsChangesSchema = z.strictObject({
  changes: z.array(
    differencesSchema.extend({
      seq: z.int(),
      at: z.iso.datetime(),
      /** Edited while no recorder ran. */
      atStart: z.boolean(),
    }),
  ),
});
