import { createHash } from 'node:crypto';
import { createReadStream, type Dirent, existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyDatabase } from '../../db/copy.ts';
import { openKeyringTables } from '../../db/keyring/tables.ts';
import { openDatabase } from '../../db/open.ts';
import { createLedgerRows } from '../../db/site/ledger-rows.ts';
import { rootOf } from '../../ledger/tree.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { syncDirectory, writeFileDurably } from '../../lib/durable.ts';
import { GirokError, isGirokError, systemCode } from '../../lib/errors.ts';
import { createSiteTime } from '../../lib/site-time.ts';
import { spaceOf } from '../../lib/space.ts';
import { assertVolume } from '../../vault/volume.ts';
import {
  BACKUP_NAME,
  type BackupFile,
  type BackupKind,
  MANIFEST,
  type Manifest,
  readManifest,
} from './manifest.ts';
import { backupNames, openPlace } from './place.ts';
import { superfluous } from './thin.ts';

/** Plain data: it is handed to a thread. */
export interface BackupSource {
  readonly site: string;
  readonly timeZone: string;
  /** The storage folder. */
  readonly storage: string;
  /** Free space there that is the recorder's; it counts where the backups lie on the same disk. */
  readonly reserveBytes: number;
  readonly databases: { readonly site: string; readonly catalogue: string; readonly keyring: string };
  readonly retention: string;
  readonly config: string;
  /** `backup.folder` */
  readonly folder: string;
  readonly keepDays: number;
}

export interface BackupMade {
  readonly name: string;
  readonly path: string;
  readonly kind: BackupKind;
  /** Of the manifest: what the ledger vouches for. */
  readonly sha256: string;
  readonly bytes: number;
  readonly manifest: Manifest;
  /** It lies on the disk of what it is a backup of. */
  readonly sameDisk: boolean;
  /** Older ones that it has made superfluous. */
  readonly removed: readonly string[];
}

const UNFINISHED = '.unfinished-';
const GOING = '.going-';

/**
 * Makes one backup: the databases as each is at one instant, what retention has written, and the configuration.
 * Each file is checked and durable before the folder gets its name, so that a kill leaves a whole backup or none.
 * The caller holds the lock that keeps it the only one.
 *
 * @param nowUs wall clock
 * @param anew the old place of the backups is gone for good
 * @throws GirokError `backup_place_missing`, `backup_foreign`, `backup_no_room`, `database_damaged` (the ledger or
 *   the keyring), of the volume; the system's errors
 */
export async function makeBackup(
  source: BackupSource,
  { kind, nowUs, anew = false }: { kind: BackupKind; nowUs: number; anew?: boolean },
): Promise<BackupMade> {
  const { volume } = await assertVolume(source.storage, source.site);
  const { sameDisk } = await openPlace(source, anew);
  await clearAway(source.folder);
  await refuseWithoutRoom(source, kind, sameDisk);
  const newest = (await backupNames(source.folder, BACKUP_NAME)).at(-1);
  const name = nameAfter(newest, nowUs / 1000);
  const [temporary, path] = [join(source.folder, UNFINISHED + name), join(source.folder, name)];
  try {
    await mkdir(temporary, { mode: 0o700 });
    const manifest = await fill(temporary, source, {
      v: 1,
      name,
      site: source.site,
      volume,
      madeAt: isoFromUs(nowUs),
      kind,
    });
    const text = canonicalJson(manifest);
    await writeFileDurably(join(temporary, MANIFEST), text);
    await syncDirectory(temporary);
    await rename(temporary, path);
    await syncDirectory(source.folder);
    return {
      name,
      path,
      kind,
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
      manifest,
      sameDisk,
      removed: await thin(source, volume),
    };
  } catch (error) {
    // Its room is wanted; what cannot be removed now, the next one clears away.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw refusalOf(error, source.folder);
  }
}

/** Copies everything into the folder and says what there is now. */
async function fill(
  temporary: string,
  source: BackupSource,
  head: Pick<Manifest, 'v' | 'name' | 'site' | 'volume' | 'madeAt' | 'kind'>,
): Promise<Manifest> {
  const { site, keyring, catalogue } = source.databases;
  const omitted: Manifest['omitted'] = [];
  const versions = new Map<BackupFile, number>();
  const copy = (file: BackupFile, from: string) => {
    if (existsSync(from)) versions.set(file, copyDatabase(from, join(temporary, file)));
  };
  // The keyring after the ledger: what the ledger says to be erased is then never in it.
  copy('site.db', site);
  copy('keyring.db', keyring);
  if (head.kind === 'full') {
    try {
      copy('catalogue.db', catalogue);
    } catch (error) {
      // It can be made again from the files: no reason to leave the others without a backup.
      if (!isGirokError(error, 'database_damaged')) throw error;
      omitted.push({ name: 'catalogue.db', code: error.code });
      await rm(join(temporary, 'catalogue.db'), { force: true });
    }
  }
  await writeFileDurably(
    join(temporary, 'retention.json'),
    canonicalJson(await retentionOf(source.retention)),
  );
  await copyFile(source.config, join(temporary, 'cameras.yml'));
  await sync(join(temporary, 'cameras.yml'));

  const files: Manifest['files'] = [];
  for (const file of ['site.db', 'keyring.db', 'catalogue.db', 'retention.json', 'cameras.yml'] as const) {
    if (!existsSync(join(temporary, file))) continue;
    const version = versions.get(file);
    files.push({
      name: file,
      ...(await hashFile(join(temporary, file))),
      ...(version === undefined ? {} : { version }),
    });
  }
  const ledger = ledgerOf(join(temporary, 'site.db'));
  const keys = keyringOf(join(temporary, 'keyring.db'));
  return { ...head, ...(ledger && { ledger }), ...(keys && { keyring: keys }), files, omitted };
}

