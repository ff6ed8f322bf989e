import type { ShownSettings } from '../contract/settings.ts';
import { cameraAddresses, placeOf } from './camera-addresses.ts';
import type { CameraConfig, Config, CredentialConfig, NotifyConfig, SourceConfig } from './config.ts';

/** The configuration for reading. Section by section: what is added to it is shown only once it is named here. */
export function shownSettings(config: Config): ShownSettings {
  const { storage, http, access, ledger, backup, simulatedSite } = config;
  const { origin, ...allowed } = access;
  return {
    site: config.site,
    retention: { days: config.retention.days },
    records: { ...config.records },
    storage: {
      folder: storage.folder,
      reserveBytes: storage.reserveBytes,
      rootKey: storage.keys.root.kind,
      keysMirror: storage.keys.mirror,
    },
    purposes: config.purposes.map(({ id, ko, en }) => ({ id, ko, en })),
    manager: { ...config.manager },
    cameraNetworks: [...config.cameraNetworks],
    recorder: { ...config.recorder },
    http: {
      host: http.host,
      port: http.port,
      tls: http.tls !== undefined,
      behindProxy: [...(http.behindProxy ?? [])],
      ...(http.monitor && { monitor: http.monitor.kind }),
    },
    access: {
      ...allowed,
      networks: [...access.networks],
      allow: [...access.allow],
      ...(origin !== undefined && { origin }),
      password: { ...access.password },
    },
    ledger: ledger.witness ? { witness: { at: placeOf(ledger.witness.url), key: ledger.witness.key } } : {},
    backup: { folder: backup.folder, keep: backup.keep },
    notify: shownNotify(config.notify),
    simulatedSite: { enabled: simulatedSite.enabled, cameras: simulatedSite.cameras },
    cameras: config.cameras.map(shownCamera),
  };
}

function shownNotify({ language, mail, webhook }: NotifyConfig): ShownSettings['notify'] {
  return {
    language,
    ...(mail && {
      mail: {
        host: mail.host,
        port: mail.port,
        tls: mail.tls,
        from: mail.from,
        to: [...mail.to],
        dailyAt: mail.dailyAt,
        ...(mail.credential && { login: shownLogin(mail.credential) }),
      },
    }),
    // Behind the host of many webhooks stands what they are known by.
    ...(webhook && { webhook: { at: placeOf(webhook.url), signed: webhook.secret !== undefined } }),
  };
}

function shownCamera(camera: CameraConfig): ShownSettings['cameras'][number] {
  const { id, name, place, coverage, zone, record, recording, enabled, confirmation } = camera;
  return {
    id,
    name,
    place,
    coverage,
    zone: zone.class,
    ...(zone.consent !== undefined && { consent: zone.consent }),
    purposes: [...camera.purposes],
    source: shownSource(camera.source),
    record,
    recording,
    enabled,
    ...(confirmation && { confirmed: { basis: confirmation.basis, at: confirmation.confirmedAt } }),
  };
}

function shownSource(source: SourceConfig): ShownSettings['cameras'][number]['source'] {
  const { client, transport, credential } = source;
  return {
    addresses: cameraAddresses(source),
    ...(credential && { login: shownLogin(credential) }),
    client,
    transport,
  };
}

const shownLogin = ({ user, password }: CredentialConfig) => ({ user, password: password.kind });
