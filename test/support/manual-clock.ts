import type { Cancel, Clock } from '../../src/lib/clock.ts';

/** A clock that stands still until it is moved. Timers fire on the way, in the order of their time. */
export interface ManualClock extends Clock {
  /** Moves both clocks on; nothing is awaited in between. */
  advance(ms: number): void;
  /** Like {@link advance} in steps of `stepMs`, letting promises come to rest after each. */
  run(ms: number, stepMs?: number): Promise<void>;
  /** The process stands still: time goes on and timers fire late, with the next {@link advance}. */
  standStill(ms: number): void;
  /** Somebody sets the wall clock; the steady one does not notice. */
  setWall(byUs: number): void;
  /** Timers that are waiting. */
  readonly timers: number;
}

/** @param startUs the wall clock at the beginning, µs UTC */
export function createManualClock(startUs = Date.parse('2026-11-22T03:00:00Z') * 1000): ManualClock {
  let monoUs = 0;
  let wallUs = startUs;
  const timers = new Set<{ atUs: number; periodUs?: number; task: () => void }>();
  const schedule = (delayMs: number, task: () => void, periodMs?: number): Cancel => {
    const timer = { atUs: monoUs + delayMs * 1000, task, ...(periodMs && { periodUs: periodMs * 1000 }) };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const advance = (ms: number) => {
    const endUs = monoUs + ms * 1000;
    for (;;) {
      const [next] = [...timers].sort((a, b) => a.atUs - b.atUs);
      if (!next || next.atUs > endUs) break;
      wallUs += Math.max(0, next.atUs - monoUs);
      monoUs = Math.max(monoUs, next.atUs);
      if (next.periodUs) next.atUs += next.periodUs;
      else timers.delete(next);
      next.task();
    }
    wallUs += endUs - monoUs;
    monoUs = endUs;
  };
  return {
    utcUs: () => Math.round(wallUs),
    monoUs: () => Math.round(monoUs),
    after: (delayMs, task) => schedule(delayMs, task),
    every: (periodMs, task) => schedule(periodMs, task, periodMs),
    advance,
    async run(ms, stepMs = 100) {
      for (let left = ms; left > 0; left -= stepMs) {
        advance(Math.min(stepMs, left));
        await atRest();
      }
    },
    standStill(ms) {
      wallUs += ms * 1000;
      monoUs += ms * 1000;
    },
    setWall(byUs) {
      wallUs += byUs;
    },
    get timers() {
      return timers.size;
    },
  };
}

/** Everything that was waiting for a settled promise has run. */
export const atRest = () => new Promise<void>((resolve) => setImmediate(resolve));