const IS_FULL = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);
const REFUSES = new Set(['EROFS', 'EACCES', 'EPERM', 'SQLITE_READONLY', 'SQLITE_CANTOPEN']);

/** The system's word for it in a sentence that has a remedy. */
function refusalOf(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (code === undefined || error instanceof GirokError) return error;
  if (IS_FULL.has(code)) return new GirokError('backup_no_room', { path, system: code }, { cause: error });
  if (REFUSES.has(code)) return new GirokError('file_unwritable', { path, system: code }, { cause: error });
  return error;
}

/** Backups that can be read, oldest first; what cannot is named with its code. */
export async function listBackups(
  folder: string,
): Promise<{ backups: Manifest[]; unreadable: { name: string; code: string }[] }> {
  const backups: Manifest[] = [];
  const unreadable: { name: string; code: string }[] = [];
  for (const name of await backupNames(folder, BACKUP_NAME)) {
    try {
      backups.push((await readManifest(join(folder, name))).manifest);
    } catch (error) {
      if (!(error instanceof GirokError)) throw error;
      unreadable.push({ name, code: error.code });
    }
  }
  return { backups, unreadable };
}

export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of createReadStream(path)) {
    hash.update(part as Buffer);
    bytes += (part as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** What retention has written, as relative path → text. Locks and temporary files are none of it. */
export interface RetentionFiles {
  readonly v: 1;
  readonly files: Readonly<Record<string, string>>;
}

async function retentionOf(folder: string): Promise<RetentionFiles> {
  const files: Record<string, string> = {};
  for (const inside of ['', 'holds', 'certificates', 'confirmations']) {
    for (const entry of await listFolder(join(folder, inside))) {
      if (!entry.isFile() || !/^[\w-]+\.(json|files)$/.test(entry.name)) continue;
      const path = join(inside, entry.name);
      const text = await readUnlessGone(join(folder, path));
      if (text !== undefined) files[path] = text;
    }
  }
  return { v: 1, files };
}

async function listFolder(path: string): Promise<Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Replaced files are never away, but somebody else may have removed one since it was listed. */
async function readUnlessGone(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function ledgerOf(path: string): Manifest['ledger'] {
  if (!existsSync(path)) return undefined;
  const db = openDatabase({ path, readonly: true, synchronous: 'full' });
  try {
    const rows = createLedgerRows(db);
    const origin = rows.log()?.origin;
    const size = rows.size();
    return origin === undefined ? undefined : { origin, size, root: rootOf(size, rows).toString('hex') };
  } finally {
    db.close();
  }
}

function keyringOf(path: string): Manifest['keyring'] {
  if (!existsSync(path)) return undefined;
  const tables = openKeyringTables({ path, readonly: true, busyTimeoutMs: 0 });
  try {
    const epoch = tables.epoch()?.number;
    return epoch === undefined ? undefined : { epoch, keys: tables.count() };
  } finally {
    tables.close();
  }
}

/** Names sort as backups were made, also after the clock was set back. */
function nameAfter(newest: string | undefined, nowMs: number): string {
  const [, date, hours, minutes, seconds, ms] = /^(\d{8})T(..)(..)(..)(...)Z$/.exec(newest ?? '') ?? [];
  const day = date?.replace(/(....)(..)(..)/, '$1-$2-$3');
  const newestMs = day ? Date.parse(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`) : -Infinity;
  return new Date(Math.max(nowMs, newestMs + 1)).toISOString().replaceAll(/[-:.]/g, '');
}

/** What earlier ones have begun and not finished, making or removing. */
async function clearAway(folder: string): Promise<void> {
  for (const { name } of await listFolder(folder)) {
    if (name.startsWith(UNFINISHED) || name.startsWith(GOING))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Twice what it takes at most: somebody else may write meanwhile. Never out of what recording needs. */
async function refuseWithoutRoom(source: BackupSource, kind: BackupKind, sameDisk: boolean): Promise<void> {
  const { site, keyring, catalogue } = source.databases;
  const copied = [site, keyring, ...(kind === 'full' ? [catalogue] : [])].flatMap((path) => [
    path,
    `${path}-wal`,
  ]);
  let needed = 2 ** 20;
  for (const path of copied) needed += await sizeOf(path);
  if (sameDisk) needed += source.reserveBytes;
  const { freeBytes } = await spaceOf(source.folder);
  if (freeBytes < needed)
    throw new GirokError('backup_no_room', { path: source.folder, free: freeBytes, needed });
}

async function sizeOf(path: string): Promise<number> {
  if (!existsSync(path)) return 0;
  const handle = await open(path, 'r');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The name goes first, so that a half-removed one is no backup any more. */
async function thin(source: BackupSource, volume: string): Promise<string[]> {
  const { backups } = await listBackups(source.folder);
  const siteTime = createSiteTime(source.timeZone);
  const going = superfluous(backups, { volume, keepDays: source.keepDays, siteTime });
  for (const name of going) await rename(join(source.folder, name), join(source.folder, GOING + name));
  if (going.length > 0) await syncDirectory(source.folder);
  for (const name of going) await rm(join(source.folder, GOING + name), { recursive: true, force: true });
  return going;
}
