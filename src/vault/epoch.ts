import { createHash, randomBytes } from 'node:crypto';
import type { EpochRow, KeyringTables } from '../db/keyring/tables.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { type EpochSecret, readSlots, SECRET_BYTES, writeSlot } from './epoch-slots.ts';
import type { MirrorState } from './keyring-mirror.ts';
import { checkOf, deriveKek } from './wrapping.ts';

export const hashOf = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest();

export const eraseAll = (found: readonly EpochSecret[]) => {
  for (const { secret } of found) secret.fill(0);
};

/** @returns undefined when no place holds the epoch. @throws GirokError `root_key_wrong` */
export function kekOf(places: readonly string[], row: EpochRow, rootKey: Buffer): Buffer | undefined {
  const found = places.flatMap(readSlots);
  try {
    const match = found.find(
      ({ epoch, secret }) => epoch === row.number && hashOf(secret).equals(row.secretHash),
    );
    if (!match) return undefined;
    const kek = deriveKek(rootKey, match.secret);
    if (checkOf(kek).equals(row.kekCheck)) return kek;
    kek.fill(0);
    throw new GirokError('root_key_wrong', { epoch: row.number });
  } finally {
    eraseAll(found);
  }
}

/** Slots first, then the row: a crash in between leaves a secret that has wrapped nothing, and is used again. */
export function beginFirstEpoch(
  tables: KeyringTables,
  places: readonly string[],
  rootKey: Buffer,
  clock: Clock,
): void {
  tables.write(() => {
    if (tables.epoch()) return;
    const found = places.flatMap(readSlots);
    const fresh = randomBytes(SECRET_BYTES);
    const secret = found.find(({ epoch }) => epoch === 1)?.secret ?? fresh;
    for (const place of places) writeSlot(place, { epoch: 1, secret });
    const kek = deriveKek(rootKey, secret);
    tables.setEpoch({
      number: 1,
      secretHash: hashOf(secret),
      kekCheck: checkOf(kek),
      createdUs: clock.utcUs(),
    });
    kek.fill(0);
    eraseAll(found);
    fresh.fill(0);
  });
}

/**
 * Writes the current secret again where a place has lost it. Under the write lock, because a rotation commits
 * its new epoch under the same lock and overwrites the old slots only afterwards.
 *
 * @param mayWrite false for a place that is away: what lies under its path then is not it
 * @returns `behind` when a place refuses: one whole place is enough to go on, with an alarm
 */
export function repairSlots(
  tables: KeyringTables,
  places: readonly string[],
  number: number,
  mayWrite: (place: string) => boolean,
): MirrorState {
  return tables.write(() => {
    let state: MirrorState = { state: 'whole' };
    const row = tables.epoch();
    if (row?.number !== number) return state;
    const byPlace = places.map((path) => ({ path, found: readSlots(path) }));
    const isCurrent = ({ epoch, secret }: EpochSecret) =>
      epoch === number && hashOf(secret).equals(row.secretHash);
    const good = byPlace.flatMap(({ found }) => found).find(isCurrent);
    for (const { path } of byPlace.filter(({ found }) => good && !found.some(isCurrent))) {
      try {
        if (!mayWrite(path)) throw new GirokError('storage_missing', { path });
        if (good) writeSlot(path, good);
      } catch (error) {
        state = { state: 'behind', error };
      }
    }
    for (const { found } of byPlace) eraseAll(found);
    return state;
  });
}
