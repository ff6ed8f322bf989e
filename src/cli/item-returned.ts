import { createSiteTime } from '../lib/site-time.ts';
import { createHandedOut } from '../oversight/handed-out.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { endingOf, ON, refusedItem } from './item-options.ts';
import { BY, NOTE } from './persons.ts';
import { openWritingLedger } from './writing-ledger.ts';

export const itemReturned: Command = {
  name: 'item returned',
  summary: {
    ko: '반출물이 돌아온 것을 기록합니다. 파기할 때까지 열려 있습니다.',
    en: 'Enters that a handed-out item is back. It stays open until it is destroyed.',
  },
  usage: 'ITEM --by NAME [--on DAY] [--note TEXT]',
  examples: ["npm run -s girok -- item returned 2026-0001 --by '송은서'"],
  options: { by: BY, on: ON, note: NOTE },
  positionals: { min: 1, max: 1 },
  json: '{ item, state: "returned", entry }',
  async run(context) {
    const config = context.config();
    const siteTime = createSiteTime(config.site.timeZone);
    const [item = ''] = context.positionals;
    const ending = endingOf(context, siteTime.dayOf(context.clock.utcUs()));
    const { ledger, close } = await openWritingLedger(config, context);
    try {
      const outcome = createHandedOut({
        ledger,
        clock: context.clock,
        siteTime,
        actor: 'process:cli',
      }).returned(item, ending);
      if (outcome.state === 'refused') throw refusedItem(context, item, outcome.why);
      context.result(
        { item, state: 'returned', entry: outcome.seq },
        context.words.oversight.item.returned({ item, entry: outcome.seq }),
      );
      return EXIT.ok;
    } finally {
      close();
    }
  },
};
