import { createReadStream } from 'node:fs';
import type { Config } from '../config/config.ts';
import type { SignedCheckpoint } from '../ledger/checkpoint.ts';
import { findCheckpoint, LARGEST_KEPT_BYTES } from '../ledger/checkpoint-search.ts';
import { NOTE_KEY, parseVkey, type VerifierKey } from '../ledger/note.ts';
import { systemCode } from '../lib/errors.ts';
import type { CommandContext, CommandOption } from './command.ts';

/** What a verifier believes besides what it is given to check. */
export const TRUST_OPTIONS: Readonly<Record<'key' | 'checkpoint', CommandOption>> = {
  key: {
    type: 'string',
    value: 'KEY',
    help: { ko: '장부의 공개 키 (이름+번호+키)', en: 'the public key of the ledger (NAME+ID+KEY)' },
  },
  checkpoint: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: {
      ko: '따로 보관한 검증점 (저장한 메일도 됨); 여러 번 줄 수 있음',
      en: 'a checkpoint that was kept elsewhere, also as a saved mail; may be given several times',
    },
  },
};

/** The witness that cameras.yml names: its signatures are checked, and go along in bundles. */
export function witnessesOf({ ledger }: Config): VerifierKey[] {
  const key = ledger.witness && parseVkey(ledger.witness.key);
  return key ? [key] : [];
}

/** @throws GirokError `usage` */
export function keyOption({ options, usageError, words }: CommandContext): VerifierKey | undefined {
  const text = options.text('key');
  const key = text === undefined ? undefined : parseVkey(text);
  if (text === undefined || key?.type === NOTE_KEY.log) return key;
  throw usageError(words.cli.badValue({ option: '--key', expected: words.ledger.badKey }));
}

/**
 * What somebody kept: a checkpoint's file, a text with it in it, or a saved mail.
 *
 * @throws GirokError `usage` for a file that has none or cannot be read
 */
export async function keptCheckpoints({
  options,
  usageError,
  words,
}: CommandContext): Promise<SignedCheckpoint[]> {
  const kept: SignedCheckpoint[] = [];
  for (const file of options.texts('checkpoint')) {
    const checkpoint = findCheckpoint(await beginningOf(file));
    if (!checkpoint) throw usageError(words.ledger.badCheckpoint({ file }));
    kept.push(checkpoint);
  }
  return kept;
}

/** A file that is not there is as little a checkpoint as one with something else in it. */
async function beginningOf(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of createReadStream(path, { end: LARGEST_KEPT_BYTES - 1 }))
      parts.push(part as Buffer);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
  return Buffer.concat(parts);
}
