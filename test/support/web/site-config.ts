import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import type { SimulatedSite } from '../../../demo/site.ts';
import type { RecorderHome } from '../recorder-home.ts';

/** Only what is looked at here. */
interface CameraFile {
  readonly cameras: readonly { readonly id: string }[];
  readonly [key: string]: unknown;
}

const CLINIC = fileURLToPath(new URL('../../../cameras.yml', import.meta.url));

/** Which of the simulated cameras, and which of them are recorded in their main stream alone. */
export interface SiteCameras {
  readonly ids: readonly string[];
  readonly mainAlone: readonly string[];
}

/** The clinic of cameras.yml with simulated cameras, all of it in one folder. */
export function siteConfig(
  simulated: SimulatedSite,
  { ids, mainAlone }: SiteCameras,
  { folder, storage }: Pick<RecorderHome, 'folder' | 'storage'>,
  port: number,
): string {
  const cameras = simulated.cameras.filter(({ id }) => ids.includes(id));
  const clinic = parse(readFileSync(CLINIC, 'utf8')) as CameraFile;
  return stringify({
    ...clinic,
    storage: {
      folder: storage,
      reserve: '64 MiB',
      keys: { root: `file:${join(folder, 'secrets', 'root.key')}`, mirror: join(folder, 'mirror') },
    },
    backup: { folder: join(folder, 'backup') },
    recorder: { connectsPerSecond: 20, segmentSeconds: 10 },
    http: { host: '127.0.0.1', port },
    // Tests press keys faster than people, and wait longer for each other.
    access: { idleMinutes: 60, origin: `http://localhost:${port}` },
    simulatedSite: {
      enabled: true,
      cameras: simulated.cameras.length,
      user: simulated.user,
      password: `file:${join(folder, 'secrets', 'camera')}`,
    },
    cameras: cameras.map(({ id, urls }) => ({
      ...clinic.cameras.find((camera) => camera.id === id),
      ...(mainAlone.includes(id) && { record: 'main' }),
      source: {
        rtsp: { main: urls.main, ...(!mainAlone.includes(id) && { sub: urls.sub }) },
        credential: { user: simulated.user, password: `file:${join(folder, 'secrets', 'camera')}` },
      },
    })),
  });
}
