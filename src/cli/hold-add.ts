import { HOLD_KINDS, type HoldKind } from '../contract/hold-kinds.ts';
import { isoFromUs } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { createSiteTime, parseLocalTime } from '../lib/site-time.ts';
import type { HoldAsked } from '../stewardship/holds/acts.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { END, endOf, WHO, whoOf, withHolds } from './hold-change.ts';
import { followCopying } from './hold-copying.ts';

export const holdAdd: Command = {
  name: 'hold add',
  summary: {
    ko: '영상을 보관 기간 너머로 보존합니다: 필요한 만큼(앞뒤 10분까지)만 따로 복사하고, 기한이 되면 저절로 파기됩니다.',
    en: 'Keeps footage beyond its time: copies what is needed, with ten minutes around it, which is erased by itself at its end.',
  },
  usage: '--camera ID --from TIME --to TIME --by NAME --reason TEXT [--kind KIND] [--end DAY] [--no-wait]',
  examples: [
    "npm run -s girok -- hold add --camera cam01 --from '2026-11-21 14:00' --to '2026-11-21 14:20' --by '김접수' --reason '분실물 문의'",
  ],
  options: {
    camera: {
      type: 'string',
      multiple: true,
      value: 'ID',
      help: { ko: '카메라 (여러 번 쓸 수 있음)', en: 'camera (may be repeated)' },
    },
    from: {
      type: 'string',
      value: 'TIME',
      help: { ko: '현장 시각, 부터', en: 'local time of the site, from' },
    },
    to: { type: 'string', value: 'TIME', help: { ko: '까지', en: 'until' } },
    ...WHO,
    kind: {
      type: 'string',
      value: HOLD_KINDS.join('|'),
      help: { ko: '종류 (기본 desk: 사흘)', en: 'kind (default desk: three days)' },
    },
    end: END,
    'no-wait': {
      type: 'boolean',
      help: { ko: '복사를 기다리지 않음', en: 'do not wait for the copying' },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ hold, kind, state, cameras, from, to, review, end, files, missed: [{ file, code }] }; exit code 1 when something could not be copied',
  async run(context) {
    const config = context.config();
    const siteTime = createSiteTime(config.site.timeZone);
    const asked = readHold(context, config.site.timeZone);
    const who = whoOf(context);
    const page = await withHolds(config, context, (holds) => holds.make(asked, who));
    const { id, kind, cameras, endUs } = page;
    const times = {
      from: isoFromUs(page.fromUs),
      to: isoFromUs(page.toUs),
      review: isoFromUs(page.reviewUs),
      end: isoFromUs(endUs),
    };
    const { hold: said } = context.words.retention;
    const made = { hold: id, kind, cameras, ...times };
    if (context.options.flag('no-wait')) {
      context.result(
        { ...made, state: 'copying', files: 0, missed: [] },
        said.made({ hold: id, end: siteTime.label(endUs) }),
      );
      return EXIT.ok;
    }
    const { hold: done, files, missed } = await followCopying(context, id);
    context.result(
      { ...made, state: done.state, files, missed },
      [said.copied({ hold: id, files, end: siteTime.label(endUs) }), ...missed.map(said.missed)].join('\n'),
    );
    return done.state === 'held' && missed.length === 0 ? EXIT.ok : EXIT.failure;
  },
};

function readHold(context: CommandContext, zone: string): HoldAsked {
  const { options, words, usageError } = context;
  const bad = (option: string, expected: string) => usageError(words.cli.badValue({ option, expected }));
  const time = (name: string) => {
    try {
      return parseLocalTime(options.text(name) ?? '', zone);
    } catch {
      throw bad(`--${name}`, words.retention.hold.badTime);
    }
  };
  const kind = kindOf(context, 'desk');
  const cameras = [...new Set(options.texts('camera'))];
  if (cameras.length === 0) throw bad('--camera', 'ID');
  const unknown = cameras.find((camera) => !/^[a-z0-9][a-z0-9-]{0,31}$/.test(camera));
  if (unknown !== undefined) throw new GirokError('unknown_camera', { camera: unknown });
  return { kind, cameras, fromUs: time('from'), toUs: time('to'), endUs: endOf(context, zone) };
}

/** @throws a usage error for what is no kind */
export function kindOf({ options, words, usageError }: CommandContext, otherwise: string): HoldKind {
  const asked = options.text('kind') ?? otherwise;
  const kind = HOLD_KINDS.find((each) => each === asked);
  if (!kind) throw usageError(words.cli.badValue({ option: '--kind', expected: HOLD_KINDS.join(' | ') }));
  return kind;
}
