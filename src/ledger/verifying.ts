import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { type Verified, verifyInThread } from './verify-in-thread.ts';
import type { VerifyTask } from './verify-messages.ts';

export type { Verified };

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

/** Verifies the ledger for somebody, one time after the other; what came of the last one is kept. */
export interface Verifying<By> {
  /** @throws GirokError `verification_busy`, and as the task does */
  start(by: By): Promise<void>;
  state(): VerifyingState;
  /** Nothing happens where none runs. */
  cancel(): void;
  close(): Promise<void>;
}

export function createVerifying<By>(deps: VerifyingDeps<By>): Verifying<By> {
  const { clock } = deps;
  let state: VerifyingState = { state: 'never' };
  let running: { readonly stopping: AbortController; readonly ended: Promise<void> } | undefined;

  const verify = async (
    task: Omit<VerifyTask, 'stop'>,
    startedUs: number,
    signal: AbortSignal,
    by: By,
  ): Promise<void> => {
    try {
      const outcome = await verifyInThread(task, {
        clock,
        signal,
        progress(entries) {
          if (state.state === 'running') state = { ...state, entries };
        },
      });
      const endedUs = clock.utcUs();
      if (!outcome) {
        state = { state: 'cancelled', startedUs, endedUs };
        return;
      }
      state = { state: 'done', startedUs, endedUs, ...outcome };
      try {
        deps.verified(outcome, by);
      } catch (error) {
        // What was found is shown also where it cannot be entered: the steward has an alarm for that.
        deps.failed(error);
      }
    } catch (error) {
      if (!(error instanceof GirokError) || error.code === 'internal') deps.failed(error);
      const known = error instanceof GirokError ? error : new GirokError('internal', {}, { cause: error });
      state = { state: 'failed', startedUs, endedUs: clock.utcUs(), error: known };
    } finally {
      running = undefined;
    }
  };

  return {
    state: () => state,
    async start(by) {
      if (state.state === 'running') throw new GirokError('verification_busy');
      const startedUs = clock.utcUs();
      const before = state;
      // From here on it runs, for whoever asks while its task is put together.
      state = { state: 'running', startedUs, entries: 0, total: deps.total() };
      let task: Omit<VerifyTask, 'stop'>;
      try {
        task = await deps.task();
      } catch (error) {
        state = before;
        throw error;
      }
      const stopping = new AbortController();
      running = { stopping, ended: verify(task, startedUs, stopping.signal, by) };
    },
    cancel: () => running?.stopping.abort(),
    async close() {
      running?.stopping.abort();
      await running?.ended;
    },
  };
}
