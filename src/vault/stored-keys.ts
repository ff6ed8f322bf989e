import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyringTables } from '../db/keyring/tables.ts';
import { GirokError } from '../lib/errors.ts';
import { eraseAll } from './epoch.ts';
import { readSlots } from './epoch-slots.ts';
import type { HourKeyName } from './wrapping.ts';

/** What is stored of keys, without opening any: no root key is needed. */
export interface StoredKeys {
  /** The higher of those that the two copies name. */
  readonly epoch: number;
  /** Of both copies together. */
  readonly keys: readonly HourKeyName[];
  readonly places: readonly { readonly path: string; readonly epochs: readonly number[] }[];
}

/**
 * @param folders `<storage>/keys` and the mirror's
 * @throws GirokError `keyring_damaged` when there is neither copy, and what opening one throws
 */
export function storedKeys(folders: readonly string[], busyTimeoutMs = 5000): StoredKeys {
  const keys = new Map<string, HourKeyName>();
  let newest = 0;
  for (const path of folders.map((folder) => join(folder, 'keyring.db')).filter(existsSync)) {
    const tables = openKeyringTables({ path, readonly: true, busyTimeoutMs });
    try {
      newest = Math.max(newest, tables.epoch()?.number ?? 0);
      for (const { camera, day, hour } of tables.rows())
        keys.set(`${camera}/${day}/${hour}`, { camera, day, hour });
    } finally {
      tables.close();
    }
  }
  if (newest === 0) throw new GirokError('keyring_damaged', { folder: folders[0], reason: 'no epoch' });
  const places = folders.map((folder) => {
    const path = join(folder, 'epoch.slots');
    const found = readSlots(path);
    eraseAll(found);
    return { path, epochs: found.map(({ epoch }) => epoch).sort((a, b) => a - b) };
  });
  return { epoch: newest, keys: [...keys.values()], places };
}
