import { createHash, type KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Clock, MINUTE_US } from '../lib/clock.ts';
import { writeFileDurably } from '../lib/durable.ts';
import { GirokError } from '../lib/errors.ts';
import { readIfThere } from '../lib/read-file.ts';
import { isTrusted, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { type Heartbeat, parseHeartbeat } from './heartbeat.ts';
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
  /** @param note body of `POST /heartbeat`. @throws the system's error when it cannot be kept */
  addHeartbeat(note: string): Promise<200 | 400 | 403 | 404>;
  /** What its steward last said of itself; undefined before that. @throws the system's error */
  lastHeartbeat(origin: string): Promise<KeptHeartbeat | undefined>;
  /**
   * When something new was last heard of this log, µs of the steady clock; undefined since the start. What somebody
   * sends once more is not.
   */
  heardMonoUs(origin: string): number | undefined;
}

/** What the witness remembers of the heartbeats of a log; instants in µs UTC. */
const keptHeartbeat = z.strictObject({
  /** By the clock of the site. */
  atUs: z.int(),
  /** When a certificate of erasing was last news, at most as late as the witness's own clock says. */
  certifiedUs: z.int(),
  /** The run of that certificate; absent while there was none, then `certifiedUs` is the first heartbeat. */
  run: z.string().optional(),
  serious: z.int().nonnegative(),
  /** The latest `atUs` of all that were believed, and of all; absent where both are the one above. */
  latest: z.strictObject({ believedUs: z.int(), furthestUs: z.int() }).optional(),
});

export type KeptHeartbeat = z.infer<typeof keptHeartbeat>;

/** c2sp.org/tlog-witness allows no longer proof. */
const MOST_PROOF_LINES = 63;
/** A clock of the site that is no further ahead of ours is right. */
const AHEAD_US = 15 * MINUTE_US;
const refusal = (status: WitnessAnswer['status'], body = ''): WitnessAnswer => ({ status, body });

export function createWitness(deps: WitnessDeps): Witness {
  const { folder, logs, key, clock } = deps;
  /** One submission of a log after the other: looking and writing down are one step. */
  const turns = new Map<string, Promise<unknown>>();
  const heard = new Map<string, number>();
  const fileOf = (origin: string, kind: 'checkpoint' | 'heartbeat' = 'checkpoint') =>
    join(folder, `${createHash('sha256').update(origin).digest('hex')}.${kind}`);
  const inTurn = <T>(log: VerifierKey, task: () => Promise<T>): Promise<T> => {
    const before = turns.get(log.name) ?? Promise.resolve();
    // A failure before it is told to whoever caused it.
    const turn = before.catch(() => undefined).then(task);
    turns.set(log.name, turn);
    return turn;
  };

  const latest = async (origin: string): Promise<SignedCheckpoint | undefined> => {
    const note = await readIfThere(fileOf(origin));
    if (note === undefined) return undefined;
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
    if (old !== size) return refusal(409, `${size}\n`);
    const older = { size, root: known?.root ?? Buffer.alloc(HASH_BYTES) };
    if (size > 0 && size === checkpoint.size && !older.root.equals(checkpoint.root))
      return refusal(409, `${size}\n`);
    if (!isConsistent(older, checkpoint, path)) return refusal(422);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileDurably(fileOf(log.name), checkpoint.note);
    if (checkpoint.size > size) heard.set(log.name, clock.monoUs());
    const { text } = checkpoint.signed;
    const line = cosignatureLine(text, key, deps.privateKey, Math.floor(clock.utcUs() / 1_000_000));
    return { status: 200, body: `${line}\n` };
  };

  const lastHeartbeat = async (origin: string): Promise<KeptHeartbeat | undefined> => {
    const text = await readIfThere(fileOf(origin, 'heartbeat'));
    try {
      return text === undefined ? undefined : keptHeartbeat.parse(JSON.parse(text));
    } catch (error) {
      throw new GirokError('ledger_damaged', { path: fileOf(origin, 'heartbeat') }, { cause: error });
    }
  };

  const keepHeartbeat = async ({ origin, atUs, certificate, serious }: Heartbeat): Promise<200> => {
    const before = await lastHeartbeat(origin);
    const nowUs = clock.utcUs();
    const latest = laterThan(before, atUs, nowUs);
    // Sent once more by whoever has kept it: the steward that signed it may be gone.
    if (!latest) return 200;
    const isNews = certificate !== undefined && certificate.run !== before?.run;
    const run = certificate?.run ?? before?.run;
    const newsUs = isNews ? Math.min(nowUs, certificate.atUs) : 0;
    // A clock that is ahead counts once.
    const certifiedUs = before || isNews ? Math.max(before?.certifiedUs ?? 0, newsUs) : nowUs;
    const kept: KeptHeartbeat = { atUs, certifiedUs, serious, latest, ...(run !== undefined && { run }) };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileDurably(fileOf(origin, 'heartbeat'), JSON.stringify(kept));
    heard.set(origin, clock.monoUs());
    return 200;
  };

  return {
    latest,
    heardMonoUs: (origin) => heard.get(origin),
    async addCheckpoint(body) {
      const submitted = parseSubmission(body);
      if (!submitted) return refusal(400);
      const log = logs.find(({ name }) => name === submitted.checkpoint.origin);
      if (!log) return refusal(404);
      return inTurn(log, () => decide(submitted, log));
    },
    async addHeartbeat(note) {
      const told = parseHeartbeat(note);
      if (!told) return 400;
      const log = logs.find(({ name }) => name === told.heartbeat.origin);
      if (!log) return 404;
      return told.isOf(log) ? inTurn(log, () => keepHeartbeat(told.heartbeat)) : 403;
    },
    lastHeartbeat,
  };
}

/**
 * A heartbeat is news when it was signed later than all before it. One of a clock that is ahead does not stand in the
 * way of those that come once the clock is right again: by our own time they are late enough.
 *
 * @returns undefined for one that is no news
 */
function laterThan(before: KeptHeartbeat | undefined, atUs: number, nowUs: number): KeptHeartbeat['latest'] {
  const lastUs = before?.atUs ?? 0;
  const { believedUs, furthestUs } = before?.latest ?? {
    believedUs: Math.min(lastUs, nowUs),
    furthestUs: lastUs,
  };
  const isBelieved = atUs <= nowUs + AHEAD_US;
  if (atUs <= furthestUs && !(isBelieved && atUs > believedUs)) return undefined;
  return { believedUs: isBelieved ? atUs : believedUs, furthestUs: Math.max(furthestUs, atUs) };
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
