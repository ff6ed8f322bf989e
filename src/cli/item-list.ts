import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import type { Database } from '../db/open.ts';
import { createItemRows, type ItemRow } from '../db/site/item-rows.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { type ItemKind, overdueItems } from '../oversight/handed-out.ts';
import { type ItemTexts, itemState, itemTexts } from '../oversight/item-texts.ts';
import { createPersonalOpening } from '../vault/personal-keys.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { enterNamesShown, namesShown, SEALED } from './names-shown.ts';
import { openReadingKeys } from './reading-keys.ts';

export const itemList: Command = {
  name: 'item list',
  summary: {
    ko: '반출물 대장: 무엇이 누구에게 나갔고, 돌아왔거나 파기되었는지 보여 줍니다.',
    en: 'The register of handed-out items: what went to whom, and what came back or was destroyed.',
  },
  usage: '[--open] [--sealed]',
  examples: ['npm run -s girok -- item list --open', 'npm run -s girok -- item list --json'],
  options: {
    open: { type: 'boolean', help: { ko: '파기되지 않은 것만', en: 'only what is not destroyed' } },
    sealed: SEALED,
  },
  positionals: { min: 0, max: 0 },
  json: '[{ item, kind, state: "out"|"returned"|"destroyed", handedOut, due?, returned?, destroyed?, method?, hold?, what, to, by, entry, overdue: boolean }]; what, to and by are null once erased or sealed; exit code 1 while one is overdue',
  async run(context) {
    const config = context.config();
    const { item: said } = context.words.oversight;
    const siteTime = createSiteTime(config.site.timeZone);
    const db = openSiteForReading(storageFolders(config).site);
    try {
      const all = createItemRows(db).list();
      const late = new Set(
        overdueItems(all, siteTime.dayOf(context.clock.utcUs())).map(({ number }) => number),
      );
      const rows = all.filter(({ destroyedDay }) => destroyedDay === null || !context.options.flag('open'));
      const isSealed = context.options.flag('sealed');
      if (rows.length > 0 && !isSealed)
        await enterNamesShown(config, context, namesShown(context, 'items', rows.length));
      const texts = isSealed ? sealedTexts(rows) : textsOf(rows, db, config, context);
      const absent = isSealed ? context.words.ledger.views.sealed : said.erased;
      context.result(
        rows.map((row) => ({
          item: row.number,
          kind: row.kind,
          state: itemState(row),
          handedOut: row.handedDay,
          ...(row.dueDay === null ? {} : { due: row.dueDay }),
          ...(row.returnedDay === null ? {} : { returned: row.returnedDay }),
          ...(row.destroyedDay === null ? {} : { destroyed: row.destroyedDay, method: row.method }),
          ...(row.hold === null ? {} : { hold: row.hold }),
          ...texts.get(row.number),
          entry: row.seq,
          overdue: late.has(row.number),
        })),
        rows.length === 0
          ? said.none
          : columns([
              Object.values(said.column),
              ...rows.map((row) => {
                const { what, to, by } = texts.get(row.number) ?? {};
                return [
                  row.number,
                  said.kind[row.kind as ItemKind],
                  late.has(row.number) ? said.overdue : said.state[itemState(row)],
                  row.handedDay,
                  row.dueDay ?? '',
                  row.destroyedDay ?? row.returnedDay ?? '',
                  to ?? absent,
                  by ?? absent,
                  what ?? absent,
                ];
              }),
            ]),
      );
      return rows.some(({ number }) => late.has(number)) ? EXIT.failure : EXIT.ok;
    } finally {
      db.close();
    }
  },
};

const sealedTexts = (items: readonly ItemRow[]) =>
  new Map<string, ItemTexts>(items.map(({ number }) => [number, { what: null, to: null, by: null }]));

function textsOf(
  items: readonly ItemRow[],
  db: Database,
  config: Config,
  context: CommandContext,
): Map<string, ItemTexts> {
  if (items.length === 0) return new Map();
  const keyring = openReadingKeys(config, context);
  const opening = createPersonalOpening(keyring, createSiteTime(config.site.timeZone));
  try {
    return itemTexts(items, createLedgerRows(db), opening);
  } finally {
    opening.close();
    keyring.close();
  }
}
