import { storageFolders } from '../config/folders.ts';
import { lockFile } from '../db/lock.ts';
import { sizeText } from '../i18n/size-text.ts';
import { GirokError } from '../lib/errors.ts';
import { tellOfBackup } from '../stewardship/backup/account.ts';
import { makeBackup } from '../stewardship/backup/make.ts';
import { backupLock, backupSourceOf } from '../stewardship/backup/source.ts';
import { assertVolume } from '../vault/volume.ts';
import type { Command } from './command.ts';

export const backup: Command = {
  name: 'backup',
  summary: {
    ko: '데이터베이스와 장부, 키 보관소를 백업합니다. 녹화 중에도 됩니다. 관리 프로세스가 저절로 하는 일을 지금 합니다.',
    en: 'Backs up databases, ledger and keyring beside a running recorder. The steward does it by itself; this does it now.',
  },
  usage: '[--new-place]',
  examples: ['npm run -s girok -- backup', 'npm run -s girok -- backup --new-place --json'],
  options: {
    'new-place': {
      type: 'boolean',
      help: {
        ko: '전에 쓰던 백업 폴더가 영영 없어졌으니 새로 시작',
        en: 'the folder used so far is gone for good: begin a new one',
      },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ backup, path, bytes, sha256, epoch?, keys?, entries?, sameDisk: boolean, omitted: [{ name, code }], removed: [NAME] }; exit code 4 when none could be made',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const { backup: said } = context.words;
    await assertVolume(folders.root, config.site.id);
    const lock = lockFile(backupLock(folders));
    if (!lock) throw new GirokError('backup_busy', { storage: folders.root });
    try {
      const anew = context.options.flag('new-place');
      const made = await makeBackup(backupSourceOf(config, folders), {
        kind: 'full',
        nowUs: context.clock.utcUs(),
        anew,
      });
      await tellOfBackup(folders, made, context.clock);
      const { manifest, path, bytes, sha256, sameDisk, removed } = made;
      const { keyring, ledger, omitted } = manifest;
      context.result(
        {
          backup: made.name,
          path,
          bytes,
          sha256,
          ...keyring,
          ...(ledger && { entries: ledger.size }),
          sameDisk,
          omitted,
          removed,
        },
        [
          said.made({ path, size: sizeText(bytes) }),
          said.contents({ entries: ledger?.size ?? 0, keys: keyring?.keys ?? 0, epoch: keyring?.epoch ?? 0 }),
          ...omitted.map(said.omitted),
          ...(sameDisk ? [said.sameDisk] : []),
          ...(removed.length > 0 ? [said.removed({ count: removed.length })] : []),
        ].join('\n'),
      );
      return undefined;
    } finally {
      lock.release();
    }
  },
};
