import { createReadStream } from 'node:fs';
import type { LedgerRows } from '../db/site/ledger-rows.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { fromBase64, isSignedBy, NOTE_KEY, parseNote, parseVkey, type VerifierKey, vkeyOf } from './note.ts';
import { HASH_BYTES } from './tree.ts';
import {
  createVerification,
  type Verdict,
  type Verification,
  type VerificationDeps,
} from './verification.ts';

/**
 * A ledger as one text file, to be checked by anybody without this machine and without this program:
 *
 *     girok-ledger-bundle/1
 *     log NAME+ID+KEY
 *     witness NAME+ID+KEY            as many as have signed
 *     entry LEAFHASH BODY            one line each, in order; hash in base64, body as canonical JSON
 *     checkpoint LINES               the note's lines follow; after the entry that it was made at
 *     end
 *
 * The last thing before `end` is a checkpoint. verify/girok_verify.py reads the same.
 */
const FIRST_LINE = 'girok-ledger-bundle/1';
const LONGEST_LINE_BYTES = 1024 * 1024;
const MOST_NOTE_LINES = 64;

/**
 * The lines of a bundle, up to the newest checkpoint; with their newlines.
 *
 * @param witnesses whose signatures go along; others are left out, since nobody could check them
 */
export function* bundleLines(
  rows: LedgerRows,
  log: VerifierKey,
  witnesses: readonly VerifierKey[],
): Generator<Buffer | string> {
  const checkpoints = rows.checkpoints().flatMap(({ size, note }) => {
    const known = ofKnownKeys(note, log, witnesses);
    return known ? [{ size, note: known.note, keys: known.keys }] : [];
  });
  const heard = witnesses.filter((key) => checkpoints.some(({ keys }) => keys.includes(key)));
  yield `${FIRST_LINE}\nlog ${vkeyOf(log)}\n`;
  for (const witness of heard) yield `witness ${vkeyOf(witness)}\n`;
  let next = 0;
  for (const { seq, body } of rows.entries(0, checkpoints.at(-1)?.size ?? 0)) {
    yield `entry ${rows.hash(0, seq)?.toString('base64')} `;
    yield body;
    yield '\n';
    const checkpoint = checkpoints[next];
    if (checkpoint?.size !== seq + 1) continue;
    next += 1;
    yield `checkpoint ${checkpoint.note.split('\n').length - 1}\n${checkpoint.note}`;
  }
  yield 'end\n';
}

/** @returns undefined for a checkpoint of an earlier origin */
function ofKnownKeys(note: string, log: VerifierKey, witnesses: readonly VerifierKey[]) {
  const signed = parseNote(note);
  const named = (signed?.signatures ?? []).flatMap((signature) => {
    const key = [log, ...witnesses].find((one) => isSignedBy(signature, one));
    return key ? [{ line: signature.line, key }] : [];
  });
  if (!signed || !named.some(({ key }) => key === log)) return undefined;
  const lines = named.map(({ line }) => `${line}\n`).join('');
  return { note: `${signed.text}\n${lines}`, keys: named.map(({ key }) => key) };
}

/**
 * Checks the ledger where it lies, its unsigned end included.
 *
 * @param onProgress now and then, with the number of entries so far
 */
export function verifyRows(
  rows: LedgerRows,
  deps: VerificationDeps,
  onProgress: (entries: number) => void = () => undefined,
): Verdict {
  const { log, witnesses } = deps;
  const verification = createVerification(deps);
  const checkpoints = rows.checkpoints().flatMap(({ size, note }) => {
    const known = ofKnownKeys(note, log, witnesses);
    return known ? [{ size, note: known.note }] : [];
  });
  let next = 0;
  for (const { seq, body } of rows.entries(0, Number.MAX_SAFE_INTEGER)) {
    if (!verification.entry(rows.hash(0, seq) ?? Buffer.alloc(0), body)) break;
    const checkpoint = checkpoints[next];
    if (checkpoint?.size === seq + 1) {
      next += 1;
      if (!verification.checkpoint(checkpoint.note)) break;
    }
    if (seq % 10_000 === 9_999) onProgress(seq + 1);
  }
  const beyond = checkpoints[next];
  // A checkpoint for more entries than there are.
  if (beyond && verification.end().fault === undefined)
    verification.fail('cut_off', verification.end().entries, beyond.size);
  return verification.end();
}

export interface BundleTrust {
  /** The log that it must be of; absent: whatever it says it is, which protects only against accidents. */
  readonly log?: VerifierKey;
  readonly kept: readonly SignedCheckpoint[];
  /** As in {@link VerificationDeps}. */
  readonly seen?: VerificationDeps['seen'];
}

