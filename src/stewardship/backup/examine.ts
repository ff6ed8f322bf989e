import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StorageFolders } from '../../config/folders.ts';
import { openCatalogueForWriting } from '../../db/catalogue/open.ts';
import { assertWhole } from '../../db/copy.ts';
import { type Database, openDatabase } from '../../db/open.ts';
import { createLedgerRows, type LedgerRows } from '../../db/site/ledger-rows.ts';
import { openSiteForWriting } from '../../db/site/open.ts';
import { verifyRows } from '../../ledger/bundle.ts';
import { readBody } from '../../ledger/entry.ts';
import { readLogKey } from '../../ledger/log.ts';
import type { VerifierKey } from '../../ledger/note.ts';
import { divergence, readKeptCheckpoint } from '../../ledger/second-place.ts';
import { rootOf } from '../../ledger/tree.ts';
import type { FaultCode } from '../../ledger/verification.ts';
import { GirokError, isGirokError, systemCode } from '../../lib/errors.ts';
import type { LocalDay, SiteTime } from '../../lib/site-time.ts';
import { dueUs } from '../../retention/plan.ts';
import { createFootageFolders } from '../../vault/erase-files.ts';
import { lockerOf } from '../../vault/locker-key.ts';
import { findKeys, type KeysFound } from '../../vault/restore-keys.ts';
import type { HourKeyName } from '../../vault/wrapping.ts';
import type { RetentionFiles } from './make.ts';
import type { Staged } from './stage.ts';

export const RESTORED_PARTS = ['site', 'keyring', 'catalogue', 'retention'] as const;
export type RestoredPart = (typeof RESTORED_PARTS)[number];

type Present = 'sound' | 'damaged' | 'missing';

/** What a restore would do and what it could not bring back; found out without changing anything. */
export interface Examination {
  readonly backup: string;
  readonly madeAt: string;
  readonly kind: 'full' | 'quick';
  /** What the ledger says of this backup: nothing, where its entry came later than what is left of the ledger. */
  readonly bound: 'vouched' | 'unknown';
  /** It is of the storage folder that it would go to. */
  readonly sameVolume: boolean;
  readonly site: SiteExamined;
  readonly keyring: KeyringExamined;
  readonly catalogue: {
    readonly present: Present;
    /** `reindex`: it is not in the backup, or of other footage; `girok vault reindex` makes it from the files. */
    readonly action: 'keep' | 'replace' | 'reindex';
  };
  /** Certificates, holds and the journal of the purge that are missing here. */
  readonly retention: { readonly missing: readonly string[] };
  /** Camera-days with files here, and those that no key opens after the restore. */
  readonly footage: {
    readonly cameraDays: number;
    readonly closed: readonly { readonly camera: string; readonly day: string; readonly due: boolean }[];
  };
}

export interface SiteExamined {
  readonly present: Present;
  /** `refuse`: replacing would take away what is sound here, or put back what is not. */
  readonly action: 'keep' | 'replace' | 'refuse' | 'nothing';
  readonly entries: number;
  readonly presentEntries?: number;
  /** What is wrong with the ledger in the backup itself. */
  readonly fault?: FaultCode;
  /** Another ledger than the present one, or than the kept checkpoint's. */
  readonly foreign: boolean;
  /** Entries that the present ledger or a kept checkpoint has seen and this one has not: they are lost if it goes in. */
  readonly missing?: { readonly from: number; readonly to: number };
}

export interface KeyringExamined {
  readonly action: 'keep' | 'add' | 'nothing' | 'lost';
  readonly epoch?: number;
  readonly backupEpoch?: number;
  readonly opens: number;
  readonly back: number;
  readonly backDays: readonly string[];
  /** Of camera-days that had to be erased by now: as it must be. */
  readonly goneErased: number;
  /** Of those that had not: lost, unless a hold or an officer ended them. */
  readonly goneOther: number;
  readonly goneDays: readonly string[];
}

export interface ExamineDeps {
  readonly folders: StorageFolders;
  readonly siteTime: SiteTime;
  readonly retentionDays: number;
  /** The caller erases it. */
  readonly rootKey: Buffer;
  readonly witnesses: readonly VerifierKey[];
  readonly nowUs: number;
  /** Of the volume that it would go to. */
  readonly volume: string;
  /** Replaces a sound ledger by an older one; nothing else may. */
  readonly forceOlder: boolean;
}

export interface Examined {
  readonly examination: Examination;
  readonly keys: KeysFound;
  /** Path → text, of `retention`. */
  readonly retention: ReadonlyMap<string, string>;
}

/**
 * Brings the staged databases to this program's version, and compares them with what is here and with what others
 * have seen of it.
 *
 * @throws GirokError `backup_damaged` (the ledger names another one of that name), `database_newer`,
 *   `root_key_wrong`
 */
