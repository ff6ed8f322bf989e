import type { KeyObject } from 'node:crypto';
import {
  fromBase64,
  isSignedBy,
  parseNote,
  type SignedNote,
  signatureLine,
  type VerifierKey,
  verifySignature,
} from './note.ts';
import { HASH_BYTES } from './tree.ts';

/** What a checkpoint (c2sp.org/tlog-checkpoint) says: so many entries, with this root. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export interface SignedCheckpoint extends Checkpoint {
  /** The whole signed note. */
  readonly note: string;
  readonly signed: SignedNote;
}

export function signCheckpoint(
  { origin, size, root }: Checkpoint,
  key: VerifierKey,
  privateKey: KeyObject,
): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  return `${text}\n${signatureLine(text, key, privateKey)}\n`;
}

/** @returns undefined for what is no checkpoint; nothing is verified. Extension lines are not taken. */
export function parseCheckpoint(note: string): SignedCheckpoint | undefined {
  const signed = parseNote(note);
  const [, origin, digits, encoded] =
    /^([^\n]+)\n(0|[1-9]\d{0,14})\n([^\n]+)\n$/.exec(signed?.text ?? '') ?? [];
  const root = encoded === undefined ? undefined : fromBase64(encoded);
  if (!signed || origin === undefined || root?.length !== HASH_BYTES) return undefined;
  return { origin, size: Number(digits), root, note, signed };
}

/** Whether the log signed it, and every signature that a known key is named for is right. */
export function isTrusted(
  { signed }: SignedCheckpoint,
  log: VerifierKey,
  witnesses: readonly VerifierKey[] = [],
): boolean {
  const known = [log, ...witnesses];
  const named = signed.signatures.flatMap((signature) => {
    const key = known.find((one) => isSignedBy(signature, one));
    return key ? [{ signature, key }] : [];
  });
  return (
    named.some(({ key }) => key === log) &&
    named.every(({ signature, key }) => verifySignature(signed.text, signature, key))
  );
}
