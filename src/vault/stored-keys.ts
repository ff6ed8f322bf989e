import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type HourKeyRow, openKeyringTables } from '../db/keyring/tables.ts';
import { GirokError } from '../lib/errors.ts';
import { eraseAll } from './epoch.ts';
import { readSlots } from './epoch-slots.ts';
import type { HourKeyName } from './wrapping.ts';

/** What is stored of keys, without opening any: no root key is needed. */
export interface StoredKeys {
  /** The higher of those that the two copies name. */
  readonly epoch: number;
  /** Of both copies together, and of backups what a secret that lies in some place opens. */
  readonly keys: readonly HourKeyName[];
  /** How many of them stand in a backup alone. */
  readonly onlyInBackups: number;
  readonly places: readonly { readonly path: string; readonly epochs: readonly number[] }[];
}

/**
 * @param folders `<storage>/keys` and the mirror's
 * @param backups other copies of the keyring, as files
 * @throws GirokError `keyring_damaged` when there is neither copy, and what opening one throws
 */
export function storedKeys(
  folders: readonly string[],
  backups: readonly string[] = [],
  busyTimeoutMs = 5000,
): StoredKeys {
  const keys = new Map<string, HourKeyName>();
  let newest = 0;
  const readKeyring = (path: string, counts: (row: HourKeyRow) => boolean) => {
    const tables = openKeyringTables({ path, readonly: true, busyTimeoutMs });
    try {
      for (const row of tables.rows()) {
        const { camera, day, hour } = row;
        if (counts(row)) keys.set(`${camera}/${day}/${hour}`, { camera, day, hour });
      }
      return tables.epoch()?.number ?? 0;
    } finally {
      tables.close();
    }
  };
  for (const path of folders.map((folder) => join(folder, 'keyring.db')).filter(existsSync))
    newest = Math.max(
      newest,
      readKeyring(path, () => true),
    );
  if (newest === 0) throw new GirokError('keyring_damaged', { folder: folders[0], reason: 'no epoch' });
  const places = folders.map((folder) => {
    const path = join(folder, 'epoch.slots');
    const found = readSlots(path);
    eraseAll(found);
    return { path, epochs: found.map(({ epoch }) => epoch).sort((a, b) => a - b) };
  });
  const own = keys.size;
  const open = new Set(places.flatMap(({ epochs }) => epochs));
  for (const path of backups) readKeyring(path, ({ epoch }) => open.has(epoch));
  return { epoch: newest, keys: [...keys.values()], onlyInBackups: keys.size - own, places };
}
