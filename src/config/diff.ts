import { isDeepStrictEqual } from 'node:util';
import type { CameraId } from '../lib/ids.ts';
import type { Config } from './config.ts';

export interface ConfigDiff {
  readonly added: readonly CameraId[];
  readonly removed: readonly CameraId[];
  /** Must be stopped and started with what the new file says. */
  readonly changed: readonly CameraId[];
  /** Settings outside `cameras` that apply at once, e.g. `retention`. */
  readonly applied: readonly string[];
  /** Settings that only a restart of the service brings in, e.g. `storage`. */
  readonly needsRestart: readonly string[];
}

const RESTART = [
  'storage',
  'recorder',
  'http',
  'access',
  'ledger',
  'backup',
  'notify',
  'simulatedSite',
] as const;
const AT_ONCE = ['retention', 'records', 'purposes', 'manager', 'cameraNetworks'] as const;

/** What an edit of the file means for a running system. */
export function diffConfig(before: Config, after: Config): ConfigDiff {
  const old = new Map(before.cameras.map((camera) => [camera.id, camera]));
  const current = new Set(after.cameras.map((camera) => camera.id));
  const differs = (key: keyof Config) => !isDeepStrictEqual(before[key], after[key]);
  // A camera that runs on an address which is no longer allowed must not go on running.
  const networksMoved = differs('cameraNetworks');
  const siteMoved = (['id', 'timeZone'] as const).filter((key) => before.site[key] !== after.site[key]);
  const siteWords = differs('site') && siteMoved.length === 0;
  return {
    added: after.cameras.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    removed: before.cameras.filter(({ id }) => !current.has(id)).map(({ id }) => id),
    changed: after.cameras
      .filter((camera) => {
        const was = old.get(camera.id);
        return was !== undefined && (networksMoved || !isDeepStrictEqual(was, camera));
      })
      .map(({ id }) => id),
    applied: [...(siteWords ? ['site'] : []), ...AT_ONCE.filter(differs)],
    needsRestart: [...siteMoved.map((key) => `site.${key}`), ...RESTART.filter(differs)],
  };
}

/** What is in force after an edit, until a restart: sections that only a restart brings in stay as they were. */
export function inForceAfter(started: Config, edited: Config): Config {
  const stays = Object.fromEntries(RESTART.map((key) => [key, started[key]])) as Pick<
    Config,
    (typeof RESTART)[number]
  >;
  const { id, timeZone } = started.site;
  return { ...edited, ...stays, site: { ...edited.site, id, timeZone } };
}
