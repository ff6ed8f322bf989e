import type { ChildMessage } from '../contract/child-message.ts';
import { type Cancel, type Clock, SECOND_US } from '../lib/clock.ts';
import type { Backoff } from '../recording/backoff.ts';
import { EXIT } from './exit-code.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ChildProcess {
  /** Never rejects. */
  readonly ended: Promise<Ending>;
  end(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface SuperviseDeps {
  readonly clock: Clock;
  readonly backoff: Backoff;
  start(on: (message: ChildMessage) => void): ChildProcess;
  /** Each time it is ready; `first` only once. */
  ready(first: boolean, address: string | undefined): void;
  progress?(percent: number): void;
  /** Is tried again also when its first start is refused. */
  readonly persists?: boolean;
  /** It ended without being told to, and starts again in `delayMs`. */
  died(ending: Ending, delayMs: number): void;
}

export interface Supervised {
  /**
   * `ready` once it has been ready for the first time. `refused` when it ended before with an exit code that
   * another attempt would not change (configuration, storage): it is not started again.
   */
  readonly firstStart: Promise<{ kind: 'ready' } | { kind: 'refused'; code: number } | { kind: 'stopped' }>;
  /** Tells it to end, waits, and kills it when it takes longer than `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

/** After so long a run the next failure counts as a first one. */
const HEALTHY_US = 60 * SECOND_US;

/** Keeps one process running for ever, with a back-off. What it ran once, it tries again whatever it says. */
export function supervise(deps: SuperviseDeps): Supervised {
  const { clock, backoff } = deps;
  let child: ChildProcess | undefined;
  let cancelRestart: Cancel | undefined;
  let stopping = false;
  let wasReady = false;
  const first = Promise.withResolvers<Awaited<Supervised['firstStart']>>();

  const begin = () => {
    cancelRestart = undefined;
    const beganUs = clock.monoUs();
    child = deps.start((message) => {
      if (message.kind === 'progress') return deps.progress?.(message.percent);
      const isFirst = !wasReady;
      wasReady = true;
      first.resolve({ kind: 'ready' });
      deps.ready(isFirst, message.address);
    });
    void child.ended.then((ending) => {
      child = undefined;
      if (stopping) return;
      if (!wasReady && !deps.persists && isRefusal(ending))
        return first.resolve({ kind: 'refused', code: ending.code ?? 1 });
      if (clock.monoUs() - beganUs >= HEALTHY_US) backoff.reset();
      const delayMs = backoff.nextDelayMs();
      deps.died(ending, delayMs);
      cancelRestart = clock.after(delayMs, begin);
    });
  };
  begin();

  const end = async (withinMs: number) => {
    stopping = true;
    cancelRestart?.();
    first.resolve({ kind: 'stopped' });
    const running = child;
    if (!running) return;
    running.end('SIGTERM');
    const cancelKill = clock.after(withinMs, () => running.end('SIGKILL'));
    await running.ended;
    cancelKill();
  };
  let ended: Promise<void> | undefined;

  return {
    firstStart: first.promise,
    // A second SIGTERM would end it in the middle of sealing.
    stop: (withinMs) => (ended ??= end(withinMs)),
  };
}

const isRefusal = ({ code }: Ending) => code === EXIT.configuration || code === EXIT.storage;
