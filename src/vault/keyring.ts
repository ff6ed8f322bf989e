import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HourKeyRow } from '../db/keyring/tables.ts';
import { type Clock, HOUR_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { CameraId } from '../lib/ids.ts';
import { makeSharedFolder } from '../lib/sharing.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { beginFirstEpoch, kekOf, repairSlots } from './epoch.ts';
import { keyMemory } from './key-memory.ts';
import { type MirrorState, openMirroredTables } from './keyring-mirror.ts';
import { KEY_BYTES } from './layout.ts';
import { createPlaces } from './places.ts';
import { type HourKeyName, unwrapKey, wrapKey } from './wrapping.ts';

export interface KeyringDeps {
  /** `<storage>/keys` */
  readonly folder: string;
  /** The second place, on another disk where there is one. */
  readonly mirrorFolder: string;
  /** 32 bytes; the keyring copies them and erases its copy on close. */
  readonly rootKey: Buffer;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  /** Readers (web, steward) never create, repair or write anything. */
  readonly readonly?: boolean;
  /** Only for a vault without footage: makes epoch 1. Anywhere else a missing keyring is an error. */
  readonly initialise?: boolean;
  readonly busyTimeoutMs?: number;
  /** Called before keys are made: under which clock a day came into being is known before the day is. */
  readonly beforeKeys?: () => void;
}

export interface Keyring {
  /** The epoch that the keyring's row names now. */
  readonly epoch: number;
  readonly mirror: MirrorState;
  /** Makes the missing keys of all hours of these days, durable in both places. @returns how many were made */
  ensureKeys(cameras: readonly CameraId[], days: readonly LocalDay[]): number;
  /** For reading. The caller erases it. @throws GirokError `key_missing`, `keyring_damaged`, `epoch_lost` */
  hourKey(camera: CameraId, day: LocalDay, hour: number): Buffer;
  /** For sealing: made on the spot when `ensureKeys` has not run. The caller erases it. */
  sealingKey(camera: CameraId, day: LocalDay, hour: number): Buffer;
  /** Erases the wrapping key in memory once a rotation has retired it; to be called every few seconds. */
  dropRetired(): void;
  /** Erases the keys in memory. */
  close(): void;
}

/** A rotation can come between a row and its slot; more than a few in a row cannot. */
const RETRIES = 5;

/**
 * @throws GirokError `keyring_damaged` (both copies lost), `epoch_lost` (no slot holds the named epoch),
 *   `root_key_wrong`, `database_newer`
 */
export function createKeyring(deps: KeyringDeps): Keyring {
  const { folder, mirrorFolder, clock, siteTime, readonly = false } = deps;
  const mirrorSlots = join(mirrorFolder, 'epoch.slots');
  const places = [join(folder, 'epoch.slots'), mirrorSlots];
  const known = createPlaces({ folder, mirrorFolder });
  const isHere = () => known.claim(false).state === 'here';
  const mayWrite = (place: string) => place !== mirrorSlots || isHere();
  if (!readonly) makeSharedFolder(folder);
  const { tables, mirror } = openMirroredTables({
    paths: [join(folder, 'keyring.db'), join(mirrorFolder, 'keyring.db')],
    readonly,
    busyTimeoutMs: deps.busyTimeoutMs ?? 1000,
    isHere,
  });
  const rootKey = keyMemory(KEY_BYTES);
  deps.rootKey.copy(rootKey);
  let slotsBehind: MirrorState = { state: 'whole' };
  let current: { number: number; kek: Buffer } | undefined;

  const forget = () => {
    current?.kek.fill(0);
    current = undefined;
  };
  const close = () => {
    forget();
    rootKey.fill(0);
    tables.close();
    mirror.close();
  };

  /** The wrapping key of the epoch the keyring names at this moment. */
  const kekNow = (): { number: number; kek: Buffer } => {
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      const row = tables.epoch();
      if (!row) throw new GirokError('keyring_damaged', { folder, reason: 'no epoch' });
      if (current?.number === row.number) return current;
      forget();
      const kek = kekOf(places, row, rootKey);
      if (kek) {
        current = { number: row.number, kek };
        return current;
      }
      // A rotation may have finished between the two reads: then the row names another epoch now.
      if (tables.epoch()?.number === row.number)
        throw new GirokError('epoch_lost', { folder, epoch: row.number });
    }
    throw new GirokError('epoch_lost', { folder, reason: 'rotating' });
  };

  const rowOf = (name: HourKeyName, number: number, kek: Buffer): HourKeyRow => {
    const key = randomBytes(KEY_BYTES);
    const wrapped = wrapKey(kek, number, name, key);
    key.fill(0);
    return { ...name, wrapped, epoch: number, createdUs: clock.utcUs() };
  };

  /** Inserts under the epoch that holds while the lock is held; derives again when a rotation came first. */
  const insertMissing = (names: () => HourKeyName[]): number => {
    deps.beforeKeys?.();
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      const { number, kek } = kekNow();
      const made = tables.write(() => {
        if (tables.epoch()?.number !== number) return undefined;
        const rows = names().map((name) => rowOf(name, number, kek));
        for (const row of rows) tables.insert(row);
        return rows;
      });
      if (made === undefined) continue;
      if (made.length > 0) mirror.follow(tables, made);
      return made.length;
    }
    throw new GirokError('epoch_lost', { folder, reason: 'rotating' });
  };

  const read = (name: HourKeyName): Buffer | undefined => {
    for (let attempt = 0; attempt < RETRIES; attempt++) {
      const { number, kek } = kekNow();
      const row = tables.find(name.camera, name.day, name.hour);
      if (!row) return undefined;
      const key = row.epoch === number ? unwrapKey(kek, number, name, row.wrapped) : undefined;
      if (key) return key;
      if (row.epoch === number)
        throw new GirokError('keyring_damaged', { ...name, reason: 'does not unwrap' });
    }
    throw new GirokError('keyring_damaged', { ...name, reason: 'of another epoch' });
  };

  try {
    if (!tables.epoch()) {
      if (readonly || !deps.initialise)
        throw new GirokError('keyring_damaged', { folder, reason: 'no epoch' });
      // The first secret has to have both places: nothing could be told of one that is away.
      if (known.claim(true).state !== 'here') throw new GirokError('storage_missing', { path: mirrorFolder });
      beginFirstEpoch(tables, places, rootKey, clock);
      known.clean(1);
      mirror.copyAll(tables);
    }
    const { number } = kekNow();
    if (!readonly) slotsBehind = repairSlots(tables, places, number, mayWrite);
  } catch (error) {
    close();
    throw error;
  }

  return {
    get epoch() {
      return kekNow().number;
    },
    get mirror() {
      return slotsBehind.state === 'behind' ? slotsBehind : mirror.state;
    },
    ensureKeys(cameras, days) {
      deps.beforeKeys?.();
      const wasBehind = mirror.state.state === 'behind';
      mirror.catchUp(tables);
      if (slotsBehind.state === 'behind' || wasBehind)
        slotsBehind = repairSlots(tables, places, kekNow().number, mayWrite);
      let made = 0;
      for (const day of days) {
        const lengthUs = siteTime.startOf(siteTime.addDays(day, 1)) - siteTime.startOf(day);
        const hours = Array.from({ length: Math.ceil(lengthUs / HOUR_US) }, (_, hour) => hour);
        const missing = () =>
          cameras.flatMap((camera) => {
            const known = new Set(tables.hoursOf(camera, day));
            return hours.filter((hour) => !known.has(hour)).map((hour) => ({ camera, day, hour }));
          });
        // Without the write lock first: on most calls there is nothing to do.
        if (missing().length > 0) made += insertMissing(missing);
      }
      return made;
    },
    hourKey(camera, day, hour) {
      const key = read({ camera, day, hour });
      if (!key) throw new GirokError('key_missing', { camera, day, hour });
      return key;
    },
    sealingKey(camera, day, hour) {
      const name = { camera, day, hour };
      const known = read(name);
      if (known) return known;
      insertMissing(() => (tables.find(camera, day, hour) ? [] : [name]));
      const key = read(name);
      if (!key) throw new GirokError('key_missing', name);
      return key;
    },
    dropRetired() {
      if (current && tables.epoch()?.number !== current.number) forget();
    },
    close,
  };
}

/** Whether there has ever been a keyring in either place: then a missing root key must not be made anew. */
export const keyringExists = (folder: string, mirrorFolder: string): boolean =>
  [folder, mirrorFolder].some((each) =>
    ['keyring.db', 'epoch.slots'].some((name) => existsSync(join(each, name))),
  );
