import { createCatalogueReader } from '../catalogue/reader.ts';
import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import type { Database } from '../db/open.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { readLogKey } from '../ledger/log.ts';
import { vkeyOf } from '../ledger/note.ts';
import { proveEntry } from '../ledger/prove-entry.ts';
import { type EntryProof, type FootageProof, proofText } from '../ledger/tlog-proof.ts';
import type { CameraId } from '../lib/ids.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { wayOf } from './footage-proof.ts';
import { witnessesOf } from './ledger-trust.ts';
import { writeNewFile } from './new-file.ts';
import { readingLedger } from './reading-ledger.ts';

/** How far the proof reaches; each is only said when all before it hold. */
interface Proof {
  readonly outcome:
    | 'no_footage'
    | 'recording'
    | 'not_entered'
    | 'file_changed'
    | 'catalogue_changed'
    | 'ledger_changed'
    | 'no_entry'
    | 'unsigned'
    | 'unchanged'
    | 'entered';
  readonly segment?: string;
  readonly file?: string;
  readonly entry?: number;
  readonly enteredAt?: string;
  /** Entries of the checkpoint that vouches for it, and who signed that. */
  readonly checkpoint?: number;
  readonly signers?: readonly string[];
  /** What a third person needs besides the file that was written. */
  readonly proof?: string;
  readonly key?: string;
}

/** The proof as told, and as a file where the way is whole. */
type Proved = Proof & { readonly whole?: EntryProof };

export const ledgerProve: Command = {
  name: 'ledger prove',
  summary: {
    ko: '녹화된 한 순간의 영상이 녹화된 뒤 바뀌지 않았음을, 또는 기록 하나가 장부에 있음을 보이고, 남에게 줄 증명 파일로 내보냅니다.',
    en: 'Shows by the ledger that the footage of a moment is unchanged since it was recorded, or that an entry is in the ledger; also as a proof to hand out.',
  },
  usage: '--camera ID --at TIME [--stream main|sub] | --entry N  [--out FILE]',
  examples: [
    'npm run -s girok -- ledger prove --camera cam01 --at 2026-11-22T03:14:00+09:00',
    'npm run -s girok -- ledger prove --entry 4711 --out entry.tlog-proof',
  ],
  options: {
    camera: { type: 'string', value: 'ID', help: { ko: '카메라', en: 'camera' } },
    at: {
      type: 'string',
      value: 'TIME',
      help: { ko: '시각 (시간대까지: …+09:00, …Z)', en: 'instant, with its zone: …+09:00, …Z' },
    },
    stream: {
      type: 'string',
      value: 'STREAM',
      help: { ko: 'main(기본) 또는 sub', en: 'main (default) or sub' },
    },
    entry: {
      type: 'string',
      value: 'N',
      help: { ko: '장부의 기록 번호, 0부터', en: 'number of an entry, from 0' },
    },
    out: {
      type: 'string',
      value: 'FILE',
      help: {
        ko: '이 컴퓨터 없이 검증할 수 있는 증명 파일 (c2sp.org/tlog-proof)',
        en: 'writes a proof that can be checked without this machine (c2sp.org/tlog-proof)',
      },
    },
  },
  positionals: { min: 0, max: 0 },
  json: '{ outcome: "unchanged"|"entered"|"unsigned"|"not_entered"|"no_entry"|"recording"|"no_footage"|"file_changed"|"catalogue_changed"|"ledger_changed", sentence, segment?, file?, entry?, enteredAt?, checkpoint?, signers?, proof?: file written, key? }; exit code 0 for unchanged and entered only',
  async run(context) {
    const ask = asked(context);
    const config = context.config();
    return readingLedger(config, async (db) => {
      const { whole, ...told } =
        'entry' in ask ? provedEntry(db, config, ask.entry) : await proveFootage(db, config, ask);
      const out = context.options.text('out');
      if (out !== undefined && whole) await writeNewFile(out, proofText(whole));
      const proof: Proof = {
        ...told,
        ...(out !== undefined && whole ? { proof: out, key: vkeyOf(whole.log) } : {}),
      };
      const sentence = context.words.ledger.proof[proof.outcome];
      const shown = Object.entries(proof).map(([name, value]) => `  ${name}: ${String(value)}`);
      context.result({ ...proof, sentence }, [sentence, ...shown].join('\n'));
      return whole ? EXIT.ok : EXIT.failure;
    });
  },
};

async function proveFootage(
  db: Database,
  config: Config,
  { camera, atUs, stream }: { camera: CameraId; atUs: number; stream: 'main' | 'sub' },
): Promise<Proved> {
  const folders = storageFolders(config);
  const reader = createCatalogueReader(folders.catalogue);
  try {
    const found = await reader.segmentAt({ camera, stream }, atUs);
    if (!found) return { outcome: 'no_footage' };
    const { segment, file } = found;
    const integrity = await reader.integrityOf(segment);
    if (!integrity) return { outcome: 'recording' };
    const way = await wayOf(db, folders.vault, found, integrity);
    if ('broken' in way)
      return way.broken === 'not_entered' ? { outcome: way.broken } : { outcome: way.broken, segment };
    const { entry, enteredAt, footage } = way;
    const proved = provedEntry(db, config, entry, footage);
    if (proved.outcome === 'ledger_changed') return { outcome: 'ledger_changed', segment };
    const outcome = proved.outcome === 'entered' ? 'unchanged' : proved.outcome;
    return { ...proved, outcome, segment, file, enteredAt };
  } finally {
    await reader.close();
  }
}

function provedEntry(db: Database, config: Config, entry: number, footage?: FootageProof): Proved {
  const trust = { log: readLogKey(db), witnesses: witnessesOf(config) };
  const { checkpoint, ...proved } = proveEntry(createLedgerRows(db), trust, entry, footage);
  return {
    entry,
    outcome: proved.outcome,
    ...(proved.whole &&
      checkpoint && { checkpoint: checkpoint.size, signers: checkpoint.signers, whole: proved.whole }),
  };
}

function asked({ options, usageError, words }: CommandContext) {
  const camera = options.text('camera');
  const at = options.text('at') ?? '';
  const stream = options.text('stream') ?? 'main';
  const entry = options.text('entry');
  if (entry !== undefined) {
    if (/^(0|[1-9]\d{0,14})$/.test(entry) && camera === undefined) return { entry: Number(entry) } as const;
    throw usageError(words.cli.badValue({ option: '--entry', expected: '0, 1, 2 …' }));
  }
  if (camera === undefined) throw usageError(words.cli.valueMissing({ option: '--camera' }));
  // Without a zone it would be the time of whatever machine this is.
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(at);
  if (!isInstant || Number.isNaN(Date.parse(at)))
    throw usageError(words.cli.badValue({ option: '--at', expected: '2026-11-22T03:14:00+09:00' }));
  if (stream !== 'main' && stream !== 'sub')
    throw usageError(words.cli.badValue({ option: '--stream', expected: 'main | sub' }));
  return { camera: camera as CameraId, atUs: Date.parse(at) * 1000, stream } as const;
}
