import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type EpochRow,
  type HourKeyRow,
  type KeyringTables,
  openKeyringTables,
} from '../db/keyring/tables.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { eraseAll, hashOf, kekOf } from './epoch.ts';
import {
  type EpochSecret,
  eraseSlot,
  lookIntoSlots,
  readSlots,
  SECRET_BYTES,
  writeSlot,
} from './epoch-slots.ts';
import { keyMemory } from './key-memory.ts';
import { copyKeyring } from './keyring-mirror.ts';
import { KEY_BYTES } from './layout.ts';
import { createPlaces } from './places.ts';
import { tryKeys } from './try-keys.ts';
import { checkOf, deriveKek, type HourKeyName, unwrapKey, wrapKey } from './wrapping.ts';

export interface KeyEraserDeps {
  /** `<storage>/keys` */
  readonly folder: string;
  /** The keyring's second place. */
  readonly mirrorFolder: string;
  /** 32 bytes; copied, and the copy erased on close. */
  readonly rootKey: Buffer;
  readonly clock: Clock;
  readonly busyTimeoutMs?: number;
  /** Called before each step that a crash can come between; for tests and progress. */
  readonly onStep?: (step: ErasureStep) => void;
}

/** The steps that touch the disk, in their order. */
export type ErasureStep =
  | 'write_new_secret'
  | 'commit'
  | 'read_back'
  | 'write_mirror'
  | 'overwrite_old_secret'
  | 'prove';

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

export interface KeysErased {
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly erased: readonly HourKeyName[];
  readonly survivors: number;
  /** Could not be opened before either; kept as they were and reported, never dropped in silence. */
  readonly damaged: readonly HourKeyName[];
  readonly places: readonly PlaceState[];
  readonly mirror: 'whole' | 'behind';
  readonly proof: ErasureProof;
}

/** Every stored copy of each erased key, tried with every secret that exists. */
export interface ErasureProof {
  readonly copies: number;
  /** Epochs whose secrets lie in some place now. */
  readonly epochs: readonly number[];
  /** How many of the copies opened: anything but 0 means that they are not erased. */
  readonly opened: number;
}

export interface KeyEraser {
  /** As the keyring's row names it. */
  readonly epoch: number;
  names(): HourKeyName[];
  /**
   * Brings every place to the current secret and nothing else: what a rotation that was broken off has left, or a
   * place that was away. @returns all places, where one was not so or is away; empty: there was nothing to do
   * @throws GirokError `keyring_damaged` when a survivor does not open; then no secret is overwritten
   */
  settle(): readonly PlaceState[];
  /**
   * An officer says that the place which is away is lost for good: another is made in its stead.
   * @returns undefined where none is away
   */
  giveUpPlace(): PlaceState | undefined;
  /**
   * Erases the keys that `doomed` names and wraps all others anew. Beyond recovery once it returns with every
   * place `overwritten` or `absent` and `proof.opened` 0.
   * @throws GirokError as {@link createKeyEraser}, and the system's error when no place takes the new secret
   */
  erase(doomed: (name: HourKeyName) => boolean): KeysErased;
  close(): void;
}

const RETRIES = 5;

/**
 * The one way in which keys end. Only one eraser may be open at a time (the caller holds a lock); the recorder and
 * readers may run beside it.
 *
 * @throws GirokError `keyring_damaged` (the keyring is absent, broken, or older than its mirror: the recorder's
 *   next start mends that), `epoch_lost`, `root_key_wrong`
 */
