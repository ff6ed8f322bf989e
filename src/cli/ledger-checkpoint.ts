import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { parseCheckpoint } from '../ledger/checkpoint.ts';
import { checkpointPage } from '../ledger/checkpoint-page.ts';
import { readLogKey } from '../ledger/log.ts';
import { vkeyOf } from '../ledger/note.ts';
import { createSiteTime } from '../lib/site-time.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { writeNewFile } from './new-file.ts';
import { readingLedger } from './reading-ledger.ts';

export const ledgerCheckpoint: Command = {
  name: 'ledger checkpoint',
  summary: {
    ko: '가장 새로운 검증점을 보이고, 밖에 보관할 파일이나 인쇄할 쪽으로 내보냅니다.',
    en: 'Shows the newest checkpoint, and writes it for keeping elsewhere: as a file, or as a page to print.',
  },
  usage: '[--copy FILE] [--page FILE]',
  examples: [
    'npm run -s girok -- ledger checkpoint --page checkpoint.html',
    'npm run -s girok -- ledger checkpoint --copy /media/stick/2026-11-22.checkpoint',
  ],
  options: {
    copy: {
      type: 'string',
      value: 'FILE',
      help: {
        ko: '다른 매체에 둘 사본; 있는 파일은 덮어쓰지 않음',
        en: 'a copy for another medium; never over a file',
      },
    },
    page: {
      type: 'string',
      value: 'FILE',
      help: { ko: 'QR 코드가 있는 인쇄용 HTML', en: 'HTML to print, with a QR code' },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ size, madeAt, root, key, note, signers: string[] }; exit code 1 when nothing is signed yet',
  async run(context) {
    const config = context.config();
    const { ledger: said } = context.words;
    return readingLedger(config, async (db) => {
      const row = createLedgerRows(db).lastCheckpoint();
      const checkpoint = row && parseCheckpoint(row.note);
      if (!checkpoint) {
        context.result({ size: 0 }, said.unsigned);
        return EXIT.failure;
      }
      const { size, root, note, signed } = checkpoint;
      const madeAt = createSiteTime(config.site.timeZone).label(row.madeUs);
      const key = vkeyOf(readLogKey(db));
      const copy = context.options.text('copy');
      const page = context.options.text('page');
      if (copy !== undefined) await writeNewFile(copy, note);
      if (page !== undefined) {
        const label = said.page;
        const html = checkpointPage(checkpoint, {
          title: label.title,
          site: config.site.name[context.language],
          why: label.why,
          lines: [
            [label.madeAt, `${madeAt} (${config.site.timeZone})`],
            [label.size, String(size)],
            [label.root, root.toString('hex').slice(0, 16)],
            [label.key, key],
          ],
        });
        await writeNewFile(page, html);
      }
      const signers = signed.signatures.map(({ name }) => name);
      context.result(
        { size, madeAt, root: root.toString('hex'), key, note, signers },
        `${key}\n\n${note.trimEnd()}`,
      );
      return EXIT.ok;
    });
  },
};
