import { storageFolders } from '../config/folders.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { type LogOver, logsBefore } from '../ledger/begin-anew.ts';
import { verifyBundleFile, verifyRows } from '../ledger/bundle.ts';
import { readLogKey } from '../ledger/log.ts';
import type { Severity } from '../ledger/meaning/finding.ts';
import { createMeaning, type Findings } from '../ledger/meaning/meaning.ts';
import type { LedgerFault, Verdict, VerificationDeps } from '../ledger/verification.ts';
import { systemCode } from '../lib/errors.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { beforeLine } from './ledger-before.ts';
import { keptCheckpoints, keyOption, TRUST_OPTIONS, witnessesOf } from './ledger-trust.ts';
import { verifyProofFile } from './ledger-verify-proof.ts';
import { readingLedger } from './reading-ledger.ts';

export const ledgerVerify: Command = {
  name: 'ledger verify',
  summary: {
    ko: '장부 전체, 또는 내보낸 파일이 바뀌지 않았는지 검증합니다. 녹화 중에도 됩니다.',
    en: 'Verifies that the ledger, or an exported bundle of it, was not changed. May run at any time.',
  },
  usage: '[--bundle FILE | --proof FILE] [--key KEY] [--checkpoint FILE]…',
  examples: [
    'npm run -s girok -- ledger verify',
    'npm run -s girok -- ledger verify --bundle ledger.girok --checkpoint printed.txt --json',
    "npm run -s girok -- ledger verify --proof entry.tlog-proof --key 'girok.invalid/clinic/…+…+…'",
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
    proof: {
      type: 'string',
      value: 'FILE',
      help: {
        ko: '저장소의 장부 대신 `ledger prove --out`으로 받은 증명 파일',
        en: 'a file of `ledger prove --out` instead of the ledger',
      },
    },
    ...TRUST_OPTIONS,
  },
  positionals: { min: 0, max: 0 },
  json: '{ sound: boolean, entries, checkpoints, vouched, before: the logs before this one, fault?: { code: "format"|"key"|"leaf"|"shape"|"seq"|"time"|"root"|"signature"|"forked"|"cut_off", from, to, sentence }, counts?: { note, warning, serious }, findings?: [{ code, severity: "note"|"warning"|"serious", entry, facts, sentence }] }; the first bad entry is among from … to − 1, counted from 0; findings are about what a whole ledger tells; exit code 1 with a fault, 7 with a serious finding. With --proof: { sound, entry?, checkpoint?, signers?, compared?, body?, footage?, fault? }',
  async run(context) {
    const kept = await keptCheckpoints(context);
    const key = keyOption(context);
    const file = context.options.text('bundle');
    const proof = context.options.text('proof');
    if (proof !== undefined) {
      if (!key && kept.length === 0) context.warn(context.words.ledger.keyNotGiven);
      return verifyProofFile(proof, { log: key, kept }, context);
    }
    const meaning = createMeaning();
    const { see: seen } = meaning;
    if (file === undefined) {
      const { verdict, before } = await verifyHere(context, { kept, key, seen });
      return tell(verdict, { findings: meaning.end(), before }, context);
    }
    if (!key && kept.length === 0) context.warn(context.words.ledger.keyNotGiven);
    try {
      const verdict = await verifyBundleFile(file, { kept, seen, ...(key ? { log: key } : {}) });
      return tell(verdict, { findings: meaning.end(), before: [] }, context);
    } catch (error) {
      const system = systemCode(error);
      if (system === undefined) throw error;
      throw context.usageError(context.words.ledger.badFile({ file, system }));
    }
  },
};

type Here = Pick<VerificationDeps, 'kept' | 'seen'> & { readonly key: ReturnType<typeof keyOption> };

function verifyHere(context: CommandContext, { kept, key, seen }: Here) {
  const config = context.config();
  const { site } = storageFolders(config);
  return readingLedger(config, async (db) => {
    const trust = { log: key ?? readLogKey(db), witnesses: witnessesOf(config), kept, seen };
    const verdict = verifyRows(createLedgerRows(db), trust, (entries) =>
      context.progress(context.words.ledger.checking({ entries })),
    );
    return { verdict, before: await logsBefore(site, readLogKey(db).name) };
  });
}

function tell(
  { entries, checkpoints, vouched, fault }: Verdict,
  { findings: found, before }: { readonly findings: Findings; readonly before: readonly LogOver[] },
  context: CommandContext,
): ExitCode {
  const { ledger: said, findings: words } = context.words;
  const document = { sound: !fault, entries, checkpoints, vouched, before };
  if (fault) {
    // What was tampered with is not asked what it means.
    const sentence = said.fault[fault.code];
    context.result(
      { ...document, fault: { ...fault, sentence } },
      said.broken({ where: placeOf(fault, context), fault: sentence }),
    );
    return EXIT.failure;
  }
  const findings = found.list.map((finding) => ({
    ...finding,
    sentence: words.said[finding.code](finding.facts),
  }));
  const { serious, warning, note } = found.counts;
  const total = serious + warning + note;
  const shown = [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, MOST_SHOWN);
  context.result(
    { ...document, counts: found.counts, findings },
    [
      said.sound({ entries, checkpoints, unvouched: entries - vouched }),
      ...before.map((one) => beforeLine(one, context.words)),
      total === 0 ? words.none : words.counts(found.counts),
      ...shown.map(({ severity, entry, sentence }) =>
        words.line({ severity: words.severity[severity], entry, sentence }),
      ),
      ...(total > shown.length ? [words.more({ count: total - shown.length })] : []),
    ].join('\n'),
  );
  return serious > 0 ? EXIT.findings : EXIT.ok;
}

const RANK: Readonly<Record<Severity, number>> = { serious: 0, warning: 1, note: 2 };
const MOST_SHOWN = 40;

const placeOf = ({ from, to }: LedgerFault, { words }: CommandContext): string =>
  to - from <= 1 ? words.ledger.at({ entry: from }) : words.ledger.among({ from, to: to - 1 });
