import { describe, expect, it } from 'vitest';
import { parseCheckpoint, type SignedCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { pathOfLeaf, rootOfLeaves } from '../../../src/ledger/evidence.ts';
import { cosignatureLine, NOTE_KEY, verifierKey, vkeyOf } from '../../../src/ledger/note.ts';
import { keyOfSeed } from '../../../src/ledger/signing-key.ts';
import { type EntryProof, proofText, verifyProof } from '../../../src/ledger/tlog-proof.ts';
import { inclusionPath } from '../../../src/ledger/tree.ts';
import type { SegmentId } from '../../../src/lib/ids.ts';
import { hashLeaf } from '../../../src/lib/merkle.ts';
import { started } from '../../support/ledger/entries.ts';
import { askPython } from '../../support/ledger/mutations.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';

const witnessing = keyOfSeed(Buffer.alloc(32, 99));
const witness = verifierKey('witness.invalid/w1', NOTE_KEY.witness, witnessing.publicKey);

/** A ledger with an hour of footage in it, witnessed, and the proof of one of its segments. */
function proving(segments = 5, index = 3) {
  const room = beginLedger();
  const texts = Array.from({ length: segments }, (_, n) => `{"camera":"cam01","n":${n}}`);
  const leaves = texts.map((text, n) => ({
    segment: `segment000000${String(n).padStart(3, '0')}` as SegmentId,
    hash: hashLeaf(text),
  }));
  const root = rootOfLeaves(leaves).toString('hex');
  const facts = { camera: 'cam01', day: '2026-11-22', hour: 3, part: 0, leaves: segments, root };
  room.append(
    started(1),
    { event: 'evidence.hour', facts, actor: 'process:steward' },
    started(2),
    started(3),
  );
  const made = room.checkpoints.make() as SignedCheckpoint;
  const line = cosignatureLine(made.signed.text, witness, witnessing.privateKey, 1_763_780_400);
  const checkpoint = parseCheckpoint(`${made.note}${line}\n`) as SignedCheckpoint;
  const { rows } = room.ledger;
  const proofOf = (entry: number): EntryProof => ({
    index: entry,
    body: rows.entry(entry)?.body as Buffer,
    path: inclusionPath(entry, checkpoint.size, rows),
    checkpoint,
    log: room.identity.key,
    witnesses: [witness],
  });
  const footage = { index, leaf: texts[index] as string, path: pathOfLeaf(leaves, index) };
  const whole = { ...proofOf(2), footage };
  return { ...room, checkpoint, proofOf, whole, bytes: Buffer.from(proofText(whole)) };
}

/** The first line of what the second verifier says. */
const python = async (proofs: readonly Buffer[], key: string, kept: readonly string[] = []) =>
  (await askPython(proofs, { key, kept })).filter((line) => /^(proved|bad|sound) /.test(line));

describe('a proof', () => {
  it('of any entry, and of any segment of an hour, holds before both verifiers', async () => {
    for (const [segments, index] of [
      [1, 0],
      [2, 1],
      [5, 0],
      [5, 4],
      [7, 3],
    ] as const) {
      const { identity, proofOf, whole, checkpoint } = proving(segments, index);
      const proofs = [whole, ...[0, 1, 2, 3, 4].map(proofOf)];
      const bytes = proofs.map((one) => Buffer.from(proofText(one)));
      const trust = { log: identity.key, kept: [checkpoint] };
      expect(bytes.map((one) => verifyProof(one, trust))).toEqual(
        proofs.map(({ index: entry, body, footage }) => ({
          index: entry,
          body,
          size: 5,
          signers: [identity.origin, witness.name],
          compared: 1,
          ...(footage && { footage: footage.leaf }),
        })),
      );
      expect(await python(bytes, vkeyOf(identity.key), [checkpoint.note])).toEqual(
        proofs.map((one) => `proved ${one.index} 5`),
      );
    }
  });

  it('with any byte changed is refused by both verifiers, which agree why', async () => {
    const { bytes, identity } = proving();
    const trust = { log: identity.key, kept: [] };
    const changed = Array.from(bytes, (byte, at) => {
      const copy = Buffer.from(bytes);
      // Another bit for each byte; over all bytes, every kind of change.
      copy[at] = byte ^ (1 << (at % 8));
      return copy;
    });
    const ours = changed.map((one) => {
      const said = verifyProof(one, trust);
      return 'fault' in said ? `bad ${said.fault}` : `proved`;
    });
    expect(ours.filter((said) => said === 'proved')).toEqual([]);
    // A first line that is no proof's makes it a bundle to the second verifier: bad all the same.
    const theirs = (await python(changed, vkeyOf(identity.key))).map((said) => said.replace(' 0 1', ''));
    expect(theirs).toEqual(ours);
  });

  it('that was put together from others, or is of another ledger, is refused', async () => {
    const { whole, proofOf, identity, checkpoint } = proving();
    const other = proving();
    const trust = { log: identity.key, kept: [checkpoint] };
    const forged: [string, EntryProof][] = [
      ['root', { ...whole, path: proofOf(3).path }],
      ['seq', { ...whole, index: 3 }],
      ['seq', { ...whole, body: proofOf(1).body }],
      ['leaf', { ...proofOf(1), footage: whole.footage }],
      ['leaf', { ...whole, footage: { ...whole.footage, index: 2 } }],
      ['leaf', { ...whole, footage: { ...whole.footage, leaf: '{"camera":"cam02","n":3}' } }],
      ['leaf', { ...whole, footage: { ...whole.footage, path: whole.footage.path.slice(1) } }],
      ['root', { ...whole, checkpoint: other.checkpoint }],
      ['key', other.whole],
    ];
    const bytes = forged.map(([, one]) => Buffer.from(proofText(one)));
    const ours = bytes.map((one) => verifyProof(one, trust));
    expect(ours).toEqual(forged.map(([fault]) => ({ fault })));
    expect(await python(bytes, vkeyOf(identity.key), [checkpoint.note])).toEqual(
      forged.map(([fault]) => `bad ${fault} 0 1`),
    );
    // Of the same size as what somebody kept, and not the same.
    const fork = Buffer.from(proofText(other.whole));
    expect(verifyProof(fork, { kept: [other.checkpoint] })).toMatchObject({ compared: 1 });
    expect(verifyProof(fork, { kept: [checkpoint] })).toEqual({ fault: 'signature' });
  });
});