export function createKeyEraser(deps: KeyEraserDeps): KeyEraser {
  const { folder, mirrorFolder, clock, onStep = () => undefined, busyTimeoutMs = 5000 } = deps;
  const places = [folder, mirrorFolder].map((each) => join(each, 'epoch.slots'));
  const [path, mirrorPath] = [join(folder, 'keyring.db'), join(mirrorFolder, 'keyring.db')];
  const rootKey = keyMemory(KEY_BYTES);
  deps.rootKey.copy(rootKey);
  const open = (file: string, readonly: boolean) =>
    openKeyringTables({ path: file, readonly, busyTimeoutMs });
  // Opening would make an empty one where the disk is missing.
  if (!existsSync(path)) throw new GirokError('keyring_damaged', { path, reason: 'absent' });
  const tables = open(path, false);
  const known = createPlaces(deps);
  const [ownSlots = '', mirrorSlots = ''] = places;

  const rowNow = (): EpochRow => {
    const row = tables.epoch();
    if (!row) throw new GirokError('keyring_damaged', { folder, reason: 'no epoch' });
    return row;
  };
  const kekFor = (row: EpochRow): Buffer => {
    const kek = kekOf(places, row, rootKey);
    if (kek) return kek;
    throw new GirokError('epoch_lost', { folder, epoch: row.number });
  };
  const close = () => {
    rootKey.fill(0);
    tables.close();
  };

  /** Undefined for a mirror that is away or broken: it holds only what the keyring has. */
  const readMirror = <T>(read: (mirror: KeyringTables) => T): T | undefined => {
    let mirror: KeyringTables | undefined;
    if (known.claim(false).state !== 'here') return undefined;
    try {
      mirror = open(mirrorPath, true);
      return read(mirror);
    } catch (error) {
      if (error instanceof GirokError || systemCode(error)?.startsWith('SQLITE_')) return undefined;
      throw error;
    } finally {
      mirror?.close();
    }
  };

  const mirrorRows = (epoch: number): readonly HourKeyRow[] =>
    readMirror((mirror) => (mirror.epoch()?.number === epoch ? [...mirror.rows()] : [])) ?? [];

  /** All rows of either copy, by name: what one has lost or spoilt the other may have. */
  const gather = (mirrored: readonly HourKeyRow[]): Map<string, HourKeyRow[]> => {
    const found = new Map<string, HourKeyRow[]>();
    for (const row of [...tables.rows(), ...mirrored]) {
      const id = idOf(row);
      const known = found.get(id);
      if (known) known.push(row);
      else found.set(id, [row]);
    }
    return found;
  };

  /** Whether some stored copy of this key opens with some secret. */
  const isAnywhere = (row: HourKeyRow): boolean => {
    const mirrored = readMirror((mirror) => mirror.find(row.camera, row.day, row.hour));
    const copies = mirrored ? [row, mirrored] : [row];
    return tryKeys(copies, places, rootKey).opened.length > 0;
  };

  /**
   * Through a connection and a reading of the slots of its own, as the next start will see it.
   *
   * @param damaged a row that does not open: `tolerated` where no stored copy of its key opens with any secret that
   *   lies anywhere, so that nothing that goes could mend it
   * @param opened of another copy of the same epoch, byte for byte: what opened there opens here
   * @returns all that opened
   */
  const assertOpens = (
    file: string,
    row: EpochRow,
    damaged: 'refused' | 'tolerated',
    opened: ReadonlySet<string> = new Set(),
  ): ReadonlySet<string> => {
    const found = new Set<string>();
    const fresh = open(file, true);
    try {
      const kek = kekFor(row);
      try {
        for (const each of fresh.rows()) {
          if (each.epoch !== row.number) continue;
          const copy = bytesOf(each);
          const key = opened.has(copy) ? undefined : unwrapKey(kek, row.number, each, each.wrapped);
          if (key || opened.has(copy)) found.add(copy);
          else if (damaged === 'refused' || isAnywhere(each))
            throw new GirokError('keyring_damaged', { ...each, wrapped: undefined, reason: 'read back' });
          key?.fill(0);
        }
      } finally {
        kek.fill(0);
      }
    } finally {
      fresh.close();
    }
    return found;
  };

  /** Whether a place holds the current secret, and nothing that may be another. @throws the system's error */
  const isClean = (place: string, row: EpochRow): boolean => {
    const looks = lookIntoSlots(place);
    const isCurrent = (found: EpochSecret | undefined) =>
      found?.epoch === row.number && hashOf(found.secret).equals(row.secretHash);
    const clean = looks.every(({ found, isEmpty }, index) =>
      index === row.number % 2 ? isCurrent(found) : isEmpty,
    );
    eraseAll(looks.flatMap(({ found }) => (found ? [found] : [])));
    return clean;
  };

  const tryPlace = (place: string, work: () => PlaceState['state']): PlaceState => {
    try {
      return { path: place, state: work() };
    } catch (error) {
      return { path: place, state: 'refused', code: systemCode(error) ?? 'unknown' };
    }
  };

  /** The current secret is written first where it is missing, so that no place is ever without. */
  const tidy = (place: string, row: EpochRow, current: EpochSecret | undefined): PlaceState =>
    tryPlace(place, () => {
      const hadFile = existsSync(place);
      if (hadFile && isClean(place, row)) return 'overwritten';
      if (current) writeSlot(place, current);
      eraseSlot(place, row.number + 1);
      if (!isClean(place, row)) throw Object.assign(new Error(place), { code: 'not_overwritten' });
      return hadFile ? 'overwritten' : 'absent';
    });

  /** Of a place that was given up and is back, everything goes. */
  const empty = (place: string): PlaceState =>
    tryPlace(place, () => {
      if (!eraseSlot(place, 0)) return 'absent';
      eraseSlot(place, 1);
      if (lookIntoSlots(place).every(({ isEmpty }) => isEmpty)) return 'overwritten';
      throw Object.assign(new Error(place), { code: 'not_overwritten' });
    });

  const isEmptied = (place: string): boolean => {
    try {
      return lookIntoSlots(place).every(({ isEmpty }) => isEmpty);
    } catch (error) {
      return systemCode(error) === 'ENOENT';
    }
  };

  const returnedSlots = () => known.returned().map((each) => join(each, 'epoch.slots'));

  /** A mirror that is away: nothing, where it has seen every secret of the past overwritten. */
  const mirrorAway = (row: EpochRow): PlaceState[] | undefined => {
    const presence = known.claim(false);
    if (presence.state === 'here') return undefined;
    if (known.noted()?.epoch === row.number) return [];
    const code = presence.state === 'refused' ? { code: presence.code } : {};
    return [{ path: mirrorSlots, state: presence.state, ...code }];
  };

  const overwrite = (row: EpochRow): PlaceState[] => {
    const current = places.flatMap(readSlots);
    try {
      const secret = current.find(
        (each) => each.epoch === row.number && hashOf(each.secret).equals(row.secretHash),
      );
      const away = mirrorAway(row);
      const mirror = away ?? [tidy(mirrorSlots, row, secret)];
      if (!away && mirror.every(isSettled)) known.clean(row.number);
      return [tidy(ownSlots, row, secret), ...mirror, ...returnedSlots().map(empty)];
    } finally {
      eraseAll(current);
    }
  };

  const settle = (): readonly PlaceState[] => {
    const row = rowNow();
    const isTidy = (place: string) => {
      try {
        return isClean(place, row);
      } catch (error) {
        if (systemCode(error) === undefined) throw error;
        return false;
      }
    };
    const away = mirrorAway(row);
    const isMirrorTidy = away ? away.length === 0 : isTidy(mirrorSlots);
    if (!away && isMirrorTidy) known.clean(row.number);
    if (isTidy(ownSlots) && isMirrorTidy && returnedSlots().every(isEmptied)) {
      // Busy or full while the keys were wrapped anew: what it has opens no more, so it is no second place.
      if (readMirror((mirror) => mirror.epoch()?.number !== row.number)) syncMirror(row, 'tolerated');
      return [];
    }
    onStep('read_back');
    // A row that was spoilt where it lay is lost; it must not keep every later run from erasing.
    syncMirror(row, 'tolerated', assertOpens(path, row, 'tolerated'));
    onStep('overwrite_old_secret');
    return overwrite(row);
  };

  const syncMirror = (
    row: EpochRow,
    damaged: 'refused' | 'tolerated',
    opened?: ReadonlySet<string>,
  ): 'whole' | 'behind' => {
    onStep('write_mirror');
    if (known.claim(false).state !== 'here') return 'behind';
    try {
      const mirror = open(mirrorPath, false);
      try {
        copyKeyring(tables, mirror);
      } finally {
        mirror.close();
      }
      assertOpens(mirrorPath, row, damaged, opened);
      return 'whole';
    } catch (error) {
      // One whole place is enough to go on; the recorder's alarm stands until the other is written again.
      if (error instanceof GirokError || systemCode(error) !== undefined) return 'behind';
      throw error;
    }
  };

  /** @returns undefined when somebody else changed the epoch */
  const rotate = (row: EpochRow, secret: Buffer, doomed: (name: HourKeyName) => boolean) => {
    const toEpoch = row.number + 1;
    const [kek, nextKek] = [kekFor(row), deriveKek(rootKey, secret)];
    const rewrap = (candidates: readonly HourKeyRow[]): HourKeyRow | undefined => {
      for (const each of candidates) {
        const key = each.epoch === row.number ? unwrapKey(kek, row.number, each, each.wrapped) : undefined;
        if (!key) continue;
        const wrapped = wrapKey(nextKek, toEpoch, each, key);
        key.fill(0);
        return { ...each, wrapped, epoch: toEpoch };
      }
      return undefined;
    };
    try {
      // Most of the work is done before the lock is taken, so that the recorder never waits for it.
      const mirrored = mirrorRows(row.number);
      const prepared = new Map(
        [...gather(mirrored)]
          .filter(([, [first]]) => first && !doomed(first))
          .map(([id, candidates]) => [id, rewrap(candidates)]),
      );
      onStep('commit');
      return tables.write(() => {
        if (tables.epoch()?.number !== row.number) return undefined;
        const copies: HourKeyRow[] = [];
        const survivors: HourKeyRow[] = [];
        const damaged: HourKeyRow[] = [];
        for (const [id, candidates] of gather(mirrored)) {
          const [first] = candidates;
          if (!first) continue;
          if (doomed(first)) {
            copies.push(...candidates);
            continue;
          }
          const wrapped = prepared.get(id) ?? rewrap(candidates);
          if (wrapped) survivors.push(wrapped);
          else damaged.push(first);
        }
        tables.clear();
        const next: EpochRow = {
          number: toEpoch,
          secretHash: hashOf(secret),
          kekCheck: checkOf(nextKek),
          createdUs: clock.utcUs(),
        };
        tables.setEpoch(next);
        for (const each of [...survivors, ...damaged]) tables.insert(each);
        return { next, copies, survivors: survivors.length, damaged };
      });
    } finally {
      kek.fill(0);
      nextKek.fill(0);
    }
  };

  const prove = (copies: readonly HourKeyRow[]): ErasureProof => {
    onStep('prove');
    const { epochs, opened } = tryKeys(copies, places, rootKey);
    return { copies: copies.length, epochs, opened: opened.length };
  };

  try {
    const row = rowNow();
    kekFor(row).fill(0);
    const mirrored = readMirror((mirror) => mirror.epoch()?.number) ?? 0;
    if (mirrored > row.number)
      throw new GirokError('keyring_damaged', { folder, reason: 'older than its mirror' });
  } catch (error) {
    close();
    throw error;
  }

  return {
    get epoch() {
      return rowNow().number;
    },
    names: () => [...tables.rows()].map(({ camera, day, hour }) => ({ camera, day, hour })),
    settle,
    giveUpPlace() {
      if (known.claim(false).state === 'here') return undefined;
      const lost = known.giveUp();
      known.claim(true);
      return { path: join(lost, 'epoch.slots'), state: 'lost' };
    },
    erase(doomed) {
      settle();
      for (let attempt = 0; attempt < RETRIES; attempt++) {
        const row = rowNow();
        const secret = randomBytes(SECRET_BYTES);
        try {
          onStep('write_new_secret');
          const writable = known.claim(false).state === 'here' ? places : [ownSlots];
          writeSecret(writable, row.number + 1, secret);
          const done = rotate(row, secret, doomed);
          if (!done) continue;
          onStep('read_back');
          const opened = assertOpens(path, done.next, 'refused');
          const mirror = syncMirror(done.next, 'refused', opened);
          onStep('overwrite_old_secret');
          const states = overwrite(done.next);
          return {
            fromEpoch: row.number,
            toEpoch: done.next.number,
            erased: uniqueNames(done.copies),
            survivors: done.survivors,
            damaged: done.damaged.map(nameOf),
            places: states,
            mirror,
            proof: prove(done.copies),
          };
        } finally {
          secret.fill(0);
        }
      }
      throw new GirokError('epoch_lost', { folder, reason: 'rotating' });
    },
    close,
  };
}

/** At least one place has to take it, whole; a place that refuses is told by the recorder's alarm. */
function writeSecret(places: readonly string[], epoch: number, secret: Buffer): void {
  let refusal: unknown;
  let taken = 0;
  for (const place of places) {
    try {
      writeSlot(place, { epoch, secret });
      const found = readSlots(place);
      if (found.some((slot) => slot.epoch === epoch && slot.secret.equals(secret))) taken += 1;
      eraseAll(found);
    } catch (error) {
      refusal = error;
    }
  }
  if (taken === 0) throw refusal ?? new GirokError('epoch_lost', { epoch, reason: 'not written' });
}

const idOf = ({ camera, day, hour }: HourKeyName): string => `${camera}|${day}|${hour}`;

const bytesOf = (row: HourKeyRow): string => `${idOf(row)}|${row.wrapped.toString('latin1')}`;

const nameOf = ({ camera, day, hour }: HourKeyName): HourKeyName => ({ camera, day, hour });

const uniqueNames = (rows: readonly HourKeyRow[]): HourKeyName[] => [
  ...new Map(rows.map((row) => [idOf(row), nameOf(row)])).values(),
];
