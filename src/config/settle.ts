import { dirname, join, relative, resolve } from 'node:path';
import type { Language } from '../i18n/language.ts';
import type { CameraId } from '../lib/ids.ts';
import type {
  CameraConfig,
  Config,
  HttpConfig,
  NotifyConfig,
  SecretReference,
  SourceConfig,
} from './config.ts';
import type { WrittenCamera, WrittenConfig, WrittenNotify } from './schema.ts';
import { parseSize } from './size.ts';

export interface SettleOptions {
  /** Absolute path of cameras.yml; relative paths in it start from its folder. */
  readonly file: string;
  /** `--storage`: used instead of `storage.folder`; whatever the file puts inside that folder moves along. */
  readonly storageFolder?: string | undefined;
  /** `--port`. */
  readonly port?: number | undefined;
}

/** The checked file → {@link Config}: paths absolute, sizes in bytes, references and sources as unions. */
export function settle(written: WrittenConfig, options: SettleOptions): Config {
  const base = dirname(options.file);
  const writtenFolder = resolve(base, written.storage.folder);
  const folder = options.storageFolder === undefined ? writtenFolder : resolve(options.storageFolder);
  const place = (path: string): string => {
    const absolute = resolve(base, path);
    const inside = relative(writtenFolder, absolute);
    return inside !== '..' && !inside.startsWith('../') ? join(folder, inside) : absolute;
  };
  return {
    file: options.file,
    site: written.site,
    retention: written.retention,
    records: written.records,
    storage: {
      folder,
      reserveBytes: parseSize(written.storage.reserve) ?? 0,
      keys: {
        root: reference(written.storage.keys.root, place),
        mirror: place(written.storage.keys.mirror),
      },
    },
    purposes: written.purposes,
    manager: withoutUndefined(written.manager),
    cameraNetworks: written.cameraNetworks,
    recorder: written.recorder,
    http: settleHttp(written.http, options.port, place),
    access: withoutUndefined(written.access),
    ledger: withoutUndefined(written.ledger),
    notify: settleNotify(written.notify, written.site.language, place),
    backup: {
      folder: place(written.backup.folder ?? join(written.storage.folder, 'backup')),
      keep: written.backup.keep,
    },
    simulatedSite: {
      ...written.simulatedSite,
      password: reference(written.simulatedSite.password, place),
    },
    cameras: written.cameras.map((camera) => settleCamera(camera, place)),
  };
}

function settleHttp(
  { monitor, tls, ...http }: WrittenConfig['http'],
  port: number | undefined,
  place: (path: string) => string,
): HttpConfig {
  return {
    ...withoutUndefined(http),
    ...(port !== undefined && { port }),
    ...(tls && { tls: { cert: place(tls.cert), key: place(tls.key) } }),
    ...(monitor !== undefined && { monitor: reference(monitor, place) }),
  };
}

/** What each kind of server listens on where nothing else is said. */
const MAIL_PORT = { starttls: 587, tls: 465, none: 25 } as const;

/** @param place makes a written path absolute */
export function settleNotify(
  { language, mail, webhook }: WrittenNotify,
  siteLanguage: Language,
  place: (path: string) => string,
): NotifyConfig {
  const { credential } = mail ?? {};
  return {
    language: language ?? siteLanguage,
    ...(mail && {
      mail: {
        host: mail.host,
        port: mail.port ?? MAIL_PORT[mail.tls],
        tls: mail.tls,
        from: mail.from,
        to: mail.to,
        dailyAt: mail.dailyAt,
        ...(credential && {
          credential: { user: credential.user, password: reference(credential.password, place) },
        }),
      },
    }),
    ...(webhook && {
      webhook: {
        url: webhook.url,
        ...(webhook.secret !== undefined && { secret: reference(webhook.secret, place) }),
      },
    }),
  };
}

function settleCamera(camera: WrittenCamera, place: (path: string) => string): CameraConfig {
  const { basis, confirmedBy, confirmedAt } = camera;
  const confirmed = basis !== undefined && confirmedBy !== undefined && confirmedAt !== undefined;
  return {
    id: camera.id as CameraId,
    name: camera.name,
    place: camera.place,
    coverage: camera.coverage,
    zone: withoutUndefined(camera.zone),
    purposes: camera.purposes,
    source: settleSource(camera.source, place),
    record: camera.record,
    recording: camera.recording,
    enabled: camera.enabled,
    ...(confirmed ? { confirmation: { basis, confirmedBy, confirmedAt } } : {}),
  };
}

function settleSource(source: WrittenCamera['source'], place: (path: string) => string): SourceConfig {
  const credential = source.credential && {
    user: source.credential.user,
    password: reference(source.credential.password, place),
  };
  const { client, transport } = source;
  const pull = { client, transport, ...(credential ? { credential } : {}) };
  if (source.rtsp) {
    const sub = source.rtsp.sub === undefined ? {} : { subUrl: source.rtsp.sub };
    return { kind: 'rtsp', mainUrl: source.rtsp.main, ...sub, ...pull };
  }
  return { kind: 'onvif', deviceUrl: source.onvif ?? '', ...pull };
}

function reference(text: string, place: (path: string) => string): SecretReference {
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  switch (text.slice(0, colon)) {
    case 'env':
      return { kind: 'env', name: rest };
    case 'systemd':
      return { kind: 'systemd', name: rest };
    default:
      return { kind: 'file', path: place(rest) };
  }
}

/** zod writes an absent optional as `undefined`; our types say absent. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