export async function examine(staged: Staged, deps: ExamineDeps): Promise<Examined> {
  const { manifest } = staged;
  const { folders, siteTime, retentionDays, nowUs } = deps;
  const has = (name: string) => manifest.files.some((file) => file.name === name);
  const inStage = (name: string) => join(staged.folder, name);
  const isDue = (day: string) => dueUs(day as LocalDay, retentionDays, siteTime) <= nowUs;

  const presentSite = openPresent(folders.site);
  const stagedSite = has('site.db') ? openSiteForWriting(inStage('site.db')) : undefined;
  try {
    const [here, there] = [presentSite.db, stagedSite].map((db) => db && createLedgerRows(db));
    const vouched = boundBy(here, staged);
    const site = await examineSite(here, there, stagedSite, presentSite.present, deps);
    const erasedThrough = Math.max(erasedIn(here), erasedIn(there), await erasedByFiles(folders.retention));
    const keys = findKeys({
      folder: folders.keys,
      mirrorFolder: folders.keysMirror,
      backup: has('keyring.db') ? inStage('keyring.db') : undefined,
      rootKey: deps.rootKey,
      erasedThrough,
    });
    const retention = await missingFiles(folders.retention, inStage('retention.json'));
    const sameVolume = manifest.volume === deps.volume;
    return {
      keys,
      retention,
      examination: {
        backup: manifest.name,
        madeAt: manifest.madeAt,
        kind: manifest.kind,
        bound: vouched ? 'vouched' : 'unknown',
        sameVolume,
        site,
        keyring: keyringOf(keys, has('keyring.db'), isDue),
        catalogue: examineCatalogue(
          folders.catalogue,
          has('catalogue.db') && sameVolume ? inStage('catalogue.db') : undefined,
        ),
        retention: { missing: [...retention.keys()] },
        footage: await footageOf(folders.vault, keys, isDue),
      },
    };
  } finally {
    presentSite.db?.close();
    stagedSite?.close();
  }
}

/** @throws GirokError `backup_damaged` for a backup that bears the name of another one */
function boundBy(rows: LedgerRows | undefined, { manifest, sha256 }: Staged): boolean {
  if (!rows) return false;
  for (const { body } of rows.entriesOf(['backup.made'], 0)) {
    const entry = readBody(body);
    if (entry.event !== 'backup.made' || entry.facts.backup !== manifest.name) continue;
    if (entry.facts.sha256 === sha256) return true;
    throw new GirokError('backup_damaged', { path: manifest.name, reason: 'not what the ledger names' });
  }
  return false;
}

async function examineSite(
  here: LedgerRows | undefined,
  there: LedgerRows | undefined,
  stagedDb: Database | undefined,
  present: Present,
  { folders, witnesses, forceOlder }: ExamineDeps,
): Promise<SiteExamined> {
  const presentEntries = here?.size();
  const told = presentEntries === undefined ? {} : { presentEntries };
  const origin = there?.log()?.origin;
  if (!there || !stagedDb || origin === undefined)
    return { present, action: present === 'sound' ? 'keep' : 'nothing', entries: 0, foreign: false, ...told };

  const entries = there.size();
  const kept = await readKeptCheckpoint(join(folders.keysMirror, 'ledger-checkpoint'));
  const hereOrigin = here?.log()?.origin;
  const isOfThis = hereOrigin === undefined || hereOrigin === origin;
  const foreign = !isOfThis || (kept !== undefined && kept.origin !== origin);
  const seen = kept && kept.origin === origin ? kept : undefined;
  const { fault } = verifyRows(there, {
    log: readLogKey(stagedDb),
    witnesses,
    // A later one cannot be contained; what is missing to it is told below.
    kept: seen && seen.size <= entries ? [seen] : [],
  });
  const known = Math.max(isOfThis ? (presentEntries ?? 0) : 0, seen?.size ?? 0);
  const isForked =
    here !== undefined && isOfThis && hereOrigin !== undefined
      ? divergence(here, { size: entries, root: rootOf(entries, there) })?.kind === 'different'
      : false;
  const action = ((): SiteExamined['action'] => {
    if (fault) return 'refuse';
    if (present !== 'sound') return 'replace';
    if (forceOlder) return 'replace';
    // The present one is as new or newer, or tells another story that somebody has to look into first.
    if (!isForked && isOfThis && (presentEntries ?? 0) >= entries) return 'keep';
    return 'refuse';
  })();
  return {
    present,
    action,
    entries,
    ...told,
    ...(fault && { fault: fault.code }),
    foreign: foreign || isForked,
    ...(known > entries && { missing: { from: entries, to: known } }),
  };
}

function examineCatalogue(path: string, staged: string | undefined): Examination['catalogue'] {
  const present = soundnessOf(path);
  // Migrated already here, so that what does not migrate is found out while rehearsing.
  if (staged) openCatalogueForWriting(staged, 0).close();
  if (present === 'sound') return { present, action: 'keep' };
  return { present, action: staged ? 'replace' : 'reindex' };
}

