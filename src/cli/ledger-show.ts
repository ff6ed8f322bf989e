import { storageFolders } from '../config/folders.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { toCsv, toXlsx } from '../ledger/table-formats.ts';
import { allEntries, destructionLog, managementLedger } from '../ledger/views.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { columns } from './columns.ts';
import type { Command } from './command.ts';
import { writeNewFile } from './new-file.ts';

const VIEWS = { management: managementLedger, destruction: destructionLog, entries: allEntries } as const;
const isView = (text: string | undefined): text is keyof typeof VIEWS => Object.hasOwn(VIEWS, text ?? '');

export const ledgerShow: Command = {
  name: 'ledger show',
  summary: {
    ko: '장부를 대장으로 봅니다: 관리대장, 파기 기록, 모든 기록. CSV 나 XLSX 로도 내보냅니다.',
    en: 'Shows the ledger as a register: management ledger, destruction log, all entries; also as CSV or XLSX.',
  },
  usage: 'management|destruction|entries [--csv FILE] [--xlsx FILE]',
  examples: [
    'npm run -s girok -- ledger show destruction',
    'npm run -s girok -- ledger show management --xlsx 관리대장.xlsx --lang ko',
  ],
  options: {
    csv: { type: 'string', value: 'FILE', help: { ko: 'CSV 로 내보냄', en: 'write it as CSV' } },
    xlsx: { type: 'string', value: 'FILE', help: { ko: 'XLSX 로 내보냄', en: 'write it as XLSX' } },
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
    const db = openSiteForReading(storageFolders(config).site);
    try {
      const siteTime = createSiteTime(config.site.timeZone);
      const table = VIEWS[view](createLedgerRows(db), siteTime, context.words.ledger.views);
      const { name, titles, rows } = table;
      const [csv, xlsx] = [context.options.text('csv'), context.options.text('xlsx')];
      if (csv !== undefined) await writeNewFile(csv, toCsv(table));
      if (xlsx !== undefined) await writeNewFile(xlsx, toXlsx(table));
      context.result(
        { name, titles, rows },
        [name, columns([titles, ...rows.map((row) => row.map(String))])].join('\n'),
      );
      return undefined;
    } finally {
      db.close();
    }
  },
};
