import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { type StorageFolders, storageFolders } from '../config/folders.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import { type FileLock, lockFile } from '../db/lock.ts';
import { GirokError, isGirokError } from '../lib/errors.ts';
import { makeSharedFolder } from '../lib/sharing.ts';
import { createSiteTime } from '../lib/site-time.ts';
import {
  type Examination,
  type ExamineDeps,
  type Examined,
  examine,
  RESTORED_PARTS,
  type RestoredPart,
} from '../stewardship/backup/examine.ts';
import { BACKUP_NAME } from '../stewardship/backup/manifest.ts';
import {
  beginRestore,
  finishRestore,
  type RestoreJournal,
  readRestoreJournal,
  stagingFolder,
} from '../stewardship/backup/restore.ts';
import { backupLock } from '../stewardship/backup/source.ts';
import { type Staged, stageBackup } from '../stewardship/backup/stage.ts';
import { loadRootKey } from '../vault/root-key.ts';
import { assertVolume, openVolume, RESTORE_JOURNAL, refuseUnfinishedRestore } from '../vault/volume.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { witnessesOf } from './ledger-trust.ts';
import { examinationLines, isHelpful } from './restore-words.ts';

export const restore: Command = {
  name: 'restore',
  summary: {
    ko: '백업에서 장부, 키 보관소, 목록을 되돌립니다. 파기한 영상은 되살아나지 않습니다. 지금 것은 지우지 않고 옮겨 둡니다.',
    en: 'Puts ledger, keyring and catalogue back from a backup. Nothing erased comes back; what is there now is laid aside, never deleted.',
  },
  usage: 'BACKUP [--rehearse] [--only PART]… [--force-older] [--other-volume]',
  examples: [
    'npm run -s girok -- restore 20261123T150102003Z --rehearse',
    'npm run -s girok -- restore /media/backup/20261123T150102003Z --only keyring --json',
  ],
  options: {
    rehearse: {
      type: 'boolean',
      help: {
        ko: '아무것도 바꾸지 않고 무엇이 되고 무엇이 안 되는지만',
        en: 'change nothing; say what would come back and what could not',
      },
    },
    only: {
      type: 'string',
      multiple: true,
      value: 'PART',
      help: { ko: RESTORED_PARTS.join(' | '), en: RESTORED_PARTS.join(' | ') },
    },
    'force-older': {
      type: 'boolean',
      help: {
        ko: '멀쩡한 장부도 백업의 더 오래된 장부로 바꿈 (그 뒤의 기록은 잃습니다)',
        en: 'replace even a sound ledger by the older one of the backup (what was entered since is lost)',
      },
    },
    'other-volume': {
      type: 'boolean',
      help: {
        ko: '저장 폴더가 새 디스크임: 비어 있으면 표식을 만듦',
        en: 'the storage folder is a new disk: marks it where it is empty',
      },
    },
  },
  positionals: { min: 1, max: 1 },
  json: '{ rehearsed: boolean, restored: [PART], aside?: PATH, backup, madeAt, kind, bound: "vouched"|"unknown", sameVolume, site: { present, action: "keep"|"replace"|"refuse"|"nothing", entries, presentEntries?, fault?, foreign, missing?: { from, to } }, keyring: { action: "keep"|"add"|"nothing"|"lost", epoch?, backupEpoch?, opens, back, backDays, goneErased, goneOther, goneDays }, catalogue: { present, action: "keep"|"replace"|"reindex" }, retention: { missing: [FILE] }, footage: { cameraDays, closed: [{ camera, day, due }] }, sentences: [TEXT] }; exit code 1 when something that should come back cannot',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const named = context.positionals[0] ?? '';
    const path = BACKUP_NAME.test(named) ? join(config.backup.folder, named) : resolve(named);
    const only = partsOf(context);
    return context.options.flag('rehearse')
      ? await rehearse(path, only, config, folders, context)
      : await putBack(path, only, config, folders, context);
  },
};

async function rehearse(
  path: string,
  only: readonly RestoredPart[],
  config: Config,
  folders: StorageFolders,
  context: CommandContext,
) {
  const { volume } = await assertVolume(folders.root, config.site.id);
  const lock = takeLock(backupLock(folders), () => new GirokError('backup_busy', { storage: folders.root }));
  try {
    refuseUnfinishedRestore(folders.root);
    const { examined } = await lookAt(path, volume, config, folders, context);
    const { examination } = examined;
    const sentences = [...examinationLines(examination, only, context), context.words.backup.rehearsed];
    context.result({ rehearsed: true, restored: [], ...examination, sentences }, sentences.join('\n'));
    return isHelpful(examination, only) ? EXIT.ok : EXIT.failure;
  } finally {
    await rm(stagingFolder(folders), { recursive: true, force: true });
    lock.release();
  }
}

