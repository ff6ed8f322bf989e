import { hashLeaf } from '../lib/merkle.ts';
import { isTrusted, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { BODY_SHAPE } from './entry.ts';
import { fromBase64, isSignedBy, NOTE_KEY, parseVkey, type VerifierKey, vkeyOf } from './note.ts';
import { isIncluded } from './proofs.ts';
import { HASH_BYTES } from './tree.ts';
import type { FaultCode } from './verification.ts';

/**
 * One entry as a text file of its own, to be checked by anybody without this machine (c2sp.org/tlog-proof):
 *
 *     c2sp.org/tlog-proof@v1
 *     extra BASE64
 *     index N
 *     HASH                           inclusion path, as many as there are
 *
 *     CHECKPOINT                     the signed note
 *
 * The extra data, which that format leaves to us, are lines too. Each is bound by something that is proved: keys by the
 * signatures, the entry by its leaf, the footage by the root that the entry states.
 *
 *     log NAME+ID+KEY
 *     witness NAME+ID+KEY            each that has signed the checkpoint
 *     entry BODY                     canonical JSON
 *     footage N LEAF                 of an entry evidence.hour: number N of its leaves, as canonical JSON
 *     HASH                           its path to the root in the entry
 *
 * verify/girok_proof.py reads the same.
 */
const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** Longer than the longest entry in base64, and short enough to be read at once. */
export const LARGEST_PROOF_BYTES = 1024 * 1024;
const MOST_HASHES = 63;

/** One leaf of an hour's footage, and its way to the hour's root. */
export interface FootageProof {
  readonly index: number;
  /** Canonical JSON of the evidence leaf. */
  readonly leaf: string;
  readonly path: readonly Buffer[];
}

export interface EntryProof {
  readonly index: number;
  /** As it stands in the ledger. */
  readonly body: Buffer;
  readonly path: readonly Buffer[];
  readonly checkpoint: SignedCheckpoint;
  readonly log: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  readonly footage?: FootageProof | undefined;
}

/** @param proof its checkpoint may have signatures of other keys; they are left out, since nobody could check them */
export function proofText({ index, body, path, checkpoint, log, witnesses, footage }: EntryProof): string {
  const { text, signatures } = checkpoint.signed;
  const lines = signatures.flatMap((signature) => {
    const key = [log, ...witnesses].find((one) => isSignedBy(signature, one));
    return key ? [{ key, line: `${signature.line}\n` }] : [];
  });
  const heard = witnesses.filter((one) => lines.some(({ key }) => key === one));
  const extra = [
    `log ${vkeyOf(log)}`,
    ...heard.map((one) => `witness ${vkeyOf(one)}`),
    `entry ${body.toString('utf8')}`,
    ...(footage ? [`footage ${footage.index} ${footage.leaf}`, ...footage.path.map(toBase64)] : []),
    '',
  ].join('\n');
  const head = [FIRST_LINE, `extra ${toBase64(Buffer.from(extra))}`, `index ${index}`, ...path.map(toBase64)];
  return `${head.join('\n')}\n\n${text}\n${lines.map(({ line }) => line).join('')}`;
}

const toBase64 = (bytes: Buffer): string => bytes.toString('base64');

/** What a proof says, once it holds. */
export interface ProofVerdict {
  readonly index: number;
  readonly body: Buffer;
  /** Canonical JSON of the footage's evidence leaf. */
  readonly footage?: string;
  readonly size: number;
  readonly signers: readonly string[];
  /** How many of the kept checkpoints are of the same size; others cannot be compared with a single proof. */
  readonly compared: number;
}

export interface ProofTrust {
  /** The log that it must be of; absent: whatever it says it is, which protects only against accidents. */
  readonly log?: VerifierKey | undefined;
  readonly kept: readonly SignedCheckpoint[];
}

/** Checks a proof by itself. The first fault in the order of the file; both verifiers say the same. */
export function verifyProof(
  bytes: Buffer,
  { log: wanted, kept }: ProofTrust,
): ProofVerdict | { fault: FaultCode } {
  const read = parseProof(bytes);
  if (!read) return { fault: 'format' };
  const { index, body, path, checkpoint, log, witnesses, footage } = read;
  if (wanted && vkeyOf(wanted) !== vkeyOf(log)) return { fault: 'key' };
  const [shape, , seq] = BODY_SHAPE.exec(body.toString('latin1')) ?? [];
  if (shape === undefined) return { fault: 'shape' };
  if (Number(seq) !== index) return { fault: 'seq' };
  const { size, root, signed } = checkpoint;
  if (!isIncluded({ index, size, leaf: hashLeaf(body), path }, root)) return { fault: 'root' };
  if (footage && !isOfHour(footage, body)) return { fault: 'leaf' };
  const keys = signed.signatures.map((one) => [log, ...witnesses].find((key) => isSignedBy(one, key)));
  if (keys.includes(undefined) || witnesses.some((one) => !keys.includes(one))) return { fault: 'signature' };
  if (checkpoint.origin !== log.name || !isTrusted(checkpoint, log, witnesses)) return { fault: 'signature' };
  const same = kept.filter((one) => one.size === size);
  if (same.some((one) => one.origin !== log.name || !isTrusted(one, log, witnesses)))
    return { fault: 'signature' };
  if (same.some((one) => !one.root.equals(root))) return { fault: 'forked' };
  const signers = signed.signatures.map(({ name }) => name);
  return { index, body, size, signers, compared: same.length, ...(footage && { footage: footage.leaf }) };
}

/** @returns undefined for anything that is not written exactly as {@link proofText} would */
function parseProof(bytes: Buffer): EntryProof | undefined {
  const text = bytes.toString('utf8');
  if (bytes.length > LARGEST_PROOF_BYTES || !Buffer.from(text).equals(bytes)) return undefined;
  const split = text.indexOf('\n\n');
  const [first, extraLine = '', indexLine = '', ...hashes] = text.slice(0, split).split('\n');
  const extra = extraLine.startsWith('extra ') ? parseExtra(extraLine.slice(6)) : undefined;
  const [, index] = /^index (0|[1-9]\d{0,14})$/.exec(indexLine) ?? [];
  const path = parseHashes(hashes);
  const checkpoint = split === -1 ? undefined : parseCheckpoint(text.slice(split + 2));
  if (first !== FIRST_LINE || !extra || index === undefined || !path || !checkpoint) return undefined;
  return { ...extra, index: Number(index), path, checkpoint };
}

function parseExtra(encoded: string): Pick<EntryProof, 'log' | 'witnesses' | 'body' | 'footage'> | undefined {
  // Byte by byte: what is not UTF-8 must not be mended on the way to being checked.
  const extra = fromBase64(encoded)?.toString('latin1') ?? '';
  if (!extra.endsWith('\n')) return undefined;
  const lines = extra.slice(0, -1).split('\n');
  const at = lines.findIndex((line) => line.startsWith('entry '));
  const [log, ...witnesses] = lines
    .slice(0, Math.max(at, 0))
    .map((line, n) =>
      n === 0 ? keyIn(line, 'log ', NOTE_KEY.log) : keyIn(line, 'witness ', NOTE_KEY.witness),
    );
  if (!log || witnesses.includes(undefined)) return undefined;
  const body = Buffer.from(lines[at]?.slice(6) ?? '', 'latin1');
  const rest = lines.slice(at + 1);
  const known = { log, witnesses: witnesses as VerifierKey[], body };
  if (rest.length === 0) return known;
  const [, index, leaf] = /^footage (0|[1-9]\d{0,8}) (\{[\x20-\x7e]*\})$/.exec(rest[0] ?? '') ?? [];
  const path = parseHashes(rest.slice(1));
  if (index === undefined || leaf === undefined || !path) return undefined;
  return { ...known, footage: { index: Number(index), leaf, path } };
}

function keyIn(line: string, word: string, type: VerifierKey['type']): VerifierKey | undefined {
  const key = line.startsWith(word) ? parseVkey(line.slice(word.length)) : undefined;
  return key?.type === type ? key : undefined;
}

function parseHashes(lines: readonly string[]): Buffer[] | undefined {
  const hashes = lines.map(fromBase64);
  if (lines.length > MOST_HASHES || hashes.some((hash) => hash?.length !== HASH_BYTES)) return undefined;
  return hashes as Buffer[];
}

/** Whether the leaf is in the tree that this entry has the root of. */
function isOfHour({ index, leaf, path }: FootageProof, body: Buffer): boolean {
  const [, leaves, root] = HOUR.exec(body.toString('latin1')) ?? [];
  if (leaves === undefined || root === undefined) return false;
  return isIncluded({ index, size: Number(leaves), leaf: hashLeaf(leaf), path }, Buffer.from(root, 'hex'));
}

/** As canonical JSON writes it, so that no verifier has to read JSON. Groups: leaves, root. */
const HOUR =
  /,"event":"evidence\.hour","facts":\{"camera":"[a-z0-9-]+","day":"[\d-]{10}","hour":\d{1,2},"leaves":([1-9]\d{0,8}),"part":\d+,"root":"([0-9a-f]{64})"\}(?:,"late":true)?,"seq":\d+,"v":1\}$/;
