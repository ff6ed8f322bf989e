import { storageFolders } from '../config/folders.ts';
import { isoFromUs } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { createSiteTime, parseLocalTime } from '../lib/site-time.ts';
import { HOLD_DAYS, HOLD_KINDS, type HoldKind, rangeHeld, termsOf } from '../retention/hold-terms.ts';
import type { Hold } from '../retention/holds.ts';
import { holdAccountsOf, holdBookOf } from '../stewardship/holds/copier.ts';
import type { Keyring } from '../vault/keyring.ts';
import { lockerKeyName } from '../vault/locker-key.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { END, endOf, WHO, whoOf } from './hold-change.ts';
import { followCopying } from './hold-copying.ts';
import { writeNote } from './hold-note.ts';
import { openWritingKeys } from './reading-keys.ts';

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
    const folders = storageFolders(config);
    const siteTime = createSiteTime(config.site.timeZone);
    const asked = readHold(context, config.site.timeZone);
    const { by, reason } = whoOf(context);
    const id = newId(asked.madeUs);
    const page: Hold = { ...asked, v: 1, id, state: 'beginning', note: '' };
    const { kind, cameras, fromUs, toUs, reviewUs, endUs, madeUs } = page;
    const times = {
      from: isoFromUs(fromUs),
      to: isoFromUs(toUs),
      review: isoFromUs(reviewUs),
      end: isoFromUs(endUs),
    };
    const keyring = openWritingKeys(config, context);
    try {
      // No hold is silent: the ledger knows of it before anything is copied.
      await holdAccountsOf(folders, context.clock).enter({
        event: 'hold.made',
        facts: { hold: id, kind, cameras, ...times },
        personal: { by, reason },
      });
      await holdBookOf(folders).begin(page, async () => {
        const key = makeLockerKey(keyring, id);
        try {
          const note = writeNote(key, id, [{ at: isoFromUs(madeUs), did: 'made', by, reason }]);
          return { ...page, state: 'copying', note };
        } finally {
          key.fill(0);
        }
      });
    } finally {
      keyring.close();
    }
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

/** Here and nowhere else: a key that was erased is never made again. */
function makeLockerKey(keyring: Keyring, hold: string): Buffer {
  const { camera, day, hour } = lockerKeyName(hold);
  return keyring.sealingKey(
    camera as Parameters<Keyring['sealingKey']>[0],
    day as Parameters<Keyring['sealingKey']>[1],
    hour,
  );
}

type Asked = Pick<Hold, 'kind' | 'cameras' | 'fromUs' | 'toUs' | 'madeUs' | 'reviewUs' | 'endUs'>;

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
  const kind = kindOf(context, 'desk');
  const cameras = [...new Set(options.texts('camera'))];
  if (cameras.length === 0) throw bad('--camera', 'ID');
  const unknown = cameras.find((camera) => !/^[a-z0-9][a-z0-9-]{0,31}$/.test(camera));
  if (unknown !== undefined) throw new GirokError('unknown_camera', { camera: unknown });
  const madeUs = clock.utcUs();
  const range = rangeHeld(time('from'), time('to'), madeUs);
  if (!range) throw bad('--to', said.badRange);
  const terms = termsOf(kind, madeUs, endOf(context, zone));
  if (!terms) throw bad('--end', said.badEnd({ most: HOLD_DAYS[kind].most }));
  return { kind, cameras, ...range, madeUs, ...terms };
}

/** @throws a usage error for what is no kind */
export function kindOf({ options, words, usageError }: CommandContext, otherwise: string): HoldKind {
  const asked = options.text('kind') ?? otherwise;
  const kind = HOLD_KINDS.find((each) => each === asked);
  if (!kind) throw usageError(words.cli.badValue({ option: '--kind', expected: HOLD_KINDS.join(' | ') }));
  return kind;
}
