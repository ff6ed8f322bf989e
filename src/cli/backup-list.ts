import { existsSync } from 'node:fs';
import { sizeText } from '../i18n/size-text.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { listBackups } from '../stewardship/backup/make.ts';
import type { Manifest } from '../stewardship/backup/manifest.ts';
import { hasEverBeen } from '../stewardship/backup/place.ts';
import { columns } from './columns.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';

export const backupList: Command = {
  name: 'backup list',
  summary: { ko: '있는 백업을 보여 줍니다.', en: 'Shows the backups that there are.' },
  usage: '',
  examples: ['npm run -s girok -- backup list', 'npm run -s girok -- backup list --json'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ folder, backups: [{ backup, madeAt, kind: "full"|"quick", volume, epoch?, keys?, entries?, bytes }], unreadable: [{ name, code }] }; exit code 1 with unreadable ones',
  async run(context) {
    const config = context.config();
    const { backup: said } = context.words;
    const siteTime = createSiteTime(config.site.timeZone);
    const { folder } = config.backup;
    // A folder that nobody has made yet is no disk that is away.
    const isNew = !existsSync(folder) && !hasEverBeen(config.storage.folder);
    const { backups, unreadable } = isNew ? { backups: [], unreadable: [] } : await listBackups(folder);
    context.result(
      {
        folder,
        backups: backups.map((one) => ({
          backup: one.name,
          madeAt: one.madeAt,
          kind: one.kind,
          volume: one.volume,
          ...one.keyring,
          ...(one.ledger && { entries: one.ledger.size }),
          bytes: bytesOf(one),
        })),
        unreadable,
      },
      [
        backups.length === 0
          ? said.none({ folder })
          : columns([
              Object.values(said.column),
              ...backups.map((one) => [
                one.name,
                siteTime.label(Date.parse(one.madeAt) * 1000),
                said.kind[one.kind],
                String(one.ledger?.size ?? ''),
                String(one.keyring?.keys ?? ''),
                String(one.keyring?.epoch ?? ''),
                sizeText(bytesOf(one)),
              ]),
            ]),
        ...unreadable.map(({ name, code }) => said.unreadable({ name, code })),
      ].join('\n'),
    );
    return unreadable.length === 0 ? EXIT.ok : EXIT.failure;
  },
};

const bytesOf = ({ files }: Manifest): number => files.reduce((sum, { bytes }) => sum + bytes, 0);