function keyringOf(found: KeysFound, inBackup: boolean, isDue: (day: string) => boolean): KeyringExamined {
  const { state, epoch, backupEpoch, opens, back, gone } = found;
  const erased = gone.filter((name) => lockerOf(name) === undefined && isDay(name.day) && isDue(name.day));
  const action = state === 'lost' ? (inBackup ? 'lost' : 'nothing') : state === 'added' ? 'add' : 'keep';
  return {
    action,
    ...(epoch && state !== 'lost' && { epoch: epoch.number }),
    ...(backupEpoch !== undefined && { backupEpoch }),
    opens: opens.length,
    back: back.length,
    backDays: daysOf(back),
    goneErased: erased.length,
    goneOther: gone.length - erased.length,
    goneDays: daysOf(gone),
  };
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

const daysOf = (names: readonly HourKeyName[]): string[] =>
  [...new Set(names.map(({ day }) => day).filter(isDay))].sort();

async function footageOf(
  vault: string,
  { opens }: KeysFound,
  isDue: (day: string) => boolean,
): Promise<Examination['footage']> {
  const open = new Set(opens.map(({ camera, day }) => `${camera}/${day}`));
  const days = existsSync(vault) ? await createFootageFolders(vault).cameraDays() : [];
  const closed = days
    .filter(({ camera, day }) => !open.has(`${camera}/${day}`))
    .map(({ camera, day }) => ({ camera, day, due: isDue(day) }));
  return { cameraDays: days.length, closed };
}

function soundnessOf(path: string): Present {
  if (!existsSync(path)) return 'missing';
  try {
    assertWhole(path);
    return 'sound';
  } catch (error) {
    if (isGirokError(error, 'database_damaged')) return 'damaged';
    throw error;
  }
}

/** Whatever its version: nobody migrates it here. */
function openPresent(path: string): { present: Present; db?: Database } {
  const present = soundnessOf(path);
  if (present !== 'sound') return { present };
  const db = openDatabase({ path, readonly: true, synchronous: 'full' });
  try {
    if (createLedgerRows(db).log()) return { present, db };
  } catch (error) {
    // Without the ledger's tables it is a database, but not ours.
    if (systemCode(error) === undefined) throw error;
  }
  db.close();
  return { present: 'damaged' };
}

/** The newest epoch that an account of erasing names. */
function erasedIn(rows: LedgerRows | undefined): number {
  let newest = 0;
  for (const { body } of rows?.entriesOf(['erase.done', 'erase.incomplete'], 0) ?? [])
    newest = Math.max(newest, epochOf(readBody(body).facts));
  return newest;
}

/** The same by the certificates and the purge's journal, which may know more than a ledger that is lost. */
async function erasedByFiles(folder: string): Promise<number> {
  let newest = 0;
  const certificates = join(folder, 'certificates');
  const names = existsSync(certificates) ? await readdir(certificates) : [];
  for (const name of names.filter((each) => each.endsWith('.json')))
    newest = Math.max(newest, epochOf(await readJson(join(certificates, name))));
  const journal = (await readJson(join(folder, 'purge.json'))) as { lastGood?: unknown } | undefined;
  return Math.max(newest, epochOf(journal?.lastGood));
}

function epochOf(facts: unknown): number {
  const epoch = (facts as { epoch?: unknown } | undefined)?.epoch;
  return typeof epoch === 'number' && Number.isSafeInteger(epoch) ? epoch : 0;
}

/** @returns undefined for what is absent or no JSON: whoever uses it says so */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const retentionShape = z.strictObject({
  v: z.literal(1),
  files: z.record(
    z.string().regex(/^((holds|certificates|confirmations)\/)?[\w-]+\.(json|files)$/),
    z.string(),
  ),
}) satisfies z.ZodType<RetentionFiles>;

async function missingFiles(folder: string, staged: string): Promise<Map<string, string>> {
  const read = retentionShape.safeParse(await readJson(staged));
  if (!read.success) throw new GirokError('backup_damaged', { path: staged, file: 'retention.json' });
  const missing = new Map<string, string>();
  for (const [path, text] of Object.entries(read.data.files))
    if (!existsSync(join(folder, path))) missing.set(path, path === 'purge.json' ? withoutRun(text) : text);
  await rm(staged);
  return missing;
}

/** A run that was going on when the backup was made has ended long ago: nobody finishes it a second time. */
function withoutRun(journal: string): string {
  try {
    const { intent, waiting, unaccounted, ...rest } = JSON.parse(journal) as Record<string, unknown>;
    return `${JSON.stringify(rest)}\n`;
  } catch {
    // It was damaged when the backup was made: the purge says so, as it did then.
    return journal;
  }
}
