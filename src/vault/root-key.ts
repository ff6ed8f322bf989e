import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { GirokError, systemCode } from '../lib/errors.ts';
import { keyMemory } from './key-memory.ts';
import { KEY_BYTES } from './layout.ts';

const READABLE_BY_OTHERS = 0o077;
/** systemd gives the service its right by an access list, whose mask stands where the group's rights would. */
const BEYOND_THE_SERVICE = 0o037;

/** Where the root key lies. */
export interface RootKeyFile {
  readonly path: string;
  /** A credential, in a folder that only its service can enter. */
  readonly laidBySystemd: boolean;
}

/**
 * The root key out of a file of exactly 32 bytes that only its owner may read. A systemd credential is such a
 * file too. It never becomes a string; the caller erases it.
 *
 * @param createIfAbsent only for storage that holds nothing yet: a new key opens nothing old
 * @throws GirokError `root_key_missing`, `root_key_wrong` (not 32 bytes), `credential_exposed` {file, mode}
 */
export function loadRootKey(
  place: string | RootKeyFile,
  { createIfAbsent }: { createIfAbsent: boolean },
): Buffer {
  const { path: file, laidBySystemd } =
    typeof place === 'string' ? { path: place, laidBySystemd: false } : place;
  if (createIfAbsent && !existsSync(file)) createRootKey(file);
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY);
  } catch (error) {
    throw new GirokError('root_key_missing', { file, system: systemCode(error) }, { cause: error });
  }
  // Read piece by piece into memory of its own: readFile would put it into a shared pool.
  const raw = keyMemory(KEY_BYTES + 1);
  try {
    const mode = fstatSync(descriptor).mode & 0o777;
    if (mode & (laidBySystemd ? BEYOND_THE_SERVICE : READABLE_BY_OTHERS))
      throw new GirokError('credential_exposed', { file, mode: mode.toString(8) });
    const bytes = readSync(descriptor, raw, 0, raw.length, 0);
    if (bytes !== KEY_BYTES) throw new GirokError('root_key_wrong', { file, bytes });
    const key = keyMemory(KEY_BYTES);
    raw.copy(key);
    return key;
  } finally {
    raw.fill(0);
    closeSync(descriptor);
  }
}

function createRootKey(file: string): void {
  const key = randomBytes(KEY_BYTES);
  try {
    const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      const written = writeSync(descriptor, key);
      if (written !== KEY_BYTES) throw new GirokError('root_key_wrong', { file, bytes: written });
      fsyncSync(descriptor);
    } catch (error) {
      // Half a key would be refused at every later start.
      unlinkSync(file);
      throw error;
    } finally {
      closeSync(descriptor);
    }
    const folder = openSync(dirname(file), constants.O_RDONLY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    // Another process of ours was first: its key is the one.
    if (systemCode(error) !== 'EEXIST') throw error;
  } finally {
    key.fill(0);
  }
}
