import { join } from 'node:path';
import { storageFolders } from '../config/folders.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createHoldBook } from '../retention/holds.ts';
import { createJournal } from '../retention/journal.ts';
import { type RetentionStatus, retentionStatus } from '../retention/status.ts';
import { createFootageFolders } from '../vault/erase-files.ts';
import { storedKeys } from '../vault/stored-keys.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';

export const retentionStatusCommand: Command = {
  name: 'retention status',
  summary: {
    ko: '지금 되살릴 수 있는 가장 오래된 영상과, 파기가 제때 되고 있는지 보여 줍니다.',
    en: 'Shows the oldest footage that can still be decrypted, and whether erasing is on time.',
  },
  usage: '',
  examples: ['npm run -s girok -- retention status', 'npm run -s girok -- retention status --json'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ at, retentionDays, epoch, oldest?: { camera, day, hour, from }, cameras: [{ camera, oldestDay, keys }], overdue: [{ camera, day, dueAt }], lockers: [{ hold, from?, end? }], strayLockers: [{ hold }], leftOver: [{ camera, day, files }], oldSecrets: [{ path, epochs }], lastGood?: { run, at }, waiting?: { why, since }, unfinished?, sound: boolean }; exit code 1 unless sound',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const status = await retentionStatus({
      nowUs: context.clock.utcUs(),
      siteTime: createSiteTime(config.site.timeZone),
      retentionDays: config.retention.days,
      ...storedKeys([folders.keys, folders.keysMirror]),
      folders: createFootageFolders(folders.vault),
      state: await createJournal(join(folders.retention, 'purge.json')).read(),
      holds: await createHoldBook(join(folders.retention, 'holds')).list(),
    });
    context.result(status, report(status, context, config.site.timeZone));
    return status.sound ? EXIT.ok : EXIT.failure;
  },
};

function report(status: RetentionStatus, { words }: CommandContext, timeZone: string): string {
  const { retention: said } = words;
  const label = (iso: string) => createSiteTime(timeZone).label(Date.parse(iso) * 1000);
  const { oldest, lastGood, waiting } = status;
  return [
    oldest ? said.oldest({ camera: oldest.camera, from: label(oldest.from) }) : said.noFootage,
    ...(status.cameras.length === 0
      ? []
      : [
          columns([
            [said.column.camera, said.column.oldestDay, said.column.keys],
            ...status.cameras.map(({ camera, oldestDay, keys }) => [camera, oldestDay, String(keys)]),
          ]),
        ]),
    ...status.overdue.map((each) => said.overdueDay({ ...each, dueAt: label(each.dueAt) })),
    ...status.lockers.map(({ hold, from, end }) =>
      said.locker({ hold, from: from && label(from), end: end && label(end) }),
    ),
    ...status.strayLockers.map(said.strayLocker),
    ...status.leftOver.map(said.leftOver),
    ...status.oldSecrets.map(({ path, epochs }) => said.oldSecret({ path, epochs: epochs.join(', ') })),
    lastGood ? said.lastGood({ run: lastGood.run, at: label(lastGood.at) }) : said.neverRun,
    ...(waiting ? [said.waitsSince({ since: label(waiting.since) })] : []),
    ...(status.unfinished === undefined ? [] : [said.unfinished({ run: status.unfinished })]),
  ].join('\n');
}
