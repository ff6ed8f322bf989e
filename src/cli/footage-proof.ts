import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { SegmentEntry, SegmentIntegrity } from '../catalogue/segments.ts';
import type { Database } from '../db/open.ts';
import { createEvidenceRows } from '../db/site/evidence-rows.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { readBody } from '../ledger/entry.ts';
import { partsOf, pathOfLeaf, rootOfLeaves } from '../ledger/evidence.ts';
import type { FootageProof } from '../ledger/tlog-proof.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { systemCode } from '../lib/errors.ts';
import { hashLeaf } from '../lib/merkle.ts';
import type { EvidenceLeaf } from '../vault/evidence-leaf.ts';

/** From the file to the entry that has the root of its hour; or where that way breaks off. */
export type FootageWay =
  | { readonly broken: 'file_changed' | 'not_entered' | 'catalogue_changed' | 'ledger_changed' }
  | { readonly entry: number; readonly enteredAt: string; readonly footage: FootageProof };

export async function wayOf(
  db: Database,
  vault: string,
  { segment, ref, day, hour, file, bytes, startUs, durationUs, chunks }: SegmentEntry,
  integrity: SegmentIntegrity,
): Promise<FootageWay> {
  const found = await hashOfFile(join(vault, file), bytes);
  if (!found?.equals(integrity.ciphertextSha256)) return { broken: 'file_changed' };
  const leaf: EvidenceLeaf = {
    v: 1,
    camera: ref.camera,
    stream: ref.stream,
    day,
    segment,
    startUs,
    endUs: startUs + durationUs,
    chunks,
    ciphertextSha256: found.toString('hex'),
    fragmentsRoot: integrity.fragmentsRoot.toString('hex'),
  };
  const text = canonicalJson(leaf);
  const parts = partsOf(createEvidenceRows(db), ref.camera, day, hour);
  const part = parts.find(({ leaves }) => leaves.some((one) => one.segment === segment));
  if (!part) return { broken: 'not_entered' };
  const index = part.leaves.findIndex((one) => one.segment === segment);
  if (!part.leaves[index]?.hash.equals(hashLeaf(text))) return { broken: 'catalogue_changed' };
  const row = createLedgerRows(db).entry(part.seq);
  const body = row && readBody(row.body);
  if (body?.event !== 'evidence.hour' || body.facts.root !== rootOfLeaves(part.leaves).toString('hex'))
    return { broken: 'ledger_changed' };
  const footage = { index, leaf: text, path: pathOfLeaf(part.leaves, index) };
  return { entry: part.seq, enteredAt: body.committedAt, footage };
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
