import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/**
 * Signed notes (c2sp.org/signed-note), as far as Ed25519 goes: type 1 is a log's own signature, type 4 a witness's
 * timestamped one (c2sp.org/tlog-cosignature). Everything is strict: there is one way of writing each note.
 */
export const NOTE_KEY = { log: 1, witness: 4 } as const;

export interface VerifierKey {
  readonly name: string;
  /** First four bytes of SHA-256(name || newline || type || public key). */
  readonly id: Buffer;
  readonly type: (typeof NOTE_KEY)[keyof typeof NOTE_KEY];
  readonly publicKey: Buffer;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Buffer;
  readonly signature: Buffer;
  /** As it stands in the note, without its newline. */
  readonly line: string;
}

export interface SignedNote {
  /** With its final newline; what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Of the names that the specification allows only the ones that look the same everywhere. */
const NAME = /^[\x21-\x2a\x2c-\x7e]{1,200}$/;
const TEXT = /^[\x20-\x7e\n]+$/;
const MOST_BYTES = 16_384;
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export function verifierKey(name: string, type: VerifierKey['type'], publicKey: Buffer): VerifierKey {
  const hash = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([type]))
    .update(publicKey);
  return { name, type, publicKey, id: hash.digest().subarray(0, 4) };
}

/** `name+id+key`, the text by which keys are handed around. */
export const vkeyOf = ({ name, id, type, publicKey }: VerifierKey): string =>
  `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.from([type]), publicKey]).toString('base64')}`;

/** @returns undefined for anything that is not written exactly as {@link vkeyOf} would */
export function parseVkey(text: string): VerifierKey | undefined {
  const [, name, encoded] = /^([^+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  if (name === undefined || encoded === undefined || !NAME.test(name)) return undefined;
  const bytes = fromBase64(encoded);
  const type = bytes?.[0];
  if (bytes?.length !== 33 || (type !== NOTE_KEY.log && type !== NOTE_KEY.witness)) return undefined;
  const key = verifierKey(name, type, bytes.subarray(1));
  return vkeyOf(key) === text ? key : undefined;
}

/** @returns undefined for what is no note, or larger than 16 KiB */
export function parseNote(note: string): SignedNote | undefined {
  const split = note.lastIndexOf('\n\n');
  if (Buffer.byteLength(note) > MOST_BYTES || split <= 0 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, split + 1);
  if (!TEXT.test(text)) return undefined;
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map(parseSignatureLine);
  if (signatures.some((one) => one === undefined)) return undefined;
  return { text, signatures: signatures as NoteSignature[] };
}

/** One line `— name base64`, without its newline. */
export function parseSignatureLine(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || !NAME.test(name) || !bytes || bytes.length < 5) return undefined;
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4), line };
}

export const isSignedBy = (signature: NoteSignature, key: VerifierKey): boolean =>
  signature.name === key.name && signature.id.equals(key.id);

/** Whether this signature, which names this key, is right. */
export function verifySignature(text: string, { signature }: NoteSignature, key: VerifierKey): boolean {
  if (key.type === NOTE_KEY.log)
    return signature.length === 64 && verify(null, Buffer.from(text), publicKeyOf(key), signature);
  if (signature.length !== 72) return false;
  const message = cosigned(text, signature.readBigUInt64BE(0));
  return verify(null, message, publicKeyOf(key), signature.subarray(8));
}

/** When a witness says that it saw what it signed, POSIX seconds. Of a signature that {@link verifySignature} took. */
export const timeOfCosignature = ({ signature }: NoteSignature): number =>
  Number(signature.readBigUInt64BE(0));

/** @returns the line `— name base64`, without newline */
export function signatureLine(text: string, key: VerifierKey, privateKey: KeyObject): string {
  return lineOf(key, sign(null, Buffer.from(text), privateKey));
}

/** @param atS POSIX seconds, when the witness saw it */
export function cosignatureLine(text: string, key: VerifierKey, privateKey: KeyObject, atS: number): string {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(atS));
  const signature = sign(null, cosigned(text, BigInt(atS)), privateKey);
  return lineOf(key, Buffer.concat([stamp, signature]));
}

const cosigned = (text: string, atS: bigint): Buffer => Buffer.from(`cosignature/v1\ntime ${atS}\n${text}`);

const lineOf = ({ name, id }: VerifierKey, signature: Buffer): string =>
  `— ${name} ${Buffer.concat([id, signature]).toString('base64')}`;

const publicKeyOf = ({ publicKey }: VerifierKey): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });

/** @returns undefined for anything that is not written as base64 is written: one text for the same bytes */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
