import { Worker } from 'node:worker_threads';
import type { Clock } from '../lib/clock.ts';
import { entryPath } from '../lib/entry.ts';
import { GirokError } from '../lib/errors.ts';
import type { Findings } from './meaning/meaning.ts';
import type { Verdict } from './verification.ts';
import type { FromVerifier, VerifyTask } from './verify-messages.ts';

export interface VerifyingDeps<By> {
  /** @throws GirokError `ledger_missing` */
  task(): Promise<Omit<VerifyTask, 'stop'>>;
  /** How many entries there are to look at. */
  total(): number;
  readonly clock: Clock;
  /** It is over, and somebody wanted to know. */
  verified(outcome: Verified, by: By): void;
  failed(error: unknown): void;
}

export interface Verified {
  readonly verdict: Omit<Verdict, 'heard'>;
  readonly findings: Findings;
}

/** Instants: µs UTC. */
export type VerifyingState =
  | { readonly state: 'never' }
  | {
      readonly state: 'running';
      readonly startedUs: number;
      readonly entries: number;
      readonly total: number;
    }
  | ({ readonly state: 'done'; readonly startedUs: number; readonly endedUs: number } & Verified)
  | { readonly state: 'cancelled'; readonly startedUs: number; readonly endedUs: number }
  | {
      readonly state: 'failed';
      readonly startedUs: number;
      readonly endedUs: number;
      readonly error: GirokError;
    };

/** Verifies the ledger in a thread of its own, one time after the other; what came of the last one is kept. */
export interface Verifying<By> {
  /** @throws GirokError `verification_busy`, and as the task does */
  start(by: By): Promise<void>;
  state(): VerifyingState;
  /** Nothing happens where none runs. */
  cancel(): void;
  close(): Promise<void>;
}

/** It looks up this often for whoever wants to stop it; a thread that does not is ended. */
const STOPS_WITHIN_MS = 3000;

export function createVerifying<By>(deps: VerifyingDeps<By>): Verifying<By> {
  const { clock } = deps;
  let state: VerifyingState = { state: 'never' };
  let running: { readonly worker: Worker; readonly stop: Int32Array } | undefined;

  return {
    state: () => state,
    async start(by) {
      if (state.state === 'running') throw new GirokError('verification_busy');
      const startedUs = clock.utcUs();
      const total = deps.total();
      const before = state;
      // From here on it runs, for whoever asks while its task is put together.
      state = { state: 'running', startedUs, entries: 0, total };
      const stop = new SharedArrayBuffer(4);
      let workerData: VerifyTask;
      try {
        workerData = { ...(await deps.task()), stop };
      } catch (error) {
        state = before;
        throw error;
      }
      const worker = new Worker(entryPath(import.meta.url, './verify-worker'), { workerData, env: {} });
      const own = { worker, stop: new Int32Array(stop) };
      running = own;
      const over = (ended: VerifyingState) => {
        if (running === own && state.state === 'running') state = ended;
      };
      const fail = (error: GirokError) => over({ state: 'failed', startedUs, endedUs: clock.utcUs(), error });
      worker.on('message', (message: FromVerifier) => {
        if (running !== own || state.state !== 'running') return;
        if (message.kind === 'progress') state = { ...state, entries: message.entries };
        else if (message.kind === 'stopped') over({ state: 'cancelled', startedUs, endedUs: clock.utcUs() });
        else if (message.kind === 'failed') fail(new GirokError(message.code, message.facts));
        else {
          const { verdict, findings } = message;
          over({ state: 'done', startedUs, endedUs: clock.utcUs(), verdict, findings });
          try {
            deps.verified({ verdict, findings }, by);
          } catch (error) {
            // What was found is shown also where it cannot be entered: the steward has an alarm for that.
            deps.failed(error);
          }
        }
      });
      worker.once('error', (error) => {
        deps.failed(error);
        fail(new GirokError('internal', { reason: 'the thread that verifies died' }, { cause: error }));
      });
      worker.once('exit', () => {
        over({ state: 'cancelled', startedUs, endedUs: clock.utcUs() });
        if (running === own) running = undefined;
      });
    },
    cancel() {
      const own = running;
      if (!own) return;
      Atomics.store(own.stop, 0, 1);
      clock.after(STOPS_WITHIN_MS, () => void own.worker.terminate());
    },
    async close() {
      await running?.worker.terminate();
    },
  };
}
