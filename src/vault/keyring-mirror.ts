import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type HourKeyRow,
  type KeyringTables,
  openKeyringTables,
  removeKeyringFile,
} from '../db/keyring/tables.ts';
import { GirokError, isGirokError } from '../lib/errors.ts';

/** `behind`: the second place could not be written; recording goes on, an alarm says so, the next call retries. */
export type MirrorState = { readonly state: 'whole' } | { readonly state: 'behind'; readonly error: unknown };

export interface KeyringMirror {
  readonly state: MirrorState;
  /** Takes the rows that were just committed to the keyring. */
  follow(tables: KeyringTables, rows: readonly HourKeyRow[]): void;
  /** Copies everything again if the mirror fell behind, has been away, or missed a rotation. */
  catchUp(tables: KeyringTables): void;
  copyAll(tables: KeyringTables): void;
  close(): void;
}

interface MirrorOptions {
  /** The keyring and its mirror. */
  readonly paths: readonly [string, string];
  readonly readonly: boolean;
  readonly busyTimeoutMs: number;
  /** Whether the mirror's folder is the place that is noted, and not the empty mount point of a missing disk. */
  readonly isHere: () => boolean;
}

/**
 * Opens the keyring and its mirror and makes one out of the other where one is lost, damaged or older. The copy
 * with the higher epoch is the truth: keys that a rotation has left out must not come back. With equal epochs
 * nothing was erased in between, so each takes what it lacks.
 *
 * @throws GirokError `keyring_damaged` when neither can be read, `database_newer`
 */
export function openMirroredTables(options: MirrorOptions): { tables: KeyringTables; mirror: KeyringMirror } {
  const [path, mirrorPath] = options.paths;
  const open = (file: string) =>
    openKeyringTables({ path: file, readonly: options.readonly, busyTimeoutMs: options.busyTimeoutMs });

  if (options.readonly) {
    // A reader repairs nothing; the mirror serves it when the keyring cannot.
    const tables = attempt(() => open(path)) ?? attempt(() => open(mirrorPath));
    if (!tables) throw new GirokError('keyring_damaged', { path });
    return {
      tables,
      mirror: createMirror(
        () => undefined,
        () => undefined,
        () => true,
      ),
    };
  }

  const mayUseMirror = options.isHere() && existsSync(mirrorPath);
  const existed = existsSync(path) || mayUseMirror;
  const first = attempt(() => (existsSync(path) ? open(path) : undefined));
  const second = attempt(() => (mayUseMirror ? open(mirrorPath) : undefined));
  if (existed && !first && !second) throw new GirokError('keyring_damaged', { path });
  const tables = first ?? reopen(path, open);
  const truth = second && (second.epoch()?.number ?? 0) > (tables.epoch()?.number ?? 0) ? second : tables;
  if (second) copyKeyring(second, tables, truth === second);

  let copyFile = second;
  const close = () => {
    copyFile?.close();
    copyFile = undefined;
  };
  const mirror = createMirror(
    () => {
      if (!options.isHere()) {
        // An open file would keep a disk that went busy, and take rows that nobody finds again.
        close();
        throw new GirokError('storage_missing', { path: dirname(mirrorPath) });
      }
      copyFile ??= reopen(mirrorPath, open);
      return copyFile;
    },
    close,
    options.isHere,
  );
  mirror.copyAll(tables);
  return { tables, mirror };
}

function reopen(path: string, open: (file: string) => KeyringTables): KeyringTables {
  removeKeyringFile(path);
  return open(path);
}

/** Undefined for a file that is lost or broken; a newer version or a busy file is not broken. */
function attempt(open: () => KeyringTables | undefined): KeyringTables | undefined {
  try {
    return open();
  } catch (error) {
    if (isGirokError(error, 'database_damaged') || isGirokError(error, 'storage_missing')) return undefined;
    throw error;
  }
}

/**
 * Brings `to` up to `from`; nothing happens where `from` is older.
 *
 * @param replace drops what the target has first: its epoch is older.
 */
export function copyKeyring(from: KeyringTables, to: KeyringTables, replace = false): void {
  to.write(() => {
    // Read under the lock: what another process has just committed and followed up must not be cleared away.
    const epoch = from.epoch();
    const older = (epoch?.number ?? 0) < (to.epoch()?.number ?? 0);
    if (!epoch || older) return;
    if (replace || to.epoch()?.number !== epoch.number) to.clear();
    to.setEpoch(epoch);
    for (const row of from.rows()) to.insert(row);
  });
}

function createMirror(
  target: () => KeyringTables | undefined,
  close: () => void,
  isHere: () => boolean,
): KeyringMirror {
  let state: MirrorState = { state: 'whole' };
  const attemptWrite = (work: (to: KeyringTables) => void) => {
    try {
      const to = target();
      if (to) work(to);
      state = { state: 'whole' };
    } catch (error) {
      state = { state: 'behind', error };
    }
  };
  const copyAll = (tables: KeyringTables) => attemptWrite((to) => copyKeyring(tables, to));
  return {
    get state() {
      return state;
    },
    follow(tables, rows) {
      if (state.state === 'behind') return copyAll(tables);
      attemptWrite((to) => {
        const epoch = tables.epoch();
        // A rotation came between the commit and here: the rows in hand are wrapped under a secret that is gone.
        const isStale = (row: HourKeyRow) => row.epoch !== epoch?.number;
        if (epoch && (to.epoch()?.number !== epoch.number || rows.some(isStale)))
          return copyKeyring(tables, to);
        to.write(() => {
          for (const row of rows) to.insert(row);
        });
      });
    },
    catchUp(tables) {
      if (state.state === 'behind' || !isHere()) return copyAll(tables);
      // A rotation that could not write it leaves rows there that no secret opens any more.
      attemptWrite((to) => {
        if (to.epoch()?.number !== tables.epoch()?.number) copyKeyring(tables, to);
      });
    },
    copyAll,
    close,
  };
}
