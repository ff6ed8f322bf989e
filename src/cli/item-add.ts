import { storageFolders } from '../config/folders.ts';
import { ITEM_KINDS } from '../contract/items.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createHandedOut, type ItemKind } from '../oversight/handed-out.ts';
import { createHoldBook } from '../retention/holds.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { dayOption } from './item-options.ts';
import { BY, personalText } from './persons.ts';
import { openWritingLedger } from './writing-ledger.ts';

export const itemAdd: Command = {
  name: 'item add',
  summary: {
    ko: '밖으로 나가는 출력물·CD·USB 에 번호를 주고 기록합니다.',
    en: 'Gives a number to a printout, disc or stick that leaves the house, and enters it.',
  },
  usage: '--kind print|disc|usb --what TEXT --to NAME --by NAME [--hold HOLD] [--return-by DAY]',
  examples: [
    "npm run -s girok -- item add --kind usb --what 'cam01 11-21 14:00~14:20 마스킹본' --to '홍길동' --by '송은서' --return-by 2026-12-31",
  ],
  options: {
    kind: { type: 'string', value: ITEM_KINDS.join('|'), help: { ko: '형태', en: 'what it is on' } },
    what: { type: 'string', value: 'TEXT', help: { ko: '내용', en: 'what is on it' } },
    to: { type: 'string', value: 'NAME', help: { ko: '받는 사람', en: 'who gets it' } },
    by: BY,
    hold: {
      type: 'string',
      value: 'HOLD',
      help: { ko: '영상이 나온 보존', en: 'the hold that it came from' },
    },
    'return-by': {
      type: 'string',
      value: 'DAY',
      help: { ko: '이날까지 반환·파기', en: 'back or destroyed by the end of this day' },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ item, entry }',
  async run(context) {
    const config = context.config();
    const { item: said } = context.words.oversight;
    const siteTime = createSiteTime(config.site.timeZone);
    const today = siteTime.dayOf(context.clock.utcUs());
    const kind = kindOf(context);
    const [what, to, by] = ['what', 'to', 'by'].map((name) => personalText(context, name));
    if (what === undefined || to === undefined || by === undefined) throw context.usageError(said.needs);
    const due = dayOption(context, 'return-by', { from: today });
    const hold = await holdOf(context, storageFolders(config).retention);
    const { ledger, close } = await openWritingLedger(config, context);
    try {
      const handing = { kind, what, to, by, hold, due };
      const { item, seq } = createHandedOut({
        ledger,
        clock: context.clock,
        siteTime,
        actor: 'process:cli',
      }).add(handing);
      context.result({ item, entry: seq }, said.added({ item, entry: seq }));
      return EXIT.ok;
    } finally {
      close();
    }
  },
};

function kindOf({ options, usageError, words }: CommandContext): ItemKind {
  const kind = ITEM_KINDS.find((each) => each === options.text('kind'));
  if (!kind) throw usageError(words.cli.badValue({ option: '--kind', expected: ITEM_KINDS.join(' | ') }));
  return kind;
}

/** @throws GirokError `usage` for a hold that there never was */
async function holdOf({ options, usageError, words }: CommandContext, retention: string) {
  const hold = options.text('hold');
  if (hold === undefined) return undefined;
  const known = await createHoldBook(`${retention}/holds`).list();
  if (!known.some(({ id }) => id === hold)) throw usageError(words.retention.hold.unknown({ hold }));
  return hold;
}
