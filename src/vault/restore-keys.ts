import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EpochRow,
  type HourKeyRow,
  type KeyringTables,
  openKeyringTables,
} from '../db/keyring/tables.ts';
import { isGirokError } from '../lib/errors.ts';
import { kekOf } from './epoch.ts';
import { type HourKeyName, keyId, keyName, unwrapKey } from './wrapping.ts';

/** Which keys could be used after a restore, and where each comes from. Holds rows as they lie on the disk: wrapped. */
export interface KeysFound {
  /**
   * `whole`: the keyring has all that its mirror and the backup have. `added`: they have more. `lost`: nothing that
   * is stored opens under any epoch secret that exists; then nothing can be done, and all footage is lost.
   */
  readonly state: 'whole' | 'added' | 'lost';
  /** The epoch that all usable keys are wrapped under. */
  readonly epoch?: EpochRow;
  readonly rows: readonly HourKeyRow[];
  /** Every key that opens. */
  readonly opens: readonly HourKeyName[];
  /** Of those, the ones that neither the keyring nor its mirror has. */
  readonly back: readonly HourKeyName[];
  /** Keys in the backup that open under nothing that exists: erased since, or lost with their secret. */
  readonly gone: readonly HourKeyName[];
  readonly backupEpoch?: number;
}

export interface KeysSought {
  /** `<storage>/keys` */
  readonly folder: string;
  readonly mirrorFolder: string;
  /** The keyring of a backup. */
  readonly backup?: string | undefined;
  /** The caller erases it. */
  readonly rootKey: Buffer;
  /** The newest epoch that a certificate names: a keyring from before it has keys that are accounted for as erased. */
  readonly erasedThrough: number;
}

/**
 * Finds out which keys there would be if a backup's were added to what is here, without changing anything. Only one
 * epoch can count, the newest of which a secret exists: within an epoch nothing is erased, so whatever is of that
 * epoch may come back, and whatever is of an older one opens under nothing.
 *
 * @throws GirokError `root_key_wrong`, `database_newer`
 */
export function findKeys({ folder, mirrorFolder, backup, rootKey, erasedThrough }: KeysSought): KeysFound {
  const places = [folder, mirrorFolder].map((each) => join(each, 'epoch.slots'));
  const [primary, mirror, kept] = [join(folder, 'keyring.db'), join(mirrorFolder, 'keyring.db'), backup].map(
    readKeyring,
  );
  const kekFor = (row: EpochRow) => kekOf(places, row, rootKey);
  const usable = [primary, mirror, kept]
    .flatMap((source) => (source?.epoch ? [source.epoch] : []))
    .filter(({ number }) => number >= erasedThrough)
    .sort((a, b) => b.number - a.number);
  let epoch: EpochRow | undefined;
  let kek: Buffer | undefined;
  for (const row of usable) {
    kek = kekFor(row);
    epoch = row;
    if (kek) break;
  }
  const backupEpoch = kept?.epoch?.number;
  const ofBackup = backupEpoch === undefined ? {} : { backupEpoch };
  if (!kek || !epoch)
    return {
      state: 'lost',
      rows: [],
      opens: [],
      back: [],
      gone: (kept?.rows ?? []).map(keyName),
      ...ofBackup,
    };
  try {
    const { number } = epoch;
    const wrapping = kek;
    const opensWell = (row: HourKeyRow) => {
      const key = row.epoch === number ? unwrapKey(wrapping, number, row, row.wrapped) : undefined;
      key?.fill(0);
      return key !== undefined;
    };
    const good = new Map<string, HourKeyRow>();
    const take = (source: Stored | undefined) => {
      const added: HourKeyRow[] = [];
      if (source?.epoch?.number !== number) return added;
      for (const row of source.rows) {
        if (good.has(keyId(row)) || !opensWell(row)) continue;
        good.set(keyId(row), row);
        added.push(row);
      }
      return added;
    };
    const own = take(primary);
    const mirrored = take(mirror);
    const back = take(kept);
    // What opens in no copy stays as it is: nothing goes in silence.
    const spoilt = new Map<string, HourKeyRow>();
    for (const source of [mirror, primary])
      if (source?.epoch?.number === number)
        for (const row of source.rows) if (!good.has(keyId(row))) spoilt.set(keyId(row), row);
    const isWhole = primary?.epoch?.number === number && own.length === good.size;
    return {
      state: isWhole ? 'whole' : 'added',
      epoch,
      rows: [...good.values(), ...spoilt.values()],
      opens: [...own, ...mirrored, ...back].map(keyName),
      back: back.map(keyName),
      gone: (kept?.rows ?? []).filter((row) => !good.has(keyId(row))).map(keyName),
      ...ofBackup,
    };
  } finally {
    kek.fill(0);
  }
}

/** Writes what was found as a new keyring, to be put in its place. @param path there is nothing yet */
export function writeKeyring(path: string, { epoch, rows }: KeysFound): void {
  const tables = openKeyringTables({ path, readonly: false, busyTimeoutMs: 0 });
  try {
    tables.write(() => {
      if (epoch) tables.setEpoch(epoch);
      for (const row of rows) tables.insert(row);
    });
  } finally {
    tables.close();
  }
}

interface Stored {
  readonly epoch: EpochRow | undefined;
  readonly rows: readonly HourKeyRow[];
}

/** @returns undefined for one that is absent or broken */
function readKeyring(path: string | undefined): Stored | undefined {
  if (path === undefined || !existsSync(path)) return undefined;
  let tables: KeyringTables | undefined;
  try {
    tables = openKeyringTables({ path, readonly: true, busyTimeoutMs: 5000 });
    return { epoch: tables.epoch(), rows: tables.rows() };
  } catch (error) {
    if (isGirokError(error, 'database_damaged') || isGirokError(error, 'storage_missing')) return undefined;
    throw error;
  } finally {
    tables?.close();
  }
}
