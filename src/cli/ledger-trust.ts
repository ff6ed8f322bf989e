import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { parseCheckpoint, type SignedCheckpoint } from '../ledger/checkpoint.ts';
import { NOTE_KEY, parseVkey, type VerifierKey } from '../ledger/note.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
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
      ko: '따로 보관한 체크포인트; 여러 번 줄 수 있음',
      en: 'a checkpoint that was kept elsewhere; may be given several times',
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

/** @throws GirokError `usage` for a file that is none or cannot be read */
export async function keptCheckpoints({
  options,
  usageError,
  words,
}: CommandContext): Promise<SignedCheckpoint[]> {
  const kept: SignedCheckpoint[] = [];
  for (const file of options.texts('checkpoint')) {
    const checkpoint = parseCheckpoint(await readFile(file, 'utf8').catch(noText));
    if (!checkpoint) throw usageError(words.ledger.badCheckpoint({ file }));
    kept.push(checkpoint);
  }
  return kept;
}

/** A file that is not there is as little a checkpoint as one with something else in it. */
function noText(error: unknown): string {
  if (systemCode(error) === undefined) throw new GirokError('internal', {}, { cause: error });
  return '';
}
