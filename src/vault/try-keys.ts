import type { HourKeyRow } from '../db/keyring/tables.ts';
import { openKeyringTables } from '../db/keyring/tables.ts';
import { eraseAll, hashOf } from './epoch.ts';
import { type EpochSecret, readSlots } from './epoch-slots.ts';
import { deriveKek, type HourKeyName, keyName, unwrapKey } from './wrapping.ts';

/** Stored copies of keys, tried with every secret that exists. */
export interface KeysTried {
  readonly copies: number;
  /** Epochs whose secrets lie in some place now. */
  readonly epochs: readonly number[];
  /** Whose key opened. */
  readonly opened: readonly HourKeyName[];
}

/**
 * What somebody with these files, the epoch slots and the root key could open: every copy with the secret of every
 * epoch, by the epoch that the copy names and by the secret's own.
 *
 * @param slots the files of the epoch secret's places
 * @param rootKey stays the caller's to erase
 */
export function tryKeys(copies: readonly HourKeyRow[], slots: readonly string[], rootKey: Buffer): KeysTried {
  const found = slots.flatMap(readSlots);
  const opened = new Map<HourKeyRow, HourKeyName>();
  try {
    for (const { epoch, secret } of eachOnce(found)) {
      const kek = deriveKek(rootKey, secret);
      for (const copy of copies) {
        for (const number of new Set([copy.epoch, epoch])) {
          const key = unwrapKey(kek, number, copy, copy.wrapped);
          if (!key) continue;
          key.fill(0);
          opened.set(copy, keyName(copy));
        }
      }
      kek.fill(0);
    }
    const epochs = [...new Set(found.map(({ epoch }) => epoch))].sort((a, b) => a - b);
    return { copies: copies.length, epochs, opened: [...opened.values()] };
  } finally {
    eraseAll(found);
  }
}

/** The same secret of two places opens the same. */
const eachOnce = (found: readonly EpochSecret[]): EpochSecret[] => [
  ...new Map(found.map((each) => [`${each.epoch}|${hashOf(each.secret).toString('hex')}`, each])).values(),
];

/** What one keyring file has of these keys, and one key that it has besides: `other`, at random, where there is any. */
export interface CopiesFound {
  readonly copies: readonly HourKeyRow[];
  readonly other?: HourKeyRow;
}

/**
 * @param random a whole number from 0 up to but without the given one
 * @throws GirokError `database_damaged`, `database_newer`, `storage_missing`
 */
export function copiesIn(
  path: string,
  names: readonly HourKeyName[],
  random: (below: number) => number,
): CopiesFound {
  const tables = openKeyringTables({ path, readonly: true, busyTimeoutMs: 5000 });
  try {
    const copies = names.flatMap(({ camera, day, hour }) => tables.find(camera, day, hour) ?? []);
    const all = tables.rows();
    const other = all.length === 0 ? undefined : all[random(all.length)];
    return { copies, ...(other && { other }) };
  } finally {
    tables.close();
  }
}