async function putBack(
  path: string,
  only: readonly RestoredPart[],
  config: Config,
  folders: StorageFolders,
  context: CommandContext,
) {
  const locks = await lockOut(config, folders, context);
  /** What was never going to be put in place does not stay; where it says so already, the next one goes on. */
  const unstaged = async (error: unknown): Promise<never> => {
    if (!existsSync(join(folders.root, RESTORE_JOURNAL)))
      await rm(stagingFolder(folders), { recursive: true, force: true });
    throw error;
  };
  try {
    const broken = await readRestoreJournal(folders);
    if (broken) {
      if (!path.endsWith(`/${broken.backup}`))
        throw new GirokError('restore_unfinished', { storage: folders.root, backup: broken.backup });
      await finishRestore(folders, broken);
      return told(broken, undefined, only, folders, context);
    }
    const { staged, examined } = await lookAt(path, locks.volume, config, folders, context).catch(unstaged);
    const { examination } = examined;
    // Before anything moves: what it will be like is known to whoever watches.
    for (const line of examinationLines(examination, only, context)) context.print(line);
    const nowUs = context.clock.utcUs();
    const journal = await beginRestore(staged, examined, { folders, only, nowUs }).catch(unstaged);
    if (journal) await finishRestore(folders, journal);
    else await rm(stagingFolder(folders), { recursive: true, force: true });
    return told(journal, examination, only, folders, context);
  } finally {
    locks.release();
  }
}

function told(
  journal: RestoreJournal | undefined,
  examination: Examination | undefined,
  only: readonly RestoredPart[],
  folders: StorageFolders,
  context: CommandContext,
) {
  const { backup: said } = context.words;
  const aside = journal && join(folders.root, journal.aside);
  const sentences = examination ? examinationLines(examination, only, context) : [];
  context.result(
    { rehearsed: false, restored: journal?.parts ?? [], ...(aside && { aside }), ...examination, sentences },
    journal && aside
      ? said.restored({ parts: journal.parts.map((part) => said.part[part]), aside })
      : said.nothing,
  );
  return !examination || isHelpful(examination, only) ? EXIT.ok : EXIT.failure;
}

/** Copies the backup onto the storage disk, checks all of it, and compares it with what is here. */
async function lookAt(
  path: string,
  volume: string,
  config: Config,
  folders: StorageFolders,
  context: CommandContext,
): Promise<{ staged: Staged; examined: Examined }> {
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, context.env), { createIfAbsent: false });
  try {
    context.progress(context.words.backup.checking);
    const staged = await stageBackup(path, stagingFolder(folders));
    const { manifest } = staged;
    if (manifest.site !== config.site.id)
      throw new GirokError('backup_foreign', { path, site: manifest.site, expected: config.site.id });
    if (manifest.volume !== volume && !context.options.flag('other-volume'))
      throw new GirokError('backup_foreign', { path, volume: manifest.volume, expected: volume });
    const deps: ExamineDeps = {
      folders,
      siteTime: createSiteTime(config.site.timeZone),
      retentionDays: config.retention.days,
      rootKey,
      witnesses: witnessesOf(config),
      nowUs: context.clock.utcUs(),
      volume,
      forceOlder: context.options.flag('force-older'),
    };
    return { staged, examined: await examine(staged, deps) };
  } finally {
    rootKey.fill(0);
  }
}

/** Nobody else writes here meanwhile: the recorder, the steward, the purge, a backup. */
async function lockOut(config: Config, folders: StorageFolders, { options, clock }: CommandContext) {
  const running = (process: string) => () => new GirokError('restore_while_running', { process });
  const locks: FileLock[] = [];
  const release = () => {
    for (const lock of locks.splice(0).reverse()) lock.release();
  };
  try {
    const volume = await openVolume({
      storage: folders.root,
      initialise: options.flag('other-volume'),
      site: config.site.id,
      clock,
      restoring: true,
    }).catch((error: unknown) => {
      throw isGirokError(error, 'storage_in_use') ? running('recorder')() : error;
    });
    locks.push(volume);
    locks.push(takeLock(join(folders.root, 'steward.lock'), running('steward')));
    makeSharedFolder(folders.retention);
    locks.push(takeLock(join(folders.retention, 'purge.lock'), running('purge')));
    locks.push(takeLock(backupLock(folders), () => new GirokError('backup_busy', { storage: folders.root })));
    return { volume: volume.marker.volume, release };
  } catch (error) {
    release();
    throw error;
  }
}

function takeLock(path: string, refusal: () => GirokError): FileLock {
  const lock = lockFile(path);
  if (!lock) throw refusal();
  return lock;
}

function partsOf({ options, words, usageError }: CommandContext): readonly RestoredPart[] {
  const asked = options.texts('only');
  if (asked.length === 0) return RESTORED_PARTS;
  return asked.map((text) => {
    const part = RESTORED_PARTS.find((one) => one === text);
    if (part) return part;
    throw usageError(words.cli.badValue({ option: '--only', expected: RESTORED_PARTS.join(' | ') }));
  });
}
