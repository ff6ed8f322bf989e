import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { storageFolders } from '../config/folders.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { bundleLines } from '../ledger/bundle.ts';
import { readLogKey } from '../ledger/log.ts';
import { vkeyOf } from '../ledger/note.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { witnessesOf } from './ledger-trust.ts';

export const ledgerBundle: Command = {
  name: 'ledger bundle',
  summary: {
    ko: '장부를 다른 곳에서도 검증할 수 있는 파일 하나로 내보냅니다.',
    en: 'Writes the ledger into one file that can be verified anywhere.',
  },
  usage: 'FILE',
  examples: ['npm run -s girok -- ledger bundle ledger.girok', 'python3 verify/girok_verify.py ledger.girok'],
  options: {},
  positionals: { min: 1, max: 1 },
  json: '{ file, entries, key }; key: what a verifier needs to know of this ledger. Exit code 1 when nothing is signed yet',
  async run(context) {
    const [file = ''] = context.positionals;
    const config = context.config();
    const db = openSiteForReading(storageFolders(config).site);
    try {
      const rows = createLedgerRows(db);
      const key = readLogKey(db);
      const entries = rows.lastCheckpoint()?.size;
      if (entries === undefined) {
        context.result({ file, entries: 0, key: vkeyOf(key) }, context.words.ledger.unsigned);
        return EXIT.failure;
      }
      // Never over something that is there: an older bundle may be somebody's proof.
      const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
      await pipeline(Readable.from(bundleLines(rows, key, witnessesOf(config))), target);
      context.result(
        { file, entries, key: vkeyOf(key) },
        `${context.words.ledger.bundled({ file, entries })}\n${vkeyOf(key)}`,
      );
      return EXIT.ok;
    } finally {
      db.close();
    }
  },
};
