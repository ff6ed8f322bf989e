import type { LedgerRows } from '../db/site/ledger-rows.ts';
import { isTrusted, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import {
  isSignedBy,
  parseSignatureLine,
  timeOfCosignature,
  type VerifierKey,
  verifySignature,
} from './note.ts';
import { type Divergence, divergence } from './second-place.ts';
import { consistencyPath } from './tree.ts';
import { submissionOf } from './witness.ts';

/** What a witness said. */
export type WitnessOutcome =
  /** `atS`: POSIX seconds, by the witness's own clock, under its signature. */
  | { readonly kind: 'signed'; readonly line: string; readonly atS: number }
  /** It does not answer, or not as a witness would. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** It has a checkpoint of ours, with our own signature, that this ledger does not contain. */
  | { readonly kind: 'contradicts'; readonly divergence: Divergence; readonly seen: SignedCheckpoint };

const PATIENCE_MS = 10_000;
const MOST_BYTES = 64 * 1024;

export interface WitnessClient {
  readonly key: VerifierKey;
  /** Never throws for what the witness or the network does. */
  submit(checkpoint: SignedCheckpoint, rows: LedgerRows, log: VerifierKey): Promise<WitnessOutcome>;
  /**
   * @param note signed, as `heartbeat.ts` writes it. Never throws for what the witness or the network does
   * @returns the status of its answer; undefined when it does not answer
   */
  heartbeat(note: string): Promise<number | undefined>;
}

/** @param url of the witness, without a path */
export function createWitnessClient({ url, key }: { url: string; key: VerifierKey }): WitnessClient {
  /** What it has seen last, as far as we know; it tells us when that is wrong. */
  let seen = 0;

  const post = async (old: number, checkpoint: SignedCheckpoint, rows: LedgerRows) =>
    ask(new URL('/add-checkpoint', url), {
      method: 'POST',
      body: submissionOf(old, consistencyPath(old, checkpoint.size, rows), checkpoint.note),
    });

  /** It has seen more, or something else: only our own signature under it is believed. */
  const contradiction = async (log: VerifierKey, rows: LedgerRows): Promise<WitnessOutcome> => {
    const look = new URL('/checkpoint', url);
    look.searchParams.set('origin', log.name);
    const { status, text } = await ask(look, {});
    const theirs = status === 200 ? parseCheckpoint(text) : undefined;
    const seen = theirs?.origin === log.name && isTrusted(theirs, log) ? theirs : undefined;
    const apart = seen && divergence(rows, seen);
    return apart
      ? { kind: 'contradicts', divergence: apart, seen }
      : { kind: 'silent', reason: 'it contradicts without proof' };
  };

  const submit = async (
    checkpoint: SignedCheckpoint,
    rows: LedgerRows,
    log: VerifierKey,
  ): Promise<WitnessOutcome> => {
    let answer = await post(Math.min(seen, checkpoint.size), checkpoint, rows);
    const size = answer.status === 409 ? sizeIn(answer.text) : undefined;
    if (size !== undefined && size <= checkpoint.size && size !== seen) {
      seen = size;
      answer = await post(size, checkpoint, rows);
    }
    if (answer.status === 409 || answer.status === 422) return contradiction(log, rows);
    if (answer.status !== 200) return { kind: 'silent', reason: `HTTP ${answer.status}` };
    for (const line of answer.text.split('\n')) {
      const signature = parseSignatureLine(line);
      if (!signature || !isSignedBy(signature, key)) continue;
      if (!verifySignature(checkpoint.signed.text, signature, key)) break;
      seen = checkpoint.size;
      return { kind: 'signed', line, atS: timeOfCosignature(signature) };
    }
    return { kind: 'silent', reason: 'its signature is not of the configured key' };
  };

  return {
    key,
    heartbeat: (note) =>
      ask(new URL('/heartbeat', url), { method: 'POST', body: note }).then(
        ({ status }) => status,
        () => undefined,
      ),
    submit: (checkpoint, rows, log) =>
      submit(checkpoint, rows, log).catch((error: unknown): WitnessOutcome => {
        // The network's own words can hold anything; the kind of failure is enough.
        const cause = (error as { cause?: { code?: unknown } }).cause?.code;
        return { kind: 'silent', reason: typeof cause === 'string' ? cause : (error as Error).name };
      }),
  };
}

async function ask(url: URL, init: RequestInit): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new RangeError('the answer is too large');
    parts.push(part);
  }
  return { status: response.status, text: Buffer.concat(parts).toString('utf8') };
}

const sizeIn = (text: string): number | undefined =>
  /^(0|[1-9]\d{0,14})\n$/.test(text) ? Number(text) : undefined;
