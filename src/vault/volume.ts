import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type FileLock, lockFile } from '../db/lock.ts';
import type { Clock } from '../lib/clock.ts';
import { isoFromUs } from '../lib/clock.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';

/** `volume.json`: says that this folder is Girok's, and not the empty mount point of a disk that is missing. */
export interface VolumeMarker {
  readonly volume: string;
  /** The site whose footage lies here. */
  readonly site: string;
  readonly createdAt: string;
  readonly format: 1;
}

export interface Volume {
  readonly marker: VolumeMarker;
  /** The marker was made just now: there is no footage yet. */
  readonly isNew: boolean;
  release(): void;
}

export interface VolumeOptions {
  readonly storage: string;
  /** Marks an empty folder, making it first where its parent exists. */
  readonly initialise: boolean;
  /** The configured site; a volume of another one is refused. */
  readonly site: string;
  readonly clock: Clock;
  /** It is the restore itself that goes on. */
  readonly restoring?: boolean;
}

/** Lies in the storage folder while a backup is being put in place: until that is finished nobody takes it. */
export const RESTORE_JOURNAL = 'restore.json';

const MARKER = 'volume.json';
const LOCK = 'recorder.lock';
/** What an empty, freshly formatted disk contains. */
const OF_THE_DISK = new Set(['lost+found']);
const markerShape = z.strictObject({
  volume: z.uuid(),
  site: z.string(),
  createdAt: z.iso.datetime(),
  format: z.literal(1),
});

/**
 * Opens the storage folder for the one process that records into it. The lock ends with the process, however it
 * ends.
 *
 * @throws GirokError `storage_missing`, `storage_unmarked`, `storage_foreign`, `storage_readonly`, `storage_in_use`,
 *   `restore_unfinished`
 */
export async function openVolume(options: VolumeOptions): Promise<Volume> {
  const { storage, initialise, site, clock, restoring = false } = options;
  if (initialise) await makeFolder(storage);
  const found = await readMarker(storage);
  if (!found) await refuseUnlessEmpty(storage, initialise);
  if (found && found.site !== site) {
    throw new GirokError('storage_foreign', { storage, site: found.site, expected: site });
  }
  await refuseReadOnly(storage);
  const lock = takeLock(storage);
  try {
    if (!restoring) refuseUnfinishedRestore(storage);
    // Read again under the lock: another process may have marked it meanwhile.
    const marked = found ?? (await readMarker(storage));
    if (marked) return { marker: marked, isNew: false, release: lock.release };
    const marker: VolumeMarker = {
      volume: randomUUID(),
      site,
      createdAt: isoFromUs(clock.utcUs()),
      format: 1,
    };
    await writeFileDurably(join(storage, MARKER), `${JSON.stringify(marker, undefined, 2)}\n`, 0o644);
    return { marker, isNew: true, release: lock.release };
  } catch (error) {
    lock.release();
    throw systemCode(error) === 'EROFS'
      ? new GirokError('storage_readonly', { storage }, { cause: error })
      : error;
  }
}

/**
 * For a process that works beside the recorder: whether this is the volume, and not the empty mount point of a
 * disk that is missing.
 *
 * @throws GirokError `storage_missing`, `storage_unmarked`, `storage_foreign`, `restore_unfinished`
 */
export async function assertVolume(storage: string, site: string): Promise<VolumeMarker> {
  const found = await readMarker(storage);
  if (!found) throw new GirokError('storage_unmarked', { storage });
  if (found.site !== site)
    throw new GirokError('storage_foreign', { storage, site: found.site, expected: site });
  refuseUnfinishedRestore(storage);
  return found;
}

/** Half of the databases may be of another time. @throws GirokError `restore_unfinished` */
export function refuseUnfinishedRestore(storage: string): void {
  if (existsSync(join(storage, RESTORE_JOURNAL))) throw new GirokError('restore_unfinished', { storage });
}

async function makeFolder(storage: string): Promise<void> {
  try {
    await mkdir(storage, { mode: 0o700 });
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST') return;
    throw new GirokError(
      code === 'EROFS' ? 'storage_readonly' : 'storage_missing',
      { storage },
      { cause: error },
    );
  }
}

async function readMarker(storage: string): Promise<VolumeMarker | undefined> {
  let text: string;
  try {
    text = await readFile(join(storage, MARKER), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new GirokError('storage_missing', { storage, system: systemCode(error) }, { cause: error });
  }
  try {
    return markerShape.parse(JSON.parse(text));
  } catch (error) {
    throw new GirokError('storage_foreign', { storage, reason: 'volume.json' }, { cause: error });
  }
}

async function refuseUnlessEmpty(storage: string, initialise: boolean): Promise<void> {
  let names: string[];
  try {
    names = await readdir(storage);
  } catch (error) {
    throw new GirokError('storage_missing', { storage, system: systemCode(error) }, { cause: error });
  }
  const strange = names.filter((name) => !OF_THE_DISK.has(name) && name !== LOCK && name !== `${MARKER}.new`);
  if (!initialise || strange.length > 0) {
    throw new GirokError('storage_unmarked', { storage, entries: strange.length });
  }
}

/** Asked outright: the lock alone can be had on a read-only disk. */
async function refuseReadOnly(storage: string): Promise<void> {
  try {
    await access(storage, constants.W_OK);
  } catch (error) {
    throw new GirokError('storage_readonly', { storage, system: systemCode(error) }, { cause: error });
  }
}

function takeLock(storage: string): FileLock {
  const path = join(storage, LOCK);
  const lock = lockFile(path);
  if (!lock) throw new GirokError('storage_in_use', { storage });
  return lock;
}
