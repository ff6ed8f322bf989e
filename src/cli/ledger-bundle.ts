import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { bundleLines } from '../ledger/bundle.ts';
import { readLogKey } from '../ledger/log.ts';
import { vkeyOf } from '../ledger/note.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { witnessesOf } from './ledger-trust.ts';
import { makeNewFile } from './new-file.ts';
import { readingLedger } from './reading-ledger.ts';

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
    return readingLedger(config, async (db) => {
      const rows = createLedgerRows(db);
      const key = readLogKey(db);
      const entries = rows.lastCheckpoint()?.size;
      if (entries === undefined) {
        context.result({ file, entries: 0, key: vkeyOf(key) }, context.words.ledger.unsigned);
        return EXIT.failure;
      }
      const lines = bundleLines(rows, key, witnessesOf(config));
      await makeNewFile(file, (target) => target.writeFile(inPieces(lines)));
      context.result(
        { file, entries, key: vkeyOf(key) },
        `${context.words.ledger.bundled({ file, entries })}\n${vkeyOf(key)}`,
      );
      return EXIT.ok;
    });
  },
};

const PIECE_BYTES = 1024 * 1024;

/** A million short writes take longer than the million entries. */
function* inPieces(lines: Iterable<Buffer | string>): Generator<Buffer> {
  let piece: Buffer[] = [];
  let bytes = 0;
  for (const line of lines) {
    const part = Buffer.from(line);
    piece.push(part);
    bytes += part.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(piece);
    piece = [];
    bytes = 0;
  }
  yield Buffer.concat(piece);
}
