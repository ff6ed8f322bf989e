import type { LossCause } from '../catalogue/causes.ts';
import type { Coverage } from '../catalogue/coverage.ts';
import type { LossAmount } from '../catalogue/losses.ts';
import { createCatalogueReader } from '../catalogue/reader.ts';
import type { Stretch } from '../catalogue/stretches.ts';
import { storageFolders } from '../config/folders.ts';
import { isoFromUs, SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { type StreamRef, streamLabel } from '../lib/ids.ts';
import { createSiteTime, type LocalDay, parseLocalDay, type SiteTime } from '../lib/site-time.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { gapWord } from './status-words.ts';

export const coverage: Command = {
  name: 'coverage',
  summary: {
    ko: '하루 동안 카메라마다 무엇이 녹화되었고 어디가 왜 비었는지 보여 줍니다.',
    en: 'Shows for one day what of each camera is recorded, and where and why it is not.',
  },
  usage: '[--day YYYY-MM-DD|today|yesterday] [--camera ID] [--stream main|sub]',
  examples: [
    'npm run -s girok -- coverage',
    'npm run -s girok -- coverage --day yesterday --camera cam01 --json',
  ],
  options: {
    day: {
      type: 'string',
      value: 'DAY',
      help: {
        ko: 'YYYY-MM-DD, today, yesterday (기본 today)',
        en: 'YYYY-MM-DD, today, yesterday (default today)',
      },
    },
    camera: {
      type: 'string',
      value: 'ID',
      multiple: true,
      help: { ko: '이 카메라만 (여러 번 쓸 수 있음)', en: 'only this camera (may be repeated)' },
    },
    stream: { type: 'string', value: 'main|sub', help: { ko: '이 스트림만', en: 'only this stream' } },
  },
  positionals: { min: 0, max: 0 },
  json: '{ day, from, to, streams: [{ camera, stream, recordedShare: 0…1, seconds: { recorded, unknown, gap: { CAUSE: n } }, gaps: [{ from, to, seconds, cause }], losses: { missingPackets, damagedFrames, seconds, causes: { LOSS: { missingPackets, damagedFrames, seconds } } } }] }; LOSS is one of network, camera, we_were_slow; instants in UTC; CAUSE is one of camera_off, refused, network, we_were_slow, disk, maintenance, clock_step, recorder_failure, unknown; moments without a gap row are "before_first_footage" or "unexplained"',
  async run(context) {
    const config = context.config();
    const siteTime = createSiteTime(config.site.timeZone);
    const nowUs = context.clock.utcUs();
    const day = dayOf(context, siteTime, nowUs);
    const stream = streamOf(context);
    const wanted = context.options.texts('camera');
    const reader = createCatalogueReader(storageFolders(config).catalogue);
    try {
      const order = new Map(config.cameras.map(({ id }, index) => [id as string, index]));
      const rank = ({ camera }: StreamRef) => order.get(camera) ?? order.size;
      const known = await reader.streams();
      const unheard = wanted.find((id) => !order.has(id) && !known.some(({ camera }) => camera === id));
      if (unheard !== undefined) throw new GirokError('unknown_camera', { camera: unheard });
      const refs = known
        .filter((ref) => wanted.length === 0 || wanted.includes(ref.camera))
        .filter((ref) => stream === undefined || ref.stream === stream)
        .sort(
          (a, b) =>
            rank(a) - rank(b) ||
            (a.camera < b.camera ? -1 : a.camera > b.camera ? 1 : a.stream < b.stream ? -1 : 1),
        );
      const seen: Coverage[] = [];
      for (const ref of refs) {
        const one = await reader.dayCoverage(ref, day, siteTime, nowUs - ON_ITS_WAY_US);
        if (!one) throw context.usageError(context.words.operation.coverage.notYet({ day }));
        seen.push(one);
      }
      const extents = await reader.extents();
      const begins = new Map(extents.map(({ ref, oldestUs }) => [streamLabel(ref), oldestUs]));
      context.result(documentOf(day, seen, begins), report(day, seen, begins, context, siteTime));
      return undefined;
    } finally {
      await reader.close();
    }
  },
};

/** What was recorded this recently is not durable yet: no hole, only on its way. */
const ON_ITS_WAY_US = 5 * SECOND_US;

/** Where each stream's footage begins; before that there is nothing to explain. */
type Beginnings = ReadonlyMap<string, number>;

function causeOf({ ref }: Coverage, { toUs, is }: Stretch, begins: Beginnings): string {
  if (is === 'recorded') return is;
  if (is !== 'unknown') return is.gap;
  return toUs <= (begins.get(streamLabel(ref)) ?? Number.POSITIVE_INFINITY)
    ? 'before_first_footage'
    : 'unexplained';
}

function documentOf(day: LocalDay, seen: readonly Coverage[], begins: Beginnings) {
  const [first] = seen;
  return {
    day,
    ...(first ? { from: isoFromUs(first.fromUs), to: isoFromUs(first.toUs) } : {}),
    streams: seen.map((one) => ({
      ...one.ref,
      recordedShare: shareOf(one),
      seconds: one.seconds,
      losses: one.losses,
      gaps: holesOf(one).map((hole) => ({
        from: isoFromUs(hole.fromUs),
        to: isoFromUs(hole.toUs),
        seconds: (hole.toUs - hole.fromUs) / SECOND_US,
        cause: causeOf(one, hole, begins),
      })),
    })),
  };
}

function report(
  day: LocalDay,
  seen: readonly Coverage[],
  begins: Beginnings,
  context: CommandContext,
  siteTime: SiteTime,
): string {
  const { words } = context;
  const { coverage: said, duration } = words.operation;
  const [first] = seen;
  if (!first) return said.nothing;
  const time = (utcUs: number) => siteTime.label(utcUs).slice(11);
  const wordOf = (cause: string) =>
    cause === 'before_first_footage'
      ? said.beforeFirst
      : cause === 'unexplained'
        ? said.unknown
        : gapWord(cause, words);
  const { column } = said;
  const totals = columns([
    [column.camera, column.stream, column.share, column.recorded, column.gap, column.unknown, column.causes],
    ...seen.map((one) => {
      const gaps = Object.entries(one.seconds.gap).sort(([, a], [, b]) => b - a);
      return [
        one.ref.camera,
        one.ref.stream,
        // 99.996 % must not read as all of it.
        `${(Math.floor(shareOf(one) * 10_000) / 100).toFixed(2)} %`,
        String(one.seconds.recorded),
        String(gaps.reduce((sum, [, seconds]) => sum + seconds, 0)),
        String(one.seconds.unknown),
        gaps.map(([cause, seconds]) => `${gapWord(cause, words)} ${seconds}`).join(', ') || '-',
      ];
    }),
  ]);
  const holes = seen.flatMap((one) =>
    holesOf(one).map((hole) => [
      `${one.ref.camera}/${one.ref.stream}`,
      said.gap({
        from: time(hole.fromUs),
        to: time(hole.toUs),
        duration: duration((hole.toUs - hole.fromUs) / 1000),
        cause: wordOf(causeOf(one, hole, begins)),
      }),
    ]),
  );
  const losses = seen.filter(hasLosses).map((one) => [streamLabel(one.ref), lossText(one, words)]);
  const range = said.title({ day, from: time(first.fromUs), to: time(first.toUs) });
  const blocks = [losses, holes].filter((rows) => rows.length > 0);
  return [range, '', totals, ...blocks.flatMap((rows) => ['', columns(rows)])].join('\n');
}

const hasLosses = ({ losses }: Coverage) => losses.missingPackets > 0 || losses.damagedFrames > 0;

function lossText({ losses }: Coverage, { operation: { coverage: said } }: CommandContext['words']): string {
  const causes = (Object.entries(losses.causes) as [LossCause, LossAmount][])
    .sort(([, a], [, b]) => b.missingPackets - a.missingPackets)
    .map(([cause, { missingPackets }]) => `${said.lossCause[cause]} ${missingPackets}`);
  return said.losses({
    missing: String(losses.missingPackets),
    damaged: String(losses.damagedFrames),
    seconds: String(losses.seconds),
    causes: causes.join(', '),
  });
}

const shareOf = ({ durationUs, fromUs, toUs }: Coverage) => durationUs.recorded / (toUs - fromUs);

const holesOf = ({ stretches }: Coverage) => stretches.filter(({ is }) => is !== 'recorded');

function dayOf(context: CommandContext, siteTime: SiteTime, nowUs: number): LocalDay {
  const text = context.options.text('day') ?? 'today';
  const today = siteTime.dayOf(nowUs);
  if (text === 'today') return today;
  if (text === 'yesterday') return siteTime.addDays(today, -1);
  try {
    return parseLocalDay(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { words } = context;
    throw context.usageError(
      words.cli.badValue({ option: '--day', expected: words.operation.coverage.badDay }),
    );
  }
}

function streamOf({ options, words, usageError }: CommandContext): 'main' | 'sub' | undefined {
  const text = options.text('stream');
  if (text === undefined || text === 'main' || text === 'sub') return text;
  throw usageError(words.cli.badValue({ option: '--stream', expected: 'main | sub' }));
}
