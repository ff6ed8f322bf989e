import { DESTRUCTION_METHODS } from '../ledger/events/items.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createHandedOut } from '../oversight/handed-out.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { endingOf, ON, refusedItem } from './item-options.ts';
import { BY, NOTE, WITNESS } from './persons.ts';
import { openWritingLedger } from './writing-ledger.ts';

export const itemDestroyed: Command = {
  name: 'item destroyed',
  summary: {
    ko: '반출물의 파기(파쇄·소각·초기화)를 기록하고 관리대장의 파기 칸을 채웁니다.',
    en: 'Enters that a handed-out item was destroyed, and fills its line in the management ledger.',
  },
  usage: 'ITEM --method shred|burn|wipe --by NAME [--on DAY] [--witness NAME] [--note TEXT]',
  examples: [
    "npm run -s girok -- item destroyed 2026-0001 --method shred --by '송은서' --witness '김입회' --on 2026-11-28",
  ],
  options: {
    method: {
      type: 'string',
      value: DESTRUCTION_METHODS.join('|'),
      help: { ko: '파쇄·소각·초기화', en: 'how' },
    },
    by: BY,
    on: ON,
    witness: WITNESS,
    note: NOTE,
  },
  positionals: { min: 1, max: 1 },
  json: '{ item, state: "destroyed", method, entry, row }',
  async run(context) {
    const { words, options } = context;
    const config = context.config();
    const siteTime = createSiteTime(config.site.timeZone);
    const [item = ''] = context.positionals;
    const method = DESTRUCTION_METHODS.find((each) => each === options.text('method'));
    if (!method)
      throw context.usageError(
        words.cli.badValue({ option: '--method', expected: DESTRUCTION_METHODS.join(' | ') }),
      );
    const ending = endingOf(context, siteTime.dayOf(context.clock.utcUs()));
    const { ledger, close } = await openWritingLedger(config, context);
    try {
      const outcome = createHandedOut({
        ledger,
        clock: context.clock,
        siteTime,
        actor: 'process:cli',
      }).destroyed(item, method, ending);
      if (outcome.state === 'refused') throw refusedItem(context, item, outcome.why);
      context.result(
        { item, state: 'destroyed', method, entry: outcome.seq, row: outcome.row },
        words.oversight.item.destroyed({ item, entry: outcome.seq }),
      );
      return EXIT.ok;
    } finally {
      close();
    }
  },
};
