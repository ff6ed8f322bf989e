import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createCatalogueReader } from '../catalogue/reader.ts';
import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import { pullDecision } from '../config/pull-decision.ts';
import type { Forecast } from '../contract/recorder-status.ts';
import { sizeText } from '../i18n/size-text.ts';
import { isGirokError } from '../lib/errors.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { spaceOf } from '../lib/space.ts';
import { readRecorderStatus } from '../live/recorder-client.ts';
import { forecast as forecastOf } from '../recording/forecast.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { forecastSentence } from './forecast-sentence.ts';

export const forecast: Command = {
  name: 'forecast',
  summary: {
    ko: '보관 기간의 영상이 디스크에 다 들어갈지 셈합니다.',
    en: 'Works out whether the footage of the retention period will fit on the disk.',
  },
  usage: '',
  examples: ['npm run -s girok -- forecast', 'npm run -s girok -- forecast --json'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: '{ retentionDays, bytesPerDay, measuredStreams, assumedStreams, freeBytes, heldBytes, reserveBytes, daysThatFit, fits: boolean }; exit code 1 when it will not fit',
  async run(context) {
    const config = context.config();
    const seen = (await ofRecorder(config)) ?? (await ofDisk(config, context));
    const { column } = context.words.operation.forecast;
    const human = columns([
      [column.perDay, sizeText(seen.bytesPerDay)],
      [column.held, sizeText(seen.heldBytes)],
      [column.free, sizeText(seen.freeBytes)],
      [column.reserve, sizeText(seen.reserveBytes)],
      [column.fit, String(seen.daysThatFit)],
    ]);
    context.result(seen, `${human}\n\n${forecastSentence(seen, context.words)}`);
    return seen.fits ? EXIT.ok : EXIT.failure;
  },
};

/** The running recorder knows what its cameras announce. */
async function ofRecorder(config: Config): Promise<Forecast | undefined> {
  try {
    return (await readRecorderStatus(storageFolders(config).socket)).forecast;
  } catch (error) {
    if (isGirokError(error, 'recorder_not_running')) return undefined;
    throw error;
  }
}

/** Without a recorder: from what is recorded, and from ordinary bit rates for what never was. */
async function ofDisk(config: Config, { clock }: CommandContext): Promise<Forecast> {
  const folders = storageFolders(config);
  const siteTime = createSiteTime(config.site.timeZone);
  const { days } = config.retention;
  const sinceDay = siteTime.addDays(siteTime.dayOf(clock.utcUs()), -days - 1);
  const reader = existsSync(folders.catalogue) ? createCatalogueReader(folders.catalogue) : undefined;
  try {
    return forecastOf({
      streams: config.cameras
        .filter((camera) => pullDecision(camera).pull)
        .flatMap(({ id, record }) =>
          (record === 'main' ? (['main'] as const) : (['main', 'sub'] as const)).map((stream) => ({
            camera: id,
            stream,
          })),
        ),
      totals: (await reader?.dayTotals(sinceDay)) ?? [],
      announced: new Map(),
      retentionDays: days,
      freeBytes: (await spaceOf(nearestFolder(folders.root))).freeBytes,
      reserveBytes: config.storage.reserveBytes,
    });
  } finally {
    await reader?.close();
  }
}

/** Before the first start the storage folder may not exist: the disk is that of its nearest parent. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}
