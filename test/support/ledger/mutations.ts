import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { signCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { bodyOf } from '../../../src/ledger/entry.ts';
import { cosignatureLine, NOTE_KEY, parseVkey, verifierKey, vkeyOf } from '../../../src/ledger/note.ts';
import { keyOfSeed } from '../../../src/ledger/signing-key.ts';
import { createRightEdge } from '../../../src/ledger/tree.ts';
import type { Verdict } from '../../../src/ledger/verification.ts';
import { hashLeaf } from '../../../src/lib/merkle.ts';
import { started } from './entries.ts';

const PYTHON = fileURLToPath(new URL('../../../verify/girok_verify.py', import.meta.url));
const BEGUN_US = Date.parse('2026-11-22T03:00:00Z') * 1000;

export interface MadeBundle {
  readonly bytes: Buffer;
  readonly key: string;
  /** All checkpoints in it, as notes. */
  readonly notes: readonly string[];
}

/**
 * A sound bundle without a database: so many entries, a checkpoint after every few, all of them witnessed.
 *
 * @param seed of the log's key @param from another number tells another history
 */
export function makeBundle(entries: number, every: number, seed = 1, from = 0): MadeBundle {
  const signer = keyOfSeed(Buffer.alloc(32, seed));
  const log = verifierKey('girok.invalid/clinic/1', NOTE_KEY.log, signer.publicKey);
  const witnessing = keyOfSeed(Buffer.alloc(32, 99));
  const witness = verifierKey('witness.invalid/w1', NOTE_KEY.witness, witnessing.publicKey);
  const edge = createRightEdge();
  const notes: string[] = [];
  let text = `girok-ledger-bundle/1\nlog ${vkeyOf(log)}\nwitness ${vkeyOf(witness)}\n`;
  for (let seq = 0; seq < entries; seq++) {
    const committedUs = BEGUN_US + seq * 1_000_000;
    const body = bodyOf(started(from + seq), { seq, committedUs, personal: undefined });
    edge.add(hashLeaf(body));
    text += `entry ${hashLeaf(body).toString('base64')} ${body}\n`;
    if ((seq + 1) % every > 0 && seq + 1 < entries) continue;
    const note = signCheckpoint(
      { origin: log.name, size: seq + 1, root: edge.root() },
      log,
      signer.privateKey,
    );
    const signed = note.slice(0, note.indexOf('\n\n') + 1);
    const whole = `${note}${cosignatureLine(signed, witness, witnessing.privateKey, 1_763_780_400 + seq)}\n`;
    notes.push(whole);
    text += `checkpoint ${whole.split('\n').length - 1}\n${whole}`;
  }
  return { bytes: Buffer.from(`${text}end\n`), key: vkeyOf(log), notes };
}

export const keyOf = ({ key }: MadeBundle) => parseVkey(key)!;

/** One of the ways in which somebody, or the disk, might change a bundle. @param random 0 … 1 */
export function mutate({ bytes, notes }: MadeBundle, random: () => number): Buffer {
  const below = (most: number) => Math.floor(random() * most);
  const lines = bytes.toString('utf8').split('\n');
  const entries = lines.flatMap((line, at) => (line.startsWith('entry ') ? [at] : []));
  const some = () => entries[below(entries.length)] as number;
  const joined = (changed: string[]) => Buffer.from(changed.join('\n'));
  const remade = (line: string) => `entry ${hashLeaf(line.slice(51)).toString('base64')} ${line.slice(51)}`;
  switch (below(11)) {
    case 0: {
      const changed = Buffer.from(bytes);
      const at = below(changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << below(8));
      return changed;
    }
    case 1:
      return joined(lines.toSpliced(some(), 1));
    case 2:
      return joined(lines.toSpliced(some(), 0, lines[some()] ?? ''));
    case 3: {
      const [a, b] = [some(), some()];
      return joined(lines.with(a, lines[b] ?? '').with(b, lines[a] ?? ''));
    }
    case 4:
      return bytes.subarray(0, below(bytes.length));
    case 5: {
      // Content and hash changed together, as somebody would who knows the format.
      const at = some();
      return joined(lines.with(at, remade((lines[at] ?? '').replace(/"pid":\d+/, `"pid":${below(1000)}`))));
    }
    case 6: {
      // Rolled back to an earlier checkpoint.
      const note = notes[below(notes.length)] as string;
      const end = bytes.indexOf(note) + Buffer.byteLength(note);
      return Buffer.concat([bytes.subarray(0, end), Buffer.from('end\n')]);
    }
    case 7: {
      const at = below(bytes.length);
      const junk = Buffer.from(['\n', ' ', '\0', '\r\n', 'é', 'entry ', '\u2028', '0'][below(8)] ?? '');
      return Buffer.concat([bytes.subarray(0, at), junk, bytes.subarray(at + below(3))]);
    }
    case 8: {
      // Another history of the same length, signed by another hand.
      const forked = makeBundle(entries.length, 1 + below(entries.length), 2 + below(3));
      return forked.bytes;
    }
    case 9: {
      const at = lines.indexOf(notes[below(notes.length)]?.split('\n')[2] ?? '');
      return joined(lines.with(at, Buffer.alloc(32, below(256)).toString('base64')));
    }
    default: {
      const at = some();
      const field = ['"seq":', '"committedAt":"', '"v":', '"at":"'][below(4)] ?? '';
      return joined(lines.with(at, remade((lines[at] ?? '').replace(field, `${field}${below(10)}`))));
    }
  }
}

/** A verdict in the words of the second verifier. */
export const inWords = ({ entries, fault }: Verdict): string =>
  fault ? `bad ${fault.code} ${fault.from} ${fault.to}` : `sound ${entries}`;

/** What the Python verifier says of each bundle, in their order. */
export async function askPython(
  bundles: readonly Buffer[],
  { key, kept }: { key?: string; kept: readonly string[] },
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'girok-bundles-'));
  try {
    const files = bundles.map((_, i) => join(folder, `${i}.girok`));
    const notes = kept.map((_, i) => join(folder, `${i}.checkpoint`));
    await Promise.all([
      ...bundles.map((bytes, i) => writeFile(files[i] as string, bytes)),
      ...kept.map((note, i) => writeFile(notes[i] as string, note)),
    ]);
    const args = [
      ...(key ? ['--key', key] : []),
      ...notes.flatMap((file) => ['--checkpoint', file]),
      ...files,
    ];
    // Exit code 1 only says that some of them are bad.
    const { stdout } = await promisify(execFile)('python3', [PYTHON, ...args], {
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { code?: unknown; stdout?: string; stderr?: string }) => {
      if (error.code !== 1 || error.stderr) throw error;
      return { stdout: error.stdout ?? '' };
    });
    return stdout.trimEnd().split('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}
