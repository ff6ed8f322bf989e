import { open, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { systemCode } from '../lib/errors.ts';
import { ID_PATTERN } from '../lib/id-pattern.ts';
import { parseFile } from '../vault/identity.ts';

/**
 * What can lie in the storage folder. `segments` and `lockers`: sealed, and as old as their keys. All others hold
 * no footage, and are read through to see it.
 */
export const STORAGE_PLACES = [
  'segments',
  'lockers',
  'keys',
  'databases',
  'accounts',
  'running',
  'temporary',
] as const;
type StoragePlace = (typeof STORAGE_PLACES)[number];

export interface StorageSurvey {
  /** Files of each place. */
  readonly files: Readonly<Record<StoragePlace, number>>;
  /** Files with pictures or video in the clear: no such file may exist. Relative to the storage folder. */
  readonly inClear: readonly string[];
  /** Files of no known place, as a thumbnail or a cache would be: the first hundred names. */
  readonly unknown: readonly string[];
  readonly unknownFiles: number;
  /** Copies of a keyring besides the two that belong there. */
  readonly keyrings: readonly string[];
}

export interface SurveyedFolders {
  /** The storage folder; what lies outside of it is looked at where it is named here. */
  readonly root: string;
  readonly mirror: string;
  /** Files of the configuration that may lie among them: the root key. */
  readonly others?: readonly string[];
  /** Folders with copies that have a checker of their own; only their keyrings are taken along. */
  readonly backups?: readonly string[];
}

const MOST_NAMED = 100;
/** With SQLite's companions, one that was moved aside and one that is being made. */
const DATABASE = /^(?:catalogue|site)\.db(?:\.\d{8}T\d{6}|\.new)?(?:-wal|-shm|-journal)?$/;
const KEYS =
  /^(?:keyring\.db(?:-wal|-shm|-journal)?|epoch\.slots|(?:places?|clock)\.json|place\.json\.[0-9a-f-]{36}|ledger-checkpoint|last-volume)$/;
const ACCOUNTS =
  /^(?:(?:volume|backup-place|recorder\/(?:known|folded)|steward\/(?:hash-round|ledger-verified)|begun-anew)\.json|ledger-checkpoint|ledger-seen-elsewhere|retention\/(?:purge\.json|witness-time\.json|holds\/[^/]+\.(?:json|files)|(?:certificates|confirmations)\/[^/]+\.json)|spool\/[a-z-]+\/[^/]+)$/;
const RUNNING =
  /^(?:(?:recorder|steward|backup|retention\/purge|retention\/holds\/[0-9a-z]+)\.lock(?:-journal)?|run\/[a-z-]+\.sock|ledger\.ballast)$/;
/** Where a restore, and a ledger that was begun anew, have laid aside what they replaced. */
const LAID_ASIDE = /^(?:before-restore-[^/]+|ledger-before\/[^/]+)\//;
/** Where a restore works. */
const STAGING = 'restore-staging';
/** What is written before it is renamed into its place (src/lib/durable.ts). */
const TEMPORARY = /(?:\.\d+)?\.new$/;
/** A freshly formatted disk has it, and only its system may look inside. */
const OF_THE_DISK = 'lost+found';

/**
 * Looks at everything in the storage folder. Names only of what is sealed; whatever else is known is read, and what
 * is not known is named.
 *
 * @throws the system's error of a disk that cannot be read
 */
export async function surveyStorage(folders: SurveyedFolders): Promise<StorageSurvey> {
  const files = Object.fromEntries(STORAGE_PLACES.map((place) => [place, 0])) as Record<StoragePlace, number>;
  const [inClear, unknown, keyrings]: [string[], string[], string[]] = [[], [], []];
  let unknownFiles = 0;
  const isBackup = (path: string) => folders.backups?.some((each) => isWithin(path, each)) ?? false;

  const look = async (path: string) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (isBackup(path)) {
      if (name === 'keyring.db') keyrings.push(path);
      return;
    }
    const place = placeOf(path, folders);
    if (!place) {
      unknownFiles += 1;
      if (unknown.length < MOST_NAMED) unknown.push(relative(folders.root, path));
      if (name === 'keyring.db') keyrings.push(path);
      return;
    }
    files[place] += 1;
    if (name === 'keyring.db' && LAID_ASIDE.test(relative(folders.root, path))) keyrings.push(path);
    if (place === 'segments' || place === 'lockers') return;
    if (!path.endsWith('.sock') && (await showsPictures(path))) inClear.push(relative(folders.root, path));
  };
  const walk = async (folder: string, isTop = false): Promise<void> => {
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) await look(path);
      else if (!isTop || entry.name !== OF_THE_DISK) await walk(path);
    }
  };
  await walk(folders.root, true);
  for (const outside of [folders.mirror, ...(folders.backups ?? [])])
    if (!isWithin(outside, folders.root)) await walk(outside, true);
  return { files, inClear, unknown: unknown.sort(), unknownFiles, keyrings: keyrings.sort() };
}

function placeOf(path: string, { root, mirror, others }: SurveyedFolders): StoragePlace | undefined {
  if (others?.includes(path)) return 'keys';
  if (TEMPORARY.test(path))
    return placeOf(path.replace(TEMPORARY, ''), { root, mirror, others: others ?? [] }) && 'temporary';
  const inMirror = isWithin(path, mirror) && relative(mirror, path);
  if (inMirror) return KEYS.test(inMirror) ? 'keys' : undefined;
  const file = relative(root, path).replace(LAID_ASIDE, '');
  const [top = '', second = ''] = file.split('/');
  const rest = file.slice(top.length + 1);
  if (top === 'vault') return parseFile(rest) && 'segments';
  if (top === 'evidence')
    return ID_PATTERN.test(second) && parseFile(rest.slice(second.length + 1)) ? 'lockers' : undefined;
  if (top === 'keys') return KEYS.test(rest) ? 'keys' : undefined;
  if (top === STAGING) return 'temporary';
  if (DATABASE.test(file)) return 'databases';
  if (ACCOUNTS.test(file)) return 'accounts';
  return RUNNING.test(file) ? 'running' : undefined;
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Nothing where there is no such folder (any more). */
async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** How video and pictures begin: long enough that no database has them by chance. */
const SIGNATURES = [
  Buffer.from('moof\0\0\0\u0010mfhd', 'latin1'),
  ...['iso', 'mp4', 'avc', 'hev'].map((brand) => Buffer.from(`ftyp${brand}`, 'latin1')),
  Buffer.from('\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0', 'latin1'),
  Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
  Buffer.from('WEBPVP8', 'latin1'),
];
const LONGEST = Math.max(...SIGNATURES.map(({ length }) => length));
const READ_BYTES = 1024 * 1024;

/** Whether any byte of a file begins a picture or video in the clear. A file that went meanwhile shows nothing. */
async function showsPictures(path: string): Promise<boolean> {
  const block = Buffer.alloc(LONGEST + READ_BYTES);
  try {
    const file = await open(path, 'r');
    try {
      for (let carried = 0; ; ) {
        const { bytesRead } = await file.read(block, carried, READ_BYTES);
        if (bytesRead === 0) return false;
        const filled = block.subarray(0, carried + bytesRead);
        if (SIGNATURES.some((signature) => filled.includes(signature))) return true;
        carried = Math.min(LONGEST - 1, filled.length);
        filled.copyWithin(0, filled.length - carried);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
