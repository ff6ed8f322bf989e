import { storageFolders } from '../config/folders.ts';
import { DAY_US, isoFromUs } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { createSiteTime, parseLocalDay, parseLocalTime } from '../lib/site-time.ts';
import {
  HOLD_DAYS,
  HOLD_KINDS,
  type Hold,
  type HoldKind,
  LONGEST_RANGE_US,
  REVIEW_DAYS,
} from '../retention/holds.ts';
import { sealNote } from '../vault/locker-key.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { copyHeld, holdAccountsOf, holdBookOf, lockerKeyOf } from './hold-copying.ts';
import { openWritingKeys } from './reading-keys.ts';

export const holdAdd: Command = {
  name: 'hold add',
  summary: {
    ko: '영상을 보관 기간 너머로 보존합니다: 필요한 만큼만 따로 복사하고, 기한이 되면 저절로 파기됩니다.',
    en: 'Keeps footage beyond its time: copies what is needed, which is erased by itself at its end.',
  },
  usage: '--camera ID --from TIME --to TIME --by NAME --reason TEXT [--kind KIND] [--end DAY]',
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
    by: { type: 'string', value: 'NAME', help: { ko: '보존하는 사람', en: 'who holds it' } },
    reason: { type: 'string', value: 'TEXT', help: { ko: '까닭', en: 'why' } },
    kind: {
      type: 'string',
      value: HOLD_KINDS.join('|'),
      help: { ko: '종류 (기본 desk: 사흘)', en: 'kind (default desk: three days)' },
    },
    end: {
      type: 'string',
      value: 'DAY',
      help: { ko: '이 날이 시작할 때 파기', en: 'erased when this day begins' },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ hold, kind, cameras, from, to, review, end, files, missed: [{ file, code }] }; exit code 1 when something could not be copied',
  async run(context) {
    const config = context.config();
    const folders = storageFolders(config);
    const siteTime = createSiteTime(config.site.timeZone);
    const asked = readHold(context, config.site.timeZone);
    const { by, reason } = asked;
    const id = newId(asked.hold.madeUs);
    const keyring = openWritingKeys(config, context);
    try {
      const key = lockerKeyOf(keyring, id, true);
      const note = sealNote(key, id, JSON.stringify({ by, reason }));
      key.fill(0);
      const hold: Hold = { ...asked.hold, v: 1, id, state: 'copying', note, files: [] };
      const { kind, cameras, fromUs, toUs, reviewUs, endUs } = hold;
      const times = {
        from: isoFromUs(fromUs),
        to: isoFromUs(toUs),
        review: isoFromUs(reviewUs),
        end: isoFromUs(endUs),
      };
      // No hold is silent: the ledger knows of it before anything is copied.
      await holdAccountsOf(folders, context).enter({
        event: 'hold.made',
        facts: { hold: id, kind, cameras, ...times },
      });
      await holdBookOf(folders).write(hold);
      const { hold: done, missed } = await copyHeld(config, context, keyring, hold);
      const { hold: said } = context.words.retention;
      context.result(
        { hold: id, kind, cameras, ...times, files: done.files.length, missed },
        [
          said.copied({ hold: id, files: done.files.length, end: siteTime.label(endUs) }),
          ...missed.map(said.missed),
        ].join('\n'),
      );
      return missed.length === 0 ? EXIT.ok : EXIT.failure;
    } finally {
      keyring.close();
    }
  },
};

type Asked = {
  readonly by: string;
  readonly reason: string;
  readonly hold: Pick<Hold, 'kind' | 'cameras' | 'fromUs' | 'toUs' | 'madeUs' | 'reviewUs' | 'endUs'>;
};

function readHold(context: CommandContext, zone: string): Asked {
  const { options, clock, words, usageError } = context;
  const { hold: said } = words.retention;
  const bad = (option: string, expected: string) => usageError(words.cli.badValue({ option, expected }));
  const time = (name: string) => {
    try {
      return parseLocalTime(options.text(name) ?? '', zone);
    } catch {
      throw bad(`--${name}`, said.badTime);
    }
  };
  const [by, reason] = [options.text('by')?.trim(), options.text('reason')?.trim()];
  if (!by || !reason) throw usageError(said.needsWho);
  const kind = (options.text('kind') ?? 'desk') as HoldKind;
  if (!HOLD_KINDS.includes(kind)) throw bad('--kind', HOLD_KINDS.join(' | '));
  const cameras = [...new Set(options.texts('camera'))];
  if (cameras.length === 0) throw bad('--camera', 'ID');
  const unknown = cameras.find((camera) => !/^[a-z0-9][a-z0-9-]{0,31}$/.test(camera));
  if (unknown !== undefined) throw new GirokError('unknown_camera', { camera: unknown });
  const madeUs = clock.utcUs();
  const [fromUs, toUs] = [time('from'), time('to')];
  if (fromUs >= toUs || toUs > madeUs || toUs - fromUs > LONGEST_RANGE_US) throw bad('--to', said.badRange);
  const { usual, most } = HOLD_DAYS[kind];
  const endUs = endOf(options.text('end'), zone) ?? madeUs + usual * DAY_US;
  if (endUs <= madeUs || endUs > madeUs + most * DAY_US) throw bad('--end', said.badEnd({ most }));
  const reviewUs = Math.min(endUs, madeUs + REVIEW_DAYS * DAY_US);
  return { by, reason, hold: { kind, cameras, fromUs, toUs, madeUs, reviewUs, endUs } };
}

/** @returns 0, which is past, for what is no day */
function endOf(text: string | undefined, zone: string): number | undefined {
  if (text === undefined) return undefined;
  try {
    return createSiteTime(zone).startOf(parseLocalDay(text));
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
