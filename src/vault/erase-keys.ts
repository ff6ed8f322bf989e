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
import { kekOf } from './epoch.ts';
import { SECRET_BYTES } from './epoch-slots.ts';
import { keyMemory } from './key-memory.ts';
import { copyKeyring } from './keyring-mirror.ts';
import { KEY_BYTES } from './layout.ts';
import { createPlaces } from './places.ts';
import { readBack } from './read-back.ts';
import { createSecretPlaces, type PlaceState } from './secret-places.ts';
import { tryKeys } from './try-keys.ts';
import { wrapAnew } from './wrap-anew.ts';
import { type HourKeyName, keyId, keyName } from './wrapping.ts';

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
  const [path, mirrorPath] = [join(folder, 'keyring.db'), join(mirrorFolder, 'keyring.db')];
  const rootKey = keyMemory(KEY_BYTES);
  deps.rootKey.copy(rootKey);
  const open = (file: string, readonly: boolean) =>
    openKeyringTables({ path: file, readonly, busyTimeoutMs });
  // Opening would make an empty one where the disk is missing.
  if (!existsSync(path)) throw new GirokError('keyring_damaged', { path, reason: 'absent' });
  const tables = open(path, false);
  const known = createPlaces(deps);
  const places = createSecretPlaces(deps, known);

  const rowNow = (): EpochRow => {
    const row = tables.epoch();
    if (!row) throw new GirokError('keyring_damaged', { folder, reason: 'no epoch' });
    return row;
  };
  const kekFor = (row: EpochRow): Buffer => {
    const kek = kekOf(places.slots, row, rootKey);
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

  /** Whether some stored copy of this key opens with some secret. */
  const isAnywhere = (row: HourKeyRow): boolean => {
    const mirrored = readMirror((mirror) => mirror.find(row.camera, row.day, row.hour));
    const copies = mirrored ? [row, mirrored] : [row];
    return tryKeys(copies, places.slots, rootKey).opened.length > 0;
  };

  /**
   * @param damaged a row that does not open: `tolerated` where no stored copy of its key opens with any secret that
   *   lies anywhere, so that nothing that goes could mend it
   */
  const opensIn = (file: string, row: EpochRow, damaged: 'refused' | 'tolerated', opened?: string) =>
    readBack({
      path: file,
      busyTimeoutMs,
      row,
      kek: () => kekFor(row),
      mayBeDamaged: (each) => damaged === 'tolerated' && !isAnywhere(each),
      opened,
    });

  const settle = (): readonly PlaceState[] => {
    const row = rowNow();
    if (places.areClean(row)) {
      // Busy or full while the keys were wrapped anew: what it has opens no more, so it is no second place.
      if (readMirror((mirror) => mirror.epoch()?.number !== row.number)) syncMirror(row, 'tolerated');
      return [];
    }
    onStep('read_back');
    // A row that was spoilt where it lay is lost; it must not keep every later run from erasing.
    syncMirror(row, 'tolerated', opensIn(path, row, 'tolerated'));
    onStep('overwrite_old_secret');
    return places.overwriteOld(row);
  };

  const syncMirror = (
    row: EpochRow,
    damaged: 'refused' | 'tolerated',
    opened?: string,
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
      opensIn(mirrorPath, row, damaged, opened);
      return 'whole';
    } catch (error) {
      // One whole place is enough to go on; the recorder's alarm stands until the other is written again.
      if (error instanceof GirokError || systemCode(error) !== undefined) return 'behind';
      throw error;
    }
  };

  const rotate = (row: EpochRow, secret: Buffer, doomed: (name: HourKeyName) => boolean) => {
    const kek = kekFor(row);
    try {
      const mirrored = readMirror((mirror) => (mirror.epoch()?.number === row.number ? mirror.rows() : []));
      return wrapAnew(tables, clock, {
        from: row,
        kek,
        rootKey,
        secret,
        doomed,
        mirrored: mirrored ?? [],
        beforeCommit: () => onStep('commit'),
      });
    } finally {
      kek.fill(0);
    }
  };

  const prove = (copies: readonly HourKeyRow[]): ErasureProof => {
    onStep('prove');
    const { epochs, opened } = tryKeys(copies, places.slots, rootKey);
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
    names: () => tables.rows().map(keyName),
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
          places.writeNext({ epoch: row.number + 1, secret });
          const done = rotate(row, secret, doomed);
          if (!done) continue;
          onStep('read_back');
          const opened = opensIn(path, done.next, 'refused');
          const mirror = syncMirror(done.next, 'refused', opened);
          onStep('overwrite_old_secret');
          const states = places.overwriteOld(done.next);
          return {
            fromEpoch: row.number,
            toEpoch: done.next.number,
            erased: uniqueNames(done.copies),
            survivors: done.survivors,
            damaged: done.damaged.map(keyName),
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

const uniqueNames = (rows: readonly HourKeyRow[]): HourKeyName[] => [
  ...new Map(rows.map((row) => [keyId(row), keyName(row)])).values(),
];
