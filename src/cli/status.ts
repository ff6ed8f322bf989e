import { storageFolders } from '../config/folders.ts';
import type { CameraStatus, RecorderStatus, StreamStatus } from '../contract/recorder-status.ts';
import { sizeText } from '../i18n/size-text.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { readRecorderStatus } from '../live/recorder-client.ts';
import { ailmentsOf, isRecording } from '../stewardship/health.ts';
import { allAlarms, readAlarmBook } from '../stewardship/read-alarm-book.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { forecastSentence } from './forecast-sentence.ts';
import { alarmSentence, gapWord, troubleWord } from './status-words.ts';

export const status: Command = {
  name: 'status',
  summary: {
    ko: '카메라마다 지금 녹화되는지, 경보가 있는지, 공간이 넉넉한지 보여 줍니다.',
    en: 'Shows for each camera whether it is being recorded now, the alarms, and whether the space suffices.',
  },
  usage: '',
  examples: ['npm run -s girok -- status', 'npm run -s girok -- status --json'],
  options: {},
  positionals: { min: 0, max: 0 },
  json: 'the recorder status document of src/contract/recorder-status.ts: { v: 1, at, startedAt, cameras: [{ id, pulled, why, streams: […] }], alarms: [{ code, subject, since, facts, process, severity, id? }] (of all processes), disk, forecast?, catalogue, spool, recovery, memory }; exit code 1 while a camera that should be recorded is not, 6 without a recorder',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const recorder = await readRecorderStatus(folders.socket);
    const seen = { ...recorder, alarms: allAlarms(recorder.alarms, readAlarmBook(folders.site)) };
    context.result(seen, report(seen, context, config.site.timeZone));
    return ailmentsOf(seen).length === 0 ? EXIT.ok : EXIT.failure;
  },
};

function report(seen: RecorderStatus, { words, language }: CommandContext, timeZone: string): string {
  const { status: said, duration, forecast: forecastWords } = words.operation;
  const siteTime = createSiteTime(timeZone);
  const label = (iso: string) => siteTime.label(Date.parse(iso) * 1000);
  const pulled = seen.cameras.filter((camera) => camera.pulled);
  const { column } = said;
  const rows = seen.cameras.flatMap((camera) => rowsOf(camera, seen, { words, language }));
  return [
    said.summary({
      site: seen.site,
      recording: pulled.filter(isRecording).length,
      of: pulled.length,
      since: label(seen.startedAt),
      duration: duration(Date.parse(seen.at) - Date.parse(seen.startedAt)),
    }),
    '',
    columns([
      [
        column.camera,
        column.name,
        column.stream,
        column.state,
        column.fps,
        column.rate,
        column.durable,
        column.gaps,
        column.gap,
      ],
      ...rows,
    ]),
    ...clientLines(seen, words),
    ...lossLines(seen, words),
    '',
    said.disk({
      free: sizeText(seen.disk.freeBytes),
      total: sizeText(seen.disk.totalBytes),
      reserve: sizeText(seen.disk.reserveBytes),
    }),
    seen.forecast ? forecastSentence(seen.forecast, words) : forecastWords.measuring,
    ...(seen.recovery.state === 'running' ? [said.recovering] : []),
    '',
    ...(seen.alarms.length === 0 ? [said.noAlarms] : [said.alarms({ count: seen.alarms.length })]),
    ...seen.alarms.map(
      (alarm) => `! ${alarmSentence(alarm, words)} (${said.since({ time: label(alarm.since) })})`,
    ),
  ].join('\n');
}

/** One line for each reason why ffmpeg pulls; nothing where our own client does. */
function clientLines(seen: RecorderStatus, words: CommandContext['words']): string[] {
  const instead = seen.cameras.flatMap(({ streams }) => streams).filter(({ source }) => source === 'ffmpeg');
  return [...Map.groupBy(instead, ({ sourceReason }) => sourceReason)].map(([why, streams]) =>
    words.operation.status.ffmpeg({
      streams: streams.map(labelOf).join(', '),
      why: why && troubleWord(why, words),
    }),
  );
}

function lossLines(seen: RecorderStatus, words: CommandContext['words']): string[] {
  return seen.cameras
    .flatMap(({ streams }) => streams)
    .flatMap((stream) => {
      const { packets = 0, missingPackets: missing = 0, damagedFrames: damaged = 0 } = stream.network ?? {};
      if (missing === 0 && damaged === 0) return [];
      return words.operation.status.lost({
        stream: labelOf(stream),
        missing: String(missing),
        share: shareText(missing / Math.max(1, packets + missing)),
        damaged: String(damaged),
      });
    });
}

const labelOf = ({ camera, stream }: StreamStatus) => `${camera}/${stream}`;

/** A single packet of a day must not read as none. */
const shareText = (share: number) =>
  share > 0 && share < 0.0001 ? '< 0.01 %' : `${(share * 100).toFixed(2)} %`;

function rowsOf(
  camera: CameraStatus,
  seen: RecorderStatus,
  { words, language }: Pick<CommandContext, 'words' | 'language'>,
): string[][] {
  const name = camera.name[language];
  if (camera.streams.length > 0)
    return camera.streams.map((stream) => [camera.id, name, stream.stream, ...cells(stream, seen, words)]);
  const { why } = words.cameras;
  return [
    [camera.id, name, '', Object.hasOwn(why, camera.why) ? why[camera.why as keyof typeof why] : camera.why],
  ];
}

function cells(stream: StreamStatus, { at }: RecorderStatus, words: CommandContext['words']): string[] {
  const { status: said, duration } = words.operation;
  const { gap } = stream;
  return [
    said.state[stream.state],
    stream.fps.toFixed(1),
    (stream.bitsPerSecond / 1e6).toFixed(2),
    stream.durableAgeMs === undefined ? '-' : said.ago({ duration: duration(stream.durableAgeMs) }),
    stream.gapsEnded === 0
      ? '-'
      : said.gapsEnded({ count: stream.gapsEnded, duration: duration(stream.gapsEndedMs) }),
    gap
      ? said.openGap({
          duration: duration(Date.parse(at) - Date.parse(gap.since)),
          cause: gapWord(gap.cause, words),
        })
      : '-',
  ];
}
