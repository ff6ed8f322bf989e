import type { EpochRow, HourKeyRow, KeyringTables } from '../db/keyring/tables.ts';
import type { Clock } from '../lib/clock.ts';
import { hashOf } from './epoch.ts';
import { checkOf, deriveKek, type HourKeyName, keyId, unwrapKey, wrapKey } from './wrapping.ts';

/** What a rotation starts from. The caller erases the wrapping key, the secret and the root key. */
export interface Rotation {
  readonly from: EpochRow;
  /** The wrapping key of `from`. */
  readonly kek: Buffer;
  readonly rootKey: Buffer;
  /** Of the epoch after `from`; it lies in its places already. */
  readonly secret: Buffer;
  readonly doomed: (name: HourKeyName) => boolean;
  /** The mirror's rows of the same epoch: what the keyring has lost or spoilt may be whole there. */
  readonly mirrored: readonly HourKeyRow[];
  /** Called before the lock is taken. */
  readonly beforeCommit: () => void;
}

export interface Rotated {
  readonly next: EpochRow;
  /** All stored rows of the doomed keys. */
  readonly copies: readonly HourKeyRow[];
  readonly survivors: number;
  /** Opened in neither copy; kept as they were. */
  readonly damaged: readonly HourKeyRow[];
}

/**
 * Leaves the doomed keys out and wraps all others under the next epoch, in one transaction. Most of the work is done
 * before the lock is taken, so that the recorder never waits for it.
 *
 * @returns undefined when somebody else changed the epoch: nothing was written
 */
export function wrapAnew(tables: KeyringTables, clock: Clock, rotation: Rotation): Rotated | undefined {
  const { from, secret, beforeCommit } = rotation;
  const next = from.number + 1;
  const nextKek = deriveKek(rotation.rootKey, secret);
  try {
    const version = tables.foreignChanges();
    const prepared = sort(tables.rows(), rotation, nextKek, new Map());
    beforeCommit();
    return tables.write(() => {
      if (tables.epoch()?.number !== from.number) return undefined;
      // Keys that the recorder has made meanwhile live as well.
      const { copies, survivors, damaged } =
        tables.foreignChanges() === version
          ? prepared
          : sort(tables.rows(), rotation, nextKek, prepared.survivors);
      tables.clear();
      const row: EpochRow = {
        number: next,
        secretHash: hashOf(secret),
        kekCheck: checkOf(nextKek),
        createdUs: clock.utcUs(),
      };
      tables.setEpoch(row);
      for (const each of survivors.values()) tables.insert(each);
      for (const each of damaged) tables.insert(each);
      return { next: row, copies, survivors: survivors.size, damaged };
    });
  } finally {
    nextKek.fill(0);
  }
}

interface Sorted {
  readonly copies: HourKeyRow[];
  /** Under the next epoch, by name. */
  readonly survivors: Map<string, HourKeyRow>;
  readonly damaged: HourKeyRow[];
}

/** @param known what was wrapped before */
function sort(
  rows: readonly HourKeyRow[],
  { from, kek, doomed, mirrored }: Rotation,
  nextKek: Buffer,
  known: ReadonlyMap<string, HourKeyRow>,
): Sorted {
  const [copies, survivors, damaged]: [HourKeyRow[], Map<string, HourKeyRow>, HourKeyRow[]] = [
    [],
    new Map(),
    [],
  ];
  const rewrap = (row: HourKeyRow): HourKeyRow | undefined => {
    const key = row.epoch === from.number ? unwrapKey(kek, from.number, row, row.wrapped) : undefined;
    if (!key) return undefined;
    const epoch = from.number + 1;
    const wrapped = wrapKey(nextKek, epoch, row, key);
    key.fill(0);
    return { ...row, wrapped, epoch };
  };
  for (const [id, candidates] of byName([...rows, ...mirrored])) {
    const [first] = candidates;
    if (!first) continue;
    if (doomed(first)) {
      copies.push(...candidates);
      continue;
    }
    const survivor = known.get(id) ?? firstOf(candidates, rewrap);
    if (survivor) survivors.set(id, survivor);
    else damaged.push(first);
  }
  return { copies, survivors, damaged };
}

function byName(rows: readonly HourKeyRow[]): Map<string, HourKeyRow[]> {
  const found = new Map<string, HourKeyRow[]>();
  for (const row of rows) {
    const id = keyId(row);
    const known = found.get(id);
    if (known) known.push(row);
    else found.set(id, [row]);
  }
  return found;
}

function firstOf<T, R>(all: readonly T[], attempt: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const result = attempt(one);
    if (result !== undefined) return result;
  }
  return undefined;
}
