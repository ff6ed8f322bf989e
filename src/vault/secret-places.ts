import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochRow } from '../db/keyring/tables.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { eraseAll, hashOf } from './epoch.ts';
import { type EpochSecret, eraseSlot, lookIntoSlots, readSlots, writeSlot } from './epoch-slots.ts';
import type { Places } from './places.ts';

/**
 * What became of the old secret in one place. `absent`: there is no file, and so no secret. `missing`: the place is
 * away, and with it a secret that opens what was erased. `lost`: an officer has given it up.
 */
export interface PlaceState {
  readonly path: string;
  readonly state: 'overwritten' | 'absent' | 'refused' | 'missing' | 'lost';
  /** The system's code of a refusal. */
  readonly code?: string;
}

/** No secret of the past lies there any more, as far as anybody can know. */
export const isSettled = ({ state }: PlaceState): boolean => state !== 'refused' && state !== 'missing';

/** Everywhere that an epoch's secret may lie: beside the keyring, in its mirror, in places that were given up. */
export interface SecretPlaces {
  /** Of the keyring and its mirror. */
  readonly slots: readonly [own: string, mirror: string];
  /** Whether all hold the current secret and nothing of the past; one that is away may still owe something. */
  areClean(row: EpochRow): boolean;
  /**
   * Beside the current one, which stays whole. At least one place has to take it; one that refuses is told by the
   * recorder's alarm. @throws the system's error where none does
   */
  writeNext(next: EpochSecret): void;
  /** Leaves nothing but the current secret anywhere, and reads back that it is so. */
  overwriteOld(row: EpochRow): PlaceState[];
}

/** @param folders the keyring's own, and its mirror's */
export function createSecretPlaces(
  folders: { readonly folder: string; readonly mirrorFolder: string },
  known: Places,
): SecretPlaces {
  const [own, mirror] = [join(folders.folder, 'epoch.slots'), join(folders.mirrorFolder, 'epoch.slots')];
  const returned = () => known.returned().map((each) => join(each, 'epoch.slots'));

  /** A mirror that is away: nothing, where it has seen every secret of the past overwritten. */
  const mirrorAway = (row: EpochRow): PlaceState[] | undefined => {
    const presence = known.claim(false);
    if (presence.state === 'here') return undefined;
    if (known.noted()?.epoch === row.number) return [];
    const code = presence.state === 'refused' ? { code: presence.code } : {};
    return [{ path: mirror, state: presence.state, ...code }];
  };

  return {
    slots: [own, mirror],
    areClean(row) {
      const away = mirrorAway(row);
      const isMirrorClean = away ? away.length === 0 : isClean(mirror, row);
      if (!away && isMirrorClean) known.clean(row.number);
      return isClean(own, row) && isMirrorClean && returned().every(isEmptied);
    },
    writeNext(next) {
      const writable = known.claim(false).state === 'here' ? [own, mirror] : [own];
      writeSecret(writable, next);
    },
    overwriteOld(row) {
      const found = [own, mirror].flatMap(readSlots);
      try {
        const current = found.find((each) => isCurrent(each, row));
        const away = mirrorAway(row);
        const mirrored = away ?? [tidy(mirror, row, current)];
        if (!away && mirrored.every(isSettled)) known.clean(row.number);
        return [tidy(own, row, current), ...mirrored, ...returned().map(empty)];
      } finally {
        eraseAll(found);
      }
    },
  };
}

function writeSecret(places: readonly string[], next: EpochSecret): void {
  let refusal: unknown;
  let taken = 0;
  for (const place of places) {
    try {
      writeSlot(place, next);
      const found = readSlots(place);
      if (found.some(({ epoch, secret }) => epoch === next.epoch && secret.equals(next.secret))) taken += 1;
      eraseAll(found);
    } catch (error) {
      refusal = error;
    }
  }
  if (taken === 0)
    throw refusal ?? new GirokError('epoch_lost', { epoch: next.epoch, reason: 'not written' });
}

/** The current secret is written first where it is missing, so that no place is ever without. */
const tidy = (place: string, row: EpochRow, current: EpochSecret | undefined): PlaceState =>
  tryPlace(place, () => {
    const hadFile = existsSync(place);
    if (hadFile && holdsOnly(place, row)) return 'overwritten';
    if (current) writeSlot(place, current);
    eraseSlot(place, row.number + 1);
    if (!holdsOnly(place, row)) throw notOverwritten(place);
    return hadFile ? 'overwritten' : 'absent';
  });

/** Of a place that was given up and is back, everything goes. */
const empty = (place: string): PlaceState =>
  tryPlace(place, () => {
    if (!eraseSlot(place, 0)) return 'absent';
    eraseSlot(place, 1);
    if (lookIntoSlots(place).every(({ isEmpty }) => isEmpty)) return 'overwritten';
    throw notOverwritten(place);
  });

function tryPlace(place: string, work: () => PlaceState['state']): PlaceState {
  try {
    return { path: place, state: work() };
  } catch (error) {
    return { path: place, state: 'refused', code: systemCode(error) ?? 'unknown' };
  }
}

const notOverwritten = (place: string) => Object.assign(new Error(place), { code: 'not_overwritten' });

/** Whether a place holds the current secret, and nothing that may be another. @throws the system's error */
function holdsOnly(place: string, row: EpochRow): boolean {
  const looks = lookIntoSlots(place);
  const holds = looks.every(({ found, isEmpty }, index) =>
    index === row.number % 2 ? found !== undefined && isCurrent(found, row) : isEmpty,
  );
  eraseAll(looks.flatMap(({ found }) => (found ? [found] : [])));
  return holds;
}

/** A place that cannot be read is not known to be clean. */
function isClean(place: string, row: EpochRow): boolean {
  try {
    return holdsOnly(place, row);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}

function isEmptied(place: string): boolean {
  try {
    return lookIntoSlots(place).every(({ isEmpty }) => isEmpty);
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}

const isCurrent = ({ epoch, secret }: EpochSecret, row: EpochRow): boolean =>
  epoch === row.number && hashOf(secret).equals(row.secretHash);
