import { type EpochRow, type HourKeyRow, openKeyringTables } from '../db/keyring/tables.ts';
import { GirokError } from '../lib/errors.ts';
import { unwrapKey } from './wrapping.ts';

export interface ReadBack {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly row: EpochRow;
  /** Of the row's epoch, out of the slots as they lie on the disk. Asked once the file is open, and erased here. */
  readonly kek: () => Buffer;
  /** Whether a row that does not open may stay as it is. */
  readonly mayBeDamaged: (row: HourKeyRow) => boolean;
  /** What the rows of another copy are, byte for byte, all of which opened: then these open too. */
  readonly opened?: string | undefined;
}

/**
 * Opens each key of an epoch in one file, through a connection of its own, as the next start will see it.
 *
 * @returns what the rows are, byte for byte; undefined where one of them does not open
 * @throws GirokError `keyring_damaged` at a row that does not open and may not be damaged
 */
export function readBack(wanted: ReadBack): string | undefined {
  const { path, busyTimeoutMs, row, mayBeDamaged, opened } = wanted;
  const fresh = openKeyringTables({ path, readonly: true, busyTimeoutMs });
  let kek: Buffer | undefined;
  try {
    const wrapping = wanted.kek();
    kek = wrapping;
    return fresh.read(() => {
      const bytes = fresh.bytesOf(row.number);
      if (bytes === opened) return bytes;
      let isWhole = true;
      for (const each of fresh.rows()) {
        if (each.epoch !== row.number) continue;
        const key = unwrapKey(wrapping, row.number, each, each.wrapped);
        key?.fill(0);
        if (key) continue;
        if (!mayBeDamaged(each))
          throw new GirokError('keyring_damaged', { ...each, wrapped: undefined, reason: 'read back' });
        isWhole = false;
      }
      return isWhole ? bytes : undefined;
    });
  } finally {
    kek?.fill(0);
    fresh.close();
  }
}
