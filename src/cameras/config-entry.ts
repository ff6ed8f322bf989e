import type { Config } from '../config/config.ts';
import type { DiscoveredDevice } from './discover.ts';

/** Which of the found devices cameras.yml does not have yet. */
export function unregistered(devices: readonly DiscoveredDevice[], config: Config): DiscoveredDevice[] {
  const known = new Set(
    config.cameras.flatMap(({ source }) => (source.kind === 'onvif' ? [new URL(source.deviceUrl).host] : [])),
  );
  return devices.filter(({ deviceUrl }) => !known.has(new URL(deviceUrl).host));
}

/**
 * Devices as entries to paste under `cameras`. Valid as printed, but switched off: which place it is in law, and
 * what for, only a person knows.
 */
export function configEntries(devices: readonly DiscoveredDevice[], config: Config): string {
  const taken = new Set<string>(config.cameras.map(({ id }) => id));
  const purpose = config.purposes[0]?.id ?? '';
  return devices
    .map((device) => {
      const id = freeId(taken);
      taken.add(id);
      // JSON strings are YAML strings; what a device says cannot break out of one.
      const name = JSON.stringify(device.name ?? device.model ?? id);
      const place = JSON.stringify(device.address);
      return [
        `  - id: ${id}`,
        `    name: { ko: ${name}, en: ${name} }`,
        `    place: { ko: ${place}, en: ${place} }`,
        `    coverage: { ko: ${place}, en: ${place} }`,
        '    zone: { class: prohibited } # public | non_public | operating_room | prohibited',
        `    purposes: [${purpose}]`,
        '    source:',
        `      onvif: ${JSON.stringify(device.deviceUrl)}`,
        `      credential: { user: admin, password: file:secrets/${id}.password }`,
        '    enabled: false',
      ].join('\n');
    })
    .join('\n');
}

function freeId(taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const id = `cam${String(number).padStart(2, '0')}`;
    if (!taken.has(id)) return id;
  }
}
