import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../../src/config/config.ts';
import { ConfigFaulty, type Fault } from '../../../src/config/fault.ts';
import { parseConfig } from '../../../src/config/parse.ts';
import type { SettleOptions } from '../../../src/config/settle.ts';

/** The file at the project's root, as it is shipped. */
export const SHIPPED = fileURLToPath(new URL('../../../cameras.yml', import.meta.url));
export const shippedText = (): string => readFileSync(SHIPPED, 'utf8');

/** A small sound file; lines can be replaced to make it faulty. */
export const SOUND = `site: { id: clinic, name: { ko: 의원, en: Clinic } }
storage: { folder: store, keys: { root: 'file:store/keys/root.key', mirror: mirror } }
purposes: [{ id: FIRE_PREVENTION, ko: 화재예방, en: Fire prevention }]
manager:
  name: { ko: 홍길동, en: Hong }
  title: { ko: 이사, en: Director }
  department: { ko: 팀, en: Team }
  phone: '1'
  email: a@b.example
cameraNetworks: [127.0.0.0/8]
cameras:
  - id: cam01
    name: { ko: 현관, en: Entrance }
    place: { ko: 현관, en: Entrance }
    coverage: { ko: 문, en: Door }
    zone: { class: public }
    purposes: [FIRE_PREVENTION]
    source: { onvif: 'http://127.0.0.101:8080/onvif/device_service' }
`;

export const parse = (text: string, options: Partial<SettleOptions> = {}): Config =>
  parseConfig(text, { file: '/site/cameras.yml', ...options });

export function faultsOf(text: string): readonly Fault[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigFaulty) return error.faults;
    throw error;
  }
  return [];
}

/** `kind path` of each fault. */
export const told = (text: string): string[] => faultsOf(text).map(({ kind, path }) => `${kind} ${path}`);
