import { storageFolders } from '../config/folders.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { verifyBundleFile, verifyRows } from '../ledger/bundle.ts';
import { readLogKey } from '../ledger/log.ts';
import type { LedgerFault, Verdict } from '../ledger/verification.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { keptCheckpoints, keyOption, TRUST_OPTIONS, witnessesOf } from './ledger-trust.ts';

export const ledgerVerify: Command = {
  name: 'ledger verify',
  summary: {
    ko: '장부 전체, 또는 내보낸 파일이 바뀌지 않았는지 검증합니다. 녹화 중에도 됩니다.',
    en: 'Verifies that the ledger, or an exported bundle of it, was not changed. May run at any time.',
  },
  usage: '[--bundle FILE] [--key KEY] [--checkpoint FILE]…',
  examples: [
    'npm run -s girok -- ledger verify',
    'npm run -s girok -- ledger verify --bundle ledger.girok --checkpoint printed.txt --json',
  ],
  options: {
    bundle: {
      type: 'string',
      value: 'FILE',
      help: {
        ko: '저장소의 장부 대신 `ledger bundle`로 내보낸 파일',
        en: 'a file of `ledger bundle` instead of the ledger in the storage folder',
      },
    },
    ...TRUST_OPTIONS,
  },
  positionals: { min: 0, max: 0 },
  json: '{ sound: boolean, entries, checkpoints, vouched, fault?: { code: "format"|"key"|"leaf"|"shape"|"seq"|"time"|"root"|"signature"|"forked"|"cut_off", from, to, sentence } }; the first bad entry is among from … to − 1, counted from 0; exit code 1 with a fault',
  async run(context) {
    const kept = await keptCheckpoints(context);
    const key = keyOption(context);
    const file = context.options.text('bundle');
    if (file === undefined) return tell(verifyHere(context, kept, key), context);
    if (!key && kept.length === 0) context.warn(context.words.ledger.keyNotGiven);
    try {
      return tell(await verifyBundleFile(file, { kept, ...(key ? { log: key } : {}) }), context);
    } catch (error) {
      const system = systemCode(error);
      if (system === undefined) throw error;
      throw new GirokError('ledger_missing', { path: file, system }, { cause: error });
    }
  },
};

function verifyHere(
  context: CommandContext,
  kept: Awaited<ReturnType<typeof keptCheckpoints>>,
  key: ReturnType<typeof keyOption>,
): Verdict {
  const config = context.config();
  const db = openSiteForReading(storageFolders(config).site);
  try {
    const log = key ?? readLogKey(db);
    return verifyRows(createLedgerRows(db), { log, witnesses: witnessesOf(config), kept }, (entries) =>
      context.progress(context.words.ledger.checking({ entries })),
    );
  } finally {
    db.close();
  }
}

function tell({ entries, checkpoints, vouched, fault }: Verdict, context: CommandContext): ExitCode {
  const { ledger: said } = context.words;
  const document = { sound: !fault, entries, checkpoints, vouched };
  if (!fault) {
    context.result(document, said.sound({ entries, checkpoints, unvouched: entries - vouched }));
    return EXIT.ok;
  }
  const sentence = said.fault[fault.code];
  context.result(
    { ...document, fault: { ...fault, sentence } },
    said.broken({ where: placeOf(fault, context), fault: sentence }),
  );
  return EXIT.failure;
}

const placeOf = ({ from, to }: LedgerFault, { words }: CommandContext): string =>
  to - from <= 1 ? words.ledger.at({ entry: from }) : words.ledger.among({ from, to: to - 1 });
