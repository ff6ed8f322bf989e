import { hashLeaf } from '../lib/merkle.ts';
import { isTrusted, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { BODY_SHAPE } from './entry.ts';
import type { VerifierKey } from './note.ts';
import { isSignedBy } from './note.ts';
import { createRightEdge } from './tree.ts';

/**
 * What is wrong, in the words of both verifiers. `format`: not written as a bundle is. `key`: of another log than
 * the one asked for. `leaf`: the entry is not what its hash says. `shape`: no entry of ours. `seq`: an entry was
 * removed, added or moved. `time`: entered before its predecessor. `root`: not what the checkpoint vouches for.
 * `signature`: nobody vouches. `forked`: another history than a kept checkpoint saw. `cut_off`: shorter than that.
 */
export type FaultCode =
  | 'format'
  | 'key'
  | 'leaf'
  | 'shape'
  | 'seq'
  | 'time'
  | 'root'
  | 'signature'
  | 'forked'
  | 'cut_off';

export interface LedgerFault {
  readonly code: FaultCode;
  /** The first bad entry is among from … to − 1: one entry, or as many as lie between two checkpoints. */
  readonly from: number;
  readonly to: number;
}

export interface Verdict {
  readonly entries: number;
  readonly checkpoints: number;
  /** Entries that a checkpoint vouches for; those after it are only whole in themselves. */
  readonly vouched: number;
  /** Keys that signed at least one checkpoint. */
  readonly heard: ReadonlySet<VerifierKey>;
  /** The first in the order of the ledger; absent when all is well. */
  readonly fault?: LedgerFault;
}

export interface VerificationDeps {
  readonly log: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  /** Checkpoints that somebody kept elsewhere: the ledger must still contain what they saw. */
  readonly kept: readonly SignedCheckpoint[];
  /** Told of each entry that is whole, in its order. */
  readonly seen?: ((body: Buffer) => void) | undefined;
}

/** Walks over a ledger from its first entry; needs the memory of a few hashes, however long it is. */
export interface Verification {
  /** @param leaf the hash that stands beside the entry. All return false from the first fault on. */
  entry(leaf: Buffer, body: Buffer): boolean;
  checkpoint(note: string): boolean;
  fail(code: FaultCode, from?: number, to?: number): false;
  end(): Verdict;
}

export function createVerification({ log, witnesses, kept, seen }: VerificationDeps): Verification {
  const edge = createRightEdge();
  const waiting = kept.filter(({ size }) => size > 0).sort((a, b) => a.size - b.size);
  const heard = new Set<VerifierKey>();
  let committedAt = '';
  let vouched = 0;
  let checkpoints = 0;
  let fault: LedgerFault | undefined;

  const fail = (code: FaultCode, from = edge.size, to = from + 1): false => {
    fault ??= { code, from, to };
    return false;
  };
  /** Kept checkpoints of exactly this size, compared as soon as it is reached. */
  const compareKept = (): boolean => {
    while (waiting[0]?.size === edge.size) {
      const one = waiting.shift() as SignedCheckpoint;
      if (one.origin !== log.name || !isTrusted(one, log, witnesses))
        return fail('signature', vouched, edge.size);
      if (!one.root.equals(edge.root())) return fail('forked', vouched, edge.size);
      vouched = edge.size;
    }
    return true;
  };

  return {
    fail,
    entry(leaf, body) {
      if (fault) return false;
      if (!hashLeaf(body).equals(leaf)) return fail('leaf');
      const [, at, seq] = BODY_SHAPE.exec(body.toString('latin1')) ?? [];
      if (at === undefined) return fail('shape');
      if (Number(seq) !== edge.size) return fail('seq');
      if (at < committedAt) return fail('time');
      committedAt = at;
      edge.add(leaf);
      seen?.(body);
      return compareKept();
    },
    checkpoint(note) {
      if (fault) return false;
      const read = parseCheckpoint(note);
      if (!read || read.size !== edge.size || read.size === 0) return fail('format');
      if (!read.root.equals(edge.root())) return fail('root', vouched, edge.size);
      const known = [log, ...witnesses];
      const keys = read.signed.signatures.map((one) => known.find((key) => isSignedBy(one, key)));
      // A signature that nobody can check says nothing, and may be a changed one.
      if (keys.includes(undefined) || read.origin !== log.name || !isTrusted(read, log, witnesses))
        return fail('signature', vouched, edge.size);
      for (const key of keys) if (key) heard.add(key);
      vouched = edge.size;
      checkpoints += 1;
      return true;
    },
    end() {
      const [next] = waiting;
      if (!fault && next) {
        if (next.origin !== log.name || !isTrusted(next, log, witnesses)) fail('signature', 0, edge.size);
        else fail('cut_off', edge.size, next.size);
      }
      return { entries: edge.size, checkpoints, vouched, heard, ...(fault ? { fault } : {}) };
    },
  };
}
