/**
 * The only place that reads the machine's clocks. Everything else is handed a {@link Clock}, so that tests
 * can move time. Instants are microseconds since 1970-01-01 UTC (safe integers until the year 2255).
 */
export interface Clock {
  /** Wall clock: may jump, may be wrong. µs since the epoch, UTC. */
  utcUs(): number;
  /** Steady clock: never jumps, has no meaning outside this process. µs. */
  monoUs(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it. The timer does not keep a process alive. */
  after(delayMs: number, task: () => void): Cancel;
  /** Runs `task` every `periodMs` until cancelled. The timer does not keep a process alive. */
  every(periodMs: number, task: () => void): Cancel;
}

export type Cancel = () => void;

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;
export const DAY_US = 24 * HOUR_US;

/** The machine's own clocks. */
export const systemClock: Clock = {
  utcUs: () => Math.round((performance.timeOrigin + performance.now()) * 1000) + wallStepUs(),
  monoUs: () => Number(process.hrtime.bigint() / 1000n),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/**
 * How far the wall clock was stepped since the process started: `performance.now()` is steady and has a
 * finer grain than `Date.now()`, but does not see a step. Below 5 ms the difference is only rounding.
 */
function wallStepUs(): number {
  const stepMs = Date.now() - (performance.timeOrigin + performance.now());
  return Math.abs(stepMs) > 5 ? Math.round(stepMs * 1000) : 0;
}

/** Waits `delayMs` on `clock`; rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** `2026-11-21T18:14:05.200Z`, for JSON, logs and ledger entries. */
export function isoFromUs(utcUs: number): string {
  return new Date(utcUs / 1000).toISOString();
}