/** Checks a bundle as it is read, in a few megabytes of memory. @throws the system's error when it cannot be read */
export async function verifyBundleFile(path: string, trust: BundleTrust): Promise<Verdict> {
  const reader = createBundleReader(trust);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    rest = reader.read(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
    if (reader.isOver) break;
  }
  return reader.end(rest);
}

/** The same for one that is in memory. */
export function verifyBundle(bytes: Buffer, trust: BundleTrust): Verdict {
  const reader = createBundleReader(trust);
  return reader.end(reader.read(bytes));
}

function createBundleReader({ log: wanted, kept, seen }: BundleTrust) {
  let step: 'first' | 'log' | 'body' | 'note' | 'ended' = 'first';
  let log: VerifierKey | undefined;
  const witnesses: VerifierKey[] = [];
  let verification: Verification | undefined;
  let note: string[] = [];
  let noteLines = 0;
  let lastWasCheckpoint = false;
  let early: Verdict | undefined;

  const refuse = (code: 'format' | 'key'): false => {
    if (verification) return verification.fail(code);
    early ??= { entries: 0, checkpoints: 0, vouched: 0, heard: new Set(), fault: { code, from: 0, to: 1 } };
    return false;
  };
  const begin = (): Verification => {
    verification ??= createVerification({ log: log as VerifierKey, witnesses, kept, seen });
    return verification;
  };

  /** @returns false from the first fault on */
  const take = (line: Buffer): boolean => {
    switch (step) {
      case 'first':
        step = 'log';
        return line.equals(Buffer.from(FIRST_LINE)) || refuse('format');
      case 'log': {
        const text = line.toString('latin1');
        log = text.startsWith('log ') ? parseVkey(text.slice(4)) : undefined;
        step = 'body';
        if (log?.type !== NOTE_KEY.log) return refuse('format');
        return !wanted || vkeyOf(wanted) === vkeyOf(log) || refuse('key');
      }
      case 'note':
        note.push(line.toString('utf8'));
        if (note.length < noteLines) return true;
        step = 'body';
        lastWasCheckpoint = true;
        return begin().checkpoint(`${note.join('\n')}\n`);
      case 'body':
        return takeBody(line);
      case 'ended':
        return refuse('format');
    }
  };
  const takeBody = (line: Buffer): boolean => {
    if (line.subarray(0, ENTRY.length).equals(ENTRY)) {
      lastWasCheckpoint = false;
      const leaf = fromBase64(line.toString('latin1', ENTRY.length, BODY_AT - 1));
      if (leaf?.length !== HASH_BYTES || line[BODY_AT - 1] !== SPACE) return refuse('format');
      return begin().entry(leaf, line.subarray(BODY_AT));
    }
    const text = line.toString('latin1');
    const [, lines] = /^checkpoint ([1-9]\d?)$/.exec(text) ?? [];
    if (lines !== undefined && Number(lines) <= MOST_NOTE_LINES) {
      step = 'note';
      note = [];
      noteLines = Number(lines);
      return true;
    }
    if (text === 'end' && lastWasCheckpoint) {
      step = 'ended';
      return true;
    }
    const witness = text.startsWith('witness ') && !verification ? parseVkey(text.slice(8)) : undefined;
    if (witness?.type !== NOTE_KEY.witness) return refuse('format');
    witnesses.push(witness);
    return true;
  };

  let isOver = false;
  return {
    get isOver() {
      return isOver;
    },
    /** @returns what is left of the last line */
    read(bytes: Buffer): Buffer {
      let from = 0;
      while (!isOver) {
        const to = bytes.indexOf(NEWLINE, from);
        const length = (to === -1 ? bytes.length : to) - from;
        if (length > LONGEST_LINE_BYTES) isOver = !refuse('format');
        else if (to === -1) break;
        else isOver = !take(bytes.subarray(from, to));
        from = to + 1;
      }
      return bytes.subarray(from);
    },
    end(rest: Buffer): Verdict {
      if (!isOver && (step !== 'ended' || rest.length > 0)) refuse('format');
      if (early) return early;
      const verdict = begin().end();
      // A key that signed nothing was never looked at: it could be anybody's.
      if (witnesses.some((key) => !verdict.heard.has(key))) refuse('format');
      return begin().end();
    },
  };
}

const ENTRY = Buffer.from('entry ');
const BODY_AT = ENTRY.length + 45;
const SPACE = 0x20;
const NEWLINE = 0x0a;
