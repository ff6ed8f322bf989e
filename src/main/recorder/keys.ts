import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { environment } from '../../config/environment.ts';
import type { StorageFolders } from '../../config/folders.ts';
import { rootKeyFile } from '../../config/root-key-file.ts';
import type { Clock } from '../../lib/clock.ts';
import { hostBoot, hostClockSynchronised } from '../../lib/host-clock.ts';
import type { CameraId } from '../../lib/ids.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import { createStretchNotes } from '../../retention/clock-stretches.ts';
import type { Alarms } from '../../stewardship/alarms.ts';
import type { SpooledEvent } from '../../stewardship/spool.ts';
import { createKeyring, type Keyring, keyringExists } from '../../vault/keyring.ts';
import { loadRootKey } from '../../vault/root-key.ts';

export interface RecorderKeys {
  readonly keyring: Keyring;
  /** Makes the keys of today and of the days to come. */
  ensureFor(cameras: readonly CameraId[]): void;
  /** Forgets what erasing has retired. */
  dropRetired(): void;
  /** What of the keyring was made or put back when it was opened. */
  readonly told: readonly SpooledEvent[];
}

const KEY_DAYS_AHEAD = 3;

/**
 * Opens the keyring, and makes one where there is no footage yet.
 *
 * @throws GirokError `key_*`, `keyring_*`
 */
export function openRecorderKeys(deps: {
  readonly config: Config;
  readonly folders: StorageFolders;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly alarms: Alarms;
  readonly log: Log;
  readonly noFootage: boolean;
}): RecorderKeys {
  const { clock, siteTime, alarms, log, folders } = deps;
  const before = placesOf(folders);
  const keyring = open(deps);
  return {
    keyring,
    ensureFor(cameras) {
      const today = siteTime.dayOf(clock.utcUs());
      const days = Array.from({ length: KEY_DAYS_AHEAD + 1 }, (_, ahead) => siteTime.addDays(today, ahead));
      try {
        keyring.ensureKeys(cameras, days);
        if (keyring.mirror.state === 'whole') alarms.clear('keyring_unmirrored', '');
        else alarms.raise('keyring_unmirrored', '', {});
      } catch (error) {
        // Three days of keys lie ahead; the next hour tries again, and a missing key is made when it is needed.
        log.warn('keys.not_made', factsOf(error));
      }
    },
    dropRetired() {
      try {
        keyring.dropRetired();
      } catch (error) {
        log.warn('keys.not_retired', factsOf(error));
      }
    },
    told: toldOf(before, placesOf(folders), keyring.epoch),
  };
}

function open({
  config,
  folders,
  clock,
  siteTime,
  log,
  noFootage,
}: Parameters<typeof openRecorderKeys>[0]): Keyring {
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), {
    createIfAbsent: noFootage && !keyringExists(folders.keys, folders.keysMirror),
  });
  try {
    return createKeyring({
      folder: folders.keys,
      mirrorFolder: folders.keysMirror,
      rootKey,
      clock,
      siteTime,
      initialise: noFootage,
      beforeKeys: createStretchNotes({
        path: folders.clockStretches,
        clock,
        siteTime,
        boot: hostBoot,
        synchronised: () => hostClockSynchronised(),
        failed: (reason) => log.warn('clock.not_noted', { reason }),
      }),
      // The calling thread stands still while it waits; another process's lock must not cost a frame.
      busyTimeoutMs: 100,
    });
  } finally {
    rootKey.fill(0);
  }
}

/** Which places have a keyring. */
interface KeyringPlaces {
  readonly folder: boolean;
  readonly mirror: boolean;
}

const placesOf = ({ keys, keysMirror }: StorageFolders): KeyringPlaces => ({
  folder: existsSync(join(keys, 'keyring.db')),
  mirror: existsSync(join(keysMirror, 'keyring.db')),
});

function toldOf(before: KeyringPlaces, after: KeyringPlaces, epoch: number): SpooledEvent[] {
  if (!before.folder && !before.mirror) return [{ event: 'keyring.made', facts: { epoch } }];
  return (['folder', 'mirror'] as const)
    .filter((place) => !before[place] && after[place])
    .map((place) => ({ event: 'keyring.repaired', facts: { place } }));
}
