import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createCatalogueReader } from '../catalogue/reader.ts';
import type { SegmentEntry, SegmentIntegrity } from '../catalogue/segments.ts';
import { storageFolders } from '../config/folders.ts';
import type { Database } from '../db/open.ts';
import { createEvidenceRows } from '../db/site/evidence-rows.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { isTrusted, parseCheckpoint } from '../ledger/checkpoint.ts';
import { readBody } from '../ledger/entry.ts';
import { partsOf, rootOfLeaves } from '../ledger/evidence.ts';
import { readLogKey } from '../ledger/log.ts';
import { isIncluded } from '../ledger/proofs.ts';
import { inclusionPath } from '../ledger/tree.ts';
import { systemCode } from '../lib/errors.ts';
import type { CameraId } from '../lib/ids.ts';
import { hashLeaf } from '../lib/merkle.ts';
import { hashEvidenceLeaf } from '../vault/evidence-leaf.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { witnessesOf } from './ledger-trust.ts';

/** How far the proof reaches; each is only said when all before it hold. */
type Proof =
  | { readonly outcome: 'no_footage' | 'recording' | 'not_entered' }
  | { readonly outcome: 'file_changed' | 'catalogue_changed' | 'ledger_changed'; readonly segment: string }
  | {
      readonly outcome: 'unsigned' | 'unchanged';
      readonly segment: string;
      readonly file: string;
      readonly entry: number;
      readonly enteredAt: string;
      /** Entries of the checkpoint that vouches for it, and who signed that. */
      readonly checkpoint?: number;
      readonly signers?: readonly string[];
    };

export const ledgerProve: Command = {
  name: 'ledger prove',
  summary: {
    ko: '녹화된 한 순간의 영상이 녹화된 뒤 바뀌지 않았음을 장부로 보입니다.',
    en: 'Shows by the ledger that the footage of a moment is unchanged since it was recorded.',
  },
  usage: '--camera ID --at TIME [--stream main|sub]',
  examples: ['npm run -s girok -- ledger prove --camera cam01 --at 2026-11-22T03:14:00+09:00'],
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
  },
  positionals: { min: 0, max: 0 },
  json: '{ outcome: "unchanged"|"unsigned"|"not_entered"|"recording"|"no_footage"|"file_changed"|"catalogue_changed"|"ledger_changed", sentence, segment?, file?, entry?, enteredAt?, checkpoint?, signers? }; exit code 0 for unchanged only',
  async run(context) {
    const { camera, atUs, stream } = asked(context);
    const config = context.config();
    const folders = storageFolders(config);
    const reader = createCatalogueReader(folders.catalogue);
    const db = openSiteForReading(folders.site);
    try {
      const segment = await reader.segmentAt({ camera, stream }, atUs);
      const integrity = segment && (await reader.integrityOf(segment.segment));
      const proof: Proof = !segment
        ? { outcome: 'no_footage' }
        : !integrity
          ? { outcome: 'recording' }
          : await prove(db, folders.vault, segment, integrity, witnessesOf(config));
      const sentence = context.words.ledger.proof[proof.outcome];
      const shown = Object.entries(proof).map(([name, value]) => `  ${name}: ${String(value)}`);
      context.result({ ...proof, sentence }, [sentence, ...shown].join('\n'));
      return proof.outcome === 'unchanged' ? EXIT.ok : EXIT.failure;
    } finally {
      db.close();
      await reader.close();
    }
  },
};

async function prove(
  db: Database,
  vault: string,
  entry: SegmentEntry,
  integrity: SegmentIntegrity,
  witnesses: ReturnType<typeof witnessesOf>,
): Promise<Proof> {
  const { segment, ref, day, hour, file } = entry;
  const found = await hashOfFile(join(vault, file), entry.bytes);
  if (!found?.equals(integrity.ciphertextSha256)) return { outcome: 'file_changed', segment };
  const leaf = hashEvidenceLeaf({
    v: 1,
    camera: ref.camera,
    stream: ref.stream,
    day,
    segment,
    startUs: entry.startUs,
    endUs: entry.startUs + entry.durationUs,
    chunks: entry.chunks,
    ciphertextSha256: found.toString('hex'),
    fragmentsRoot: integrity.fragmentsRoot.toString('hex'),
  });
  const parts = partsOf(createEvidenceRows(db), ref.camera, day, hour);
  const part = parts.find(({ leaves }) => leaves.some((one) => one.segment === segment));
  if (!part) return { outcome: 'not_entered' };
  const entered = part.leaves.find((one) => one.segment === segment);
  if (!entered?.hash.equals(leaf)) return { outcome: 'catalogue_changed', segment };

  const rows = createLedgerRows(db);
  const row = rows.entry(part.seq);
  const body = row && readBody(row.body);
  const isVouchedFor =
    body?.event === 'evidence.hour' && body.facts.root === rootOfLeaves(part.leaves).toString('hex');
  if (!row || !isVouchedFor) return { outcome: 'ledger_changed', segment };
  const shown = { segment, file, entry: part.seq, enteredAt: body.committedAt };
  const checkpoint = parseCheckpoint(rows.lastCheckpoint()?.note ?? '');
  if (!checkpoint || checkpoint.size <= part.seq) return { outcome: 'unsigned', ...shown };
  const { size, root, signed } = checkpoint;
  const path = inclusionPath(part.seq, size, rows);
  const holds = isIncluded({ index: part.seq, size, leaf: hashLeaf(row.body), path }, root);
  if (!holds || !isTrusted(checkpoint, readLogKey(db), witnesses))
    return { outcome: 'ledger_changed', segment };
  const signers = signed.signatures.map(({ name }) => name);
  return { outcome: 'unchanged', ...shown, checkpoint: size, signers };
}

/** What was counted when it was sealed; a recovered file keeps a torn end behind that. */
async function hashOfFile(path: string, bytes: number): Promise<Buffer | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path, { end: Math.max(bytes - 1, 0) }))
      hash.update(part as Buffer);
    return hash.digest();
  } catch (error) {
    // A file that is gone or cannot be read is as little the one that was recorded.
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}

function asked({ options, usageError, words }: CommandContext) {
  const camera = options.text('camera');
  const at = options.text('at') ?? '';
  const stream = options.text('stream') ?? 'main';
  if (camera === undefined) throw usageError(words.cli.valueMissing({ option: '--camera' }));
  // Without a zone it would be the time of whatever machine this is.
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(at);
  if (!isInstant || Number.isNaN(Date.parse(at)))
    throw usageError(words.cli.badValue({ option: '--at', expected: '2026-11-22T03:14:00+09:00' }));
  if (stream !== 'main' && stream !== 'sub')
    throw usageError(words.cli.badValue({ option: '--stream', expected: 'main | sub' }));
  return { camera: camera as CameraId, atUs: Date.parse(at) * 1000, stream } as const;
}
