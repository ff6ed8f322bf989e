import { existsSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { StorageFolders } from '../../config/folders.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { isoFromUs } from '../../lib/clock.ts';
import { syncDirectory, writeFileDurably } from '../../lib/durable.ts';
import { GirokError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { readIfThere } from '../../lib/read-file.ts';
import {
  fileModeIn,
  folderModeIn,
  makePassage,
  makeSharedFolder,
  OWN_FOLDER,
  sharedFileModeIn,
} from '../../lib/sharing.ts';
import { writeKeyring } from '../../vault/restore-keys.ts';
import { RESTORE_JOURNAL } from '../../vault/volume.ts';
import type { Examined, RestoredPart } from './examine.ts';
import type { Staged } from './stage.ts';

/** Paths relative to the storage folder; nothing of it is absolute, so that a disk may move meanwhile. */
const journalShape = z.strictObject({
  v: z.literal(1),
  backup: z.string(),
  aside: z.string().regex(/^before-restore-\w+$/),
  steps: z.array(z.strictObject({ staged: z.string(), target: z.string() })),
  parts: z.array(z.enum(['site', 'keyring', 'catalogue', 'retention'])),
  told: z.strictObject({ name: z.string(), text: z.string() }),
});
export type RestoreJournal = z.infer<typeof journalShape>;

/** Where a backup lies while it is put in place, and while that is rehearsed. */
export const stagingFolder = (folders: StorageFolders): string => join(folders.root, 'restore-staging');

/**
 * Writes down what a restore is going to do. From here on it can be broken off anywhere and is finished by
 * {@link finishRestore}; until it is, no other process of Girok takes the storage folder.
 *
 * @returns undefined when there is nothing to put back
 */
export async function beginRestore(
  { folder, manifest, sha256 }: Staged,
  { examination, keys, retention }: Examined,
  { folders, only, nowUs }: { folders: StorageFolders; only: readonly RestoredPart[]; nowUs: number },
): Promise<RestoreJournal | undefined> {
  const steps: { staged: string; target: string }[] = [];
  const parts = new Set<RestoredPart>();
  const step = (part: RestoredPart, name: string, target: string) => {
    parts.add(part);
    steps.push({
      staged: relative(folders.root, join(folder, name)),
      target: relative(folders.root, target),
    });
  };
  if (only.includes('keyring') && examination.keyring.action === 'add') {
    writeKeyring(join(folder, 'merged.db'), keys);
    await sync(join(folder, 'merged.db'));
    step('keyring', 'merged.db', join(folders.keys, 'keyring.db'));
  }
  if (only.includes('catalogue') && examination.catalogue.action === 'replace')
    step('catalogue', 'catalogue.db', folders.catalogue);
  if (only.includes('retention')) {
    let number = 0;
    for (const [path, text] of retention) {
      const name = `retention-${number++}.json`;
      await writeFileDurably(join(folder, name), text);
      step('retention', name, join(folders.retention, path));
    }
  }
  // The ledger last: what it will have to account for is in place by then.
  if (only.includes('site') && examination.site.action === 'replace') step('site', 'site.db', folders.site);
  if (steps.length === 0) return undefined;
  for (const { staged } of steps) await sync(join(folders.root, staged));
  await syncDirectory(folder);

  const { keyring, site } = examination;
  const facts = {
    backup: manifest.name,
    sha256,
    parts: [...parts],
    keysBack: parts.has('keyring') ? keyring.back : 0,
    keysGone: keyring.goneErased + keyring.goneOther,
    ...(parts.has('site') && site.missing && { entriesMissing: site.missing.to - site.missing.from }),
  };
  const journal: RestoreJournal = {
    v: 1,
    backup: manifest.name,
    aside: `before-restore-${isoFromUs(nowUs).replaceAll(/[-:.]/g, '')}`,
    steps,
    parts: [...parts],
    told: {
      name: `${newId(nowUs)}.json`,
      text: canonicalJson({ v: 1, at: isoFromUs(nowUs), writer: 'restore', event: 'backup.restored', facts }),
    },
  };
  await writeFileDurably(join(folders.root, RESTORE_JOURNAL), `${JSON.stringify(journal)}\n`);
  return journal;
}

/**
 * Puts each part in place, the present one laid aside first. Begins again wherever it was broken off: what is no
 * longer staged is in place.
 */
export async function finishRestore(folders: StorageFolders, journal: RestoreJournal): Promise<void> {
  const { root } = folders;
  const aside = join(root, journal.aside);
  await mkdir(aside, { recursive: true, mode: 0o700 });
  await syncDirectory(root);
  for (const { staged, target } of journal.steps) {
    const [from, to] = [join(root, staged), join(root, target)];
    if (!existsSync(from)) continue;
    const top = target.split('/')[0] ?? target;
    if (top !== target) makeSharedFolder(join(root, top));
    await makeFolders(root, dirname(target));
    // The journal of a database goes with it: beside another one it would be taken for its own.
    for (const ending of ['-wal', '-shm', '-journal', '']) {
      if (!existsSync(to + ending)) continue;
      const kept = join(aside, target + ending);
      await makeFolders(aside, dirname(target));
      await rename(to + ending, kept);
      await syncDirectory(dirname(kept));
    }
    await syncDirectory(dirname(to));
    await chmod(from, to === folders.catalogue ? sharedFileModeIn(root) : await fileModeIn(dirname(to)));
    await rename(from, to);
    await syncDirectory(dirname(to));
    await syncDirectory(dirname(from));
  }
  const spool = join(dirname(folders.spool), 'restore');
  makePassage(dirname(spool));
  await mkdir(spool, { recursive: true, mode: OWN_FOLDER });
  await writeFileDurably(join(spool, journal.told.name), journal.told.text);
  await rm(join(root, RESTORE_JOURNAL));
  await syncDirectory(root);
  await rm(stagingFolder(folders), { recursive: true, force: true });
}

/** What was broken off. @throws GirokError `restore_unfinished` for a journal that cannot be read */
export async function readRestoreJournal(folders: StorageFolders): Promise<RestoreJournal | undefined> {
  const path = join(folders.root, RESTORE_JOURNAL);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return journalShape.parse(JSON.parse(text));
  } catch (error) {
    throw new GirokError('restore_unfinished', { path, reason: 'unreadable' }, { cause: error });
  }
}

async function makeFolders(root: string, inside: string): Promise<void> {
  let at = root;
  for (const name of inside.split('/').filter((each) => each !== '' && each !== '.')) {
    const parent = at;
    at = join(at, name);
    if (existsSync(at)) continue;
    await mkdir(at, { mode: await folderModeIn(parent) });
    await syncDirectory(parent);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
