import { createHash, type KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { isTrusted, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { cosignatureLine, fromBase64, type VerifierKey } from './note.ts';
import { isConsistent } from './proofs.ts';
import { HASH_BYTES } from './tree.ts';

export interface WitnessDeps {
  /** Holds the newest checkpoint of each log, one file each. */
  readonly folder: string;
  readonly logs: readonly VerifierKey[];
  readonly key: VerifierKey;
  readonly privateKey: KeyObject;
  readonly clock: Clock;
}

export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly body: string;
}

/**
 * Remembers of each log the newest checkpoint that it has signed for, and signs for nothing that does not contain it
 * (c2sp.org/tlog-witness). What it has signed for is durable before anybody hears of it.
 */
export interface Witness {
  /** @param body of `POST /add-checkpoint`. @throws the system's error when the state cannot be kept: nothing is signed */
  addCheckpoint(body: string): Promise<WitnessAnswer>;
  latest(origin: string): Promise<SignedCheckpoint | undefined>;
  /** When this log was last heard of, µs of the steady clock; undefined since the start. */
  heardMonoUs(origin: string): number | undefined;
}

/** c2sp.org/tlog-witness allows no longer proof. */
const MOST_PROOF_LINES = 63;
const refusal = (status: WitnessAnswer['status'], body = ''): WitnessAnswer => ({ status, body });

export function createWitness(deps: WitnessDeps): Witness {
  const { folder, logs, key, clock } = deps;
  /** One submission of a log after the other: looking and writing down are one step. */
  const turns = new Map<string, Promise<unknown>>();
  const heard = new Map<string, number>();
  const fileOf = (origin: string) =>
    join(folder, `${createHash('sha256').update(origin).digest('hex')}.checkpoint`);

  const latest = async (origin: string): Promise<SignedCheckpoint | undefined> => {
    let note: string;
    try {
      note = await readFile(fileOf(origin), 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    const known = parseCheckpoint(note);
    // Half a memory would be the same as none: whoever wanted a fork would damage it.
    if (known?.origin !== origin) throw new GirokError('ledger_damaged', { path: fileOf(origin) });
    return known;
  };

  const decide = async (submitted: Submission, log: VerifierKey): Promise<WitnessAnswer> => {
    const { old, path, checkpoint } = submitted;
    if (!isTrusted(checkpoint, log)) return refusal(403);
    if (old > checkpoint.size) return refusal(400);
    const known = await latest(log.name);
    const size = known?.size ?? 0;
    heard.set(log.name, clock.monoUs());
    if (old !== size) return refusal(409, `${size}\n`);
    const older = { size, root: known?.root ?? Buffer.alloc(HASH_BYTES) };
    if (size > 0 && size === checkpoint.size && !older.root.equals(checkpoint.root))
      return refusal(409, `${size}\n`);
    if (!isConsistent(older, checkpoint, path)) return refusal(422);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileDurably(fileOf(log.name), checkpoint.note);
    const { text } = checkpoint.signed;
    const line = cosignatureLine(text, key, deps.privateKey, Math.floor(clock.utcUs() / 1_000_000));
    return { status: 200, body: `${line}\n` };
  };

  return {
    latest,
    heardMonoUs: (origin) => heard.get(origin),
    async addCheckpoint(body) {
      const submitted = parseSubmission(body);
      if (!submitted) return refusal(400);
      const log = logs.find(({ name }) => name === submitted.checkpoint.origin);
      if (!log) return refusal(404);
      const before = turns.get(log.name) ?? Promise.resolve();
      // A failure before it is told to whoever caused it.
      const turn = before.catch(() => undefined).then(() => decide(submitted, log));
      turns.set(log.name, turn);
      return turn;
    },
  };
}

interface Submission {
  readonly old: number;
  readonly path: readonly Buffer[];
  readonly checkpoint: SignedCheckpoint;
}

/** @returns undefined for anything that is not written as the specification says */
function parseSubmission(body: string): Submission | undefined {
  const split = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, split).split('\n');
  const [, digits] = /^old (0|[1-9]\d{0,14})$/.exec(first) ?? [];
  const path = lines.map(fromBase64);
  const checkpoint = split === -1 ? undefined : parseCheckpoint(body.slice(split + 2));
  if (digits === undefined || !checkpoint || path.length > MOST_PROOF_LINES) return undefined;
  if (path.some((hash) => hash?.length !== HASH_BYTES)) return undefined;
  return { old: Number(digits), path: path as Buffer[], checkpoint };
}

export const submissionOf = (old: number, path: readonly Buffer[], note: string): string =>
  [`old ${old}`, ...path.map((hash) => hash.toString('base64')), '', note].join('\n');
