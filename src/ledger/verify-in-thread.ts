import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import { entryPath } from '../lib/entry.ts';
import { GirokError } from '../lib/errors.ts';
import type { Findings } from './meaning/meaning.ts';
import type { Verdict } from './verification.ts';
import type { FromVerifier, VerifyTask } from './verify-messages.ts';

export interface Verified {
  readonly verdict: Omit<Verdict, 'heard'>;
  readonly findings: Findings;
}

export interface VerifyInThreadDeps {
  readonly clock: Clock;
  /** Nobody waits any more. */
  readonly signal: AbortSignal;
  /** A thread that has not stopped by then is ended; 3 s unless told. */
  readonly stopsWithinMs?: number;
  /** How many entries have been looked at. */
  progress?(entries: number): void;
}

/** It looks up this often for whoever wants to stop it. */
const STOPS_WITHIN_MS = 3000;

/**
 * Verifies the whole ledger in a thread of its own, which only reads.
 *
 * @returns undefined where it was stopped
 * @throws GirokError of site.db; `internal` where the thread died
 */
export function verifyInThread(
  task: Omit<VerifyTask, 'stop'>,
  { clock, signal, stopsWithinMs = STOPS_WITHIN_MS, progress }: VerifyInThreadDeps,
): Promise<Verified | undefined> {
  const stop = new SharedArrayBuffer(4);
  const workerData: VerifyTask = { ...task, stop };
  const worker = new Worker(entryPath(import.meta.url, './verify-worker'), { workerData, env: {} });
  return new Promise((resolve, reject) => {
    const abort = () => {
      Atomics.store(new Int32Array(stop), 0, 1);
      clock.after(stopsWithinMs, () => void worker.terminate());
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    worker.on('message', (message: FromVerifier) => {
      switch (message.kind) {
        case 'progress':
          return progress?.(message.entries);
        case 'stopped':
          return resolve(undefined);
        case 'failed':
          return reject(new GirokError(message.code, message.facts));
        case 'done':
          return resolve({ verdict: message.verdict, findings: message.findings });
      }
    });
    worker.once('error', (cause) =>
      reject(new GirokError('internal', { reason: 'the thread that verifies died' }, { cause })),
    );
    worker.once('exit', () => {
      signal.removeEventListener('abort', abort);
      resolve(undefined);
    });
  });
}
