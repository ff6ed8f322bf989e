import { createSiteTime } from '../lib/site-time.ts';
import { lookAtStorage } from '../oversight/storage-look.ts';
import type { RetentionStatus } from '../retention/status.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';

export const retentionStatusCommand: Command = {
  name: 'retention status',
  summary: {
    ko: '지금 되살릴 수 있는 가장 오래된 영상과 파기가 제때 되고 있는지, 그 밖에 영상이 남을 만한 곳을 보여 줍니다.',
    en: 'Shows the oldest footage that can still be decrypted, whether erasing is on time, and all else that could hold footage.',
  },
  usage: '',
  examples: ['npm run -s girok -- retention status', 'npm run -s girok -- retention status --json'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ at, retentionDays, epoch, oldest?: { camera, day, hour, from }, cameras: [{ camera, oldestDay, keys }], overdue: [{ camera, day, dueAt }], late: [{ camera, day, seenOn }], onlyInBackups, survey: { files: { segments, lockers, keys, databases, accounts, running, temporary }, inClear: string[], unknown: string[], unknownFiles, keyrings: string[] }, lockers: [{ hold, from?, end? }], strayLockers: [{ hold }], leftOver: [{ camera, day, files }], oldSecrets: [{ path, epochs }], lastGood?: { run, at }, waiting?: { why, since }, unfinished?, owed?: { run, places: string[], oldestDay? }, inOrder: boolean, sound: boolean }; exit code 1 unless sound',
  async run(context) {
    const config = context.config();
    const { status } = await lookAtStorage(config, context.clock);
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
    ...status.late.map(said.keptLate),
    ...(status.onlyInBackups > 0 ? [said.onlyInBackups({ keys: status.onlyInBackups })] : []),
    ...elsewhere(status, said),
    lastGood ? said.lastGood({ run: lastGood.run, at: label(lastGood.at) }) : said.neverRun,
    ...(waiting ? [said.waitsSince({ since: label(waiting.since) })] : []),
    ...(status.owed ? [said.owed({ ...status.owed, places: status.owed.places.join(', ') })] : []),
    ...(status.unfinished === undefined ? [] : [said.unfinished({ run: status.unfinished })]),
  ].join('\n');
}

/** Thumbnails, caches, temporary files, database pages: that there is nothing has been looked for. */
function elsewhere({ survey }: RetentionStatus, said: CommandContext['words']['retention']): string[] {
  const { files, inClear, unknown, unknownFiles } = survey;
  const { segments, lockers, databases, temporary, ...others } = files;
  const rest = others.keys + others.accounts + others.running;
  return [
    said.sealed({ segments, lockers }),
    inClear.length + unknownFiles === 0
      ? said.nothingElsewhere({ databases, temporary, rest, keyrings: survey.keyrings.length })
      : said.somethingElsewhere,
    ...inClear.map((file) => said.inClear({ file })),
    ...unknown.map((file) => said.unknownFile({ file })),
    ...(unknownFiles > unknown.length ? [said.moreUnknown({ files: unknownFiles - unknown.length })] : []),
  ];
}
