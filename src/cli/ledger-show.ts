import type { Config } from '../config/config.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { type Table, toCsv, toXlsx } from '../ledger/table-formats.ts';
import type { ViewSource } from '../ledger/views/source.ts';
import { type LogView, namesPeople, VIEWS, type ViewName } from '../ledger/views.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { createPersonalOpening } from '../vault/personal-keys.ts';
import { columns } from './columns.ts';
import type { Command, CommandContext } from './command.ts';
import { enterNamesShown, namesShown, SEALED } from './names-shown.ts';
import { writeNewFile } from './new-file.ts';
import { openReadingKeys } from './reading-keys.ts';
import { readingLedger } from './reading-ledger.ts';

const isView = (text: string | undefined): text is ViewName => Object.hasOwn(VIEWS, text ?? '');

export const ledgerShow: Command = {
  name: 'ledger show',
  summary: {
    ko: '장부를 대장으로 봅니다: 관리대장, 열람기록, 접속기록, 접근권한 기록, 파기 기록, 모든 기록. CSV 나 XLSX 로도 내보냅니다.',
    en: 'Shows the ledger as a register: management ledger, viewing, access, rights and destruction log, all entries; also as CSV or XLSX.',
  },
  usage: 'management|viewing|access|rights|destruction|entries [--sealed] [--csv FILE] [--xlsx FILE]',
  examples: [
    'npm run -s girok -- ledger show destruction',
    'npm run -s girok -- ledger show management --xlsx 관리대장.xlsx --lang ko',
    'npm run -s girok -- ledger show access --sealed',
  ],
  options: {
    csv: { type: 'string', value: 'FILE', help: { ko: 'CSV 로 내보냄', en: 'write it as CSV' } },
    xlsx: { type: 'string', value: 'FILE', help: { ko: 'XLSX 로 내보냄', en: 'write it as XLSX' } },
    sealed: SEALED,
  },
  positionals: { min: 1, max: 1 },
  json: '{ name, titles: string[], rows: (string | number)[][] }',
  async run(context) {
    const [view] = context.positionals;
    if (!isView(view))
      throw context.usageError(
        context.words.cli.badValue({ option: 'ledger show', expected: Object.keys(VIEWS).join(' | ') }),
      );
    const config = context.config();
    const opened = namesPeople(view) && !context.options.flag('sealed') ? view : undefined;
    const table = await (opened ? openedTable : tableOf)(config, context, view);
    const { name, titles, rows } = table;
    const [csv, xlsx] = [context.options.text('csv'), context.options.text('xlsx')];
    // Who saw the names is in the ledger before anybody does.
    if (opened) await enterExport(config, context, opened, table);
    if (csv !== undefined) await writeNewFile(csv, toCsv(table));
    if (xlsx !== undefined) await writeNewFile(xlsx, toXlsx(table));
    context.result(
      { name, titles, rows },
      [name, columns([titles, ...rows.map((row) => row.map(String))])].join('\n'),
    );
    return undefined;
  },
};

const tableOf = (
  config: Config,
  { words, language }: CommandContext,
  view: ViewName,
  opening?: ViewSource['opening'],
): Promise<Table> =>
  readingLedger(config, (db) => {
    const purposes = Object.fromEntries(config.purposes.map((purpose) => [purpose.id, purpose[language]]));
    const siteTime = createSiteTime(config.site.timeZone);
    return VIEWS[view]({
      rows: createLedgerRows(db),
      siteTime,
      words: words.ledger.views,
      opening,
      purposes,
    });
  });

async function openedTable(config: Config, context: CommandContext, view: ViewName): Promise<Table> {
  const keyring = openReadingKeys(config, context);
  const opening = createPersonalOpening(keyring, createSiteTime(config.site.timeZone));
  try {
    return await tableOf(config, context, view, opening);
  } finally {
    opening.close();
    keyring.close();
  }
}

/** With the files that it was written into besides. */
function enterExport(config: Config, context: CommandContext, view: LogView, { rows }: Table): Promise<void> {
  const shown = namesShown(context, view, rows.length);
  const files = (['csv', 'xlsx'] as const).filter((each) => context.options.text(each) !== undefined);
  return enterNamesShown(config, context, { ...shown, formats: [...shown.formats, ...files] });
}
