import type { LedgerRows } from '../../db/site/ledger-rows.ts';
import { readBody } from '../../ledger/entry.ts';
import { type EvidencePart, rootOfLeaves } from '../../ledger/evidence.ts';
import { GirokError } from '../../lib/errors.ts';
import { parseFragment } from '../../media/fmp4/parse-fragment.ts';
import type { HeldFile } from '../../retention/hold-copies.ts';
import { hashEvidenceLeaf } from '../../vault/evidence-leaf.ts';
import { salvage } from '../../vault/salvage.ts';
import { createFolderStore } from '../../vault/segment-store.ts';

/**
 * `proved`: it opens under the locker's key, its fragments are those of its leaf, and the ledger has that leaf in its
 * hour. `not_entered`: the ledger has not got that hour yet.
 */
export type HeldProof = 'proved' | 'not_entered' | 'unreadable' | 'changed' | 'ledger_changed';

export interface VerifyingDeps {
  /** `evidence/<hold>` */
  readonly locker: string;
  /** The locker's; the caller erases it. */
  readonly key: Buffer;
  /** What the ledger has of a camera's hour. */
  readonly partsOf: (camera: string, day: string, hour: number) => readonly EvidencePart[];
  readonly entries: Pick<LedgerRows, 'entry'>;
}

/** Proves one copy against the ledger; reads it through, a piece at a time. @throws the system's error of site.db */
export async function verifyHeld(
  { locker, key, partsOf, entries }: VerifyingDeps,
  { file, leaf }: Extract<HeldFile, { leaf: unknown }>,
): Promise<HeldProof> {
  const own = {
    store: createFolderStore(locker),
    keys: { hourKey: () => Buffer.from(key) },
    factsOf: parseFragment,
  };
  let copy: Awaited<ReturnType<typeof salvage>>;
  try {
    copy = await salvage(own, file);
  } catch (error) {
    if (!(error instanceof GirokError)) throw error;
    return error.code === 'segment_unreadable' ? 'unreadable' : 'changed';
  }
  const { camera, stream, day, segment, hour } = copy.header;
  const isSame =
    copy.fragmentsRoot.toString('hex') === leaf.fragmentsRoot &&
    copy.chunks === leaf.chunks &&
    [camera, stream, day, segment].join() === [leaf.camera, leaf.stream, leaf.day, leaf.segment].join();
  if (!isSame) return 'changed';
  const part = partsOf(camera, day, hour).find(({ leaves }) => leaves.some((one) => one.segment === segment));
  if (!part) return 'not_entered';
  const entered = part.leaves.find((one) => one.segment === segment);
  const row = entries.entry(part.seq);
  const body = row && readBody(row.body);
  const isVouchedFor =
    entered?.hash.equals(hashEvidenceLeaf(leaf)) &&
    body?.event === 'evidence.hour' &&
    body.facts.root === rootOfLeaves(part.leaves).toString('hex');
  return isVouchedFor ? 'proved' : 'ledger_changed';
}
