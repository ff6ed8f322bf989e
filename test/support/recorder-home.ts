import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCamera } from '../../demo/site.ts';

/** One entry of the generated cameras.yml. */
export interface HomeCamera {
  readonly id: string;
  /** The text behind `source:`, without the credential. */
  readonly source: string;
  readonly record?: 'main' | 'main+sub';
  readonly enabled?: boolean;
  readonly name?: string;
  readonly zone?: 'public' | 'non_public' | 'operating_room' | 'prohibited';
  /** Who pulls it and over what, where it is not as for the others. */
  readonly client?: 'auto' | 'rtsp' | 'ffmpeg';
  readonly transport?: 'auto' | 'tcp' | 'udp';
}

export interface HomeOptions {
  readonly cameras: readonly HomeCamera[];
  readonly login?: { readonly user: string; readonly password: string };
  readonly timeZone?: string;
  readonly reserve?: string;
  /** Where the storage folder is; inside the home unless told. */
  readonly storage?: string;
  readonly connectsPerSecond?: number;
  readonly segmentSeconds?: number;
  /** Who pulls, and over what; the configuration's own defaults when absent. */
  readonly client?: 'auto' | 'rtsp' | 'ffmpeg';
  readonly transport?: 'auto' | 'tcp' | 'udp';
}

/** A folder with a cameras.yml, its password and a storage folder: all that a recorder process needs. */
export interface RecorderHome {
  readonly folder: string;
  readonly config: string;
  readonly storage: string;
  readonly timeZone: string;
  /** Writes cameras.yml anew with these cameras. */
  configure(cameras: readonly HomeCamera[]): void;
  /** Writes any text as cameras.yml. */
  write(yaml: string): void;
  /** To be done before the folder goes: a test that failed half-way must not leave a process behind. */
  onRemove(task: () => void): void;
  remove(): void;
}

export function createRecorderHome(options: HomeOptions): RecorderHome {
  const folder = mkdtempSync(join(tmpdir(), 'girok-recorder-'));
  const config = join(folder, 'cameras.yml');
  const storage = options.storage ?? join(folder, 'storage');
  const { timeZone = 'Asia/Seoul', login } = options;
  mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
  if (login) writeFileSync(join(folder, 'secrets', 'camera'), login.password, { mode: 0o600 });
  const write = (yaml: string) => writeFileSync(config, yaml);
  const configure = (cameras: readonly HomeCamera[]) => write(cameraFile({ ...options, timeZone, cameras }));
  configure(options.cameras);
  const tasks: (() => void)[] = [];
  return {
    folder,
    config,
    storage,
    timeZone,
    configure,
    write,
    onRemove: (task) => void tasks.push(task),
    remove() {
      for (const task of tasks.splice(0)) task();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function cameraFile({
  cameras,
  login,
  timeZone,
  reserve = '64 MiB',
  connectsPerSecond = 20,
  segmentSeconds = 60,
  client = 'auto',
  transport = 'auto',
}: HomeOptions): string {
  const credential = login ? `, credential: { user: ${login.user}, password: 'file:secrets/camera' }` : '';
  const words = (text: string) => `{ ko: ${text}, en: ${text} }`;
  return [
    `site: { id: test, name: ${words('Test')}, timeZone: ${timeZone}, language: en }`,
    `storage: { folder: storage, reserve: ${reserve}, keys: { root: 'file:secrets/root.key', mirror: mirror } }`,
    'purposes: [{ id: A, ko: a, en: a }]',
    `manager: { name: ${words('a')}, title: ${words('a')}, department: ${words('a')}, phone: x, email: x }`,
    'cameraNetworks: [127.0.0.0/8]',
    `recorder: { connectsPerSecond: ${connectsPerSecond}, segmentSeconds: ${segmentSeconds} }`,
    'cameras:',
    ...cameras.map(
      ({ id, source, record = 'main', enabled = true, name = id, zone = 'public', ...own }) =>
        `  - { id: ${id}, name: ${words(name)}, place: ${words('a')}, coverage: ${words('a')}, zone: { class: ${zone} }, purposes: [A], record: ${record}, enabled: ${enabled}, source: { ${source}${credential}, client: ${own.client ?? client}, transport: ${own.transport ?? transport} } }`,
    ),
    '',
  ].join('\n');
}

/** A simulated camera, found over ONVIF. */
export const byOnvif = (
  { id, onvif }: SimulatedCamera,
  record: 'main' | 'main+sub' = 'main+sub',
): HomeCamera => ({
  id,
  source: `onvif: '${onvif}'`,
  record,
});

/** A simulated camera by its fixed addresses; `night` is the quiet stream of 64 kbit/s. */
export const byAddress = (
  { id, urls }: SimulatedCamera,
  main: 'main' | 'sub' | 'night' = 'main',
  sub?: 'sub' | 'night',
): HomeCamera => ({
  id,
  source: `rtsp: { main: '${urls[main]}'${sub ? `, sub: '${urls[sub]}'` : ''} }`,
  record: sub ? 'main+sub' : 'main',
});
