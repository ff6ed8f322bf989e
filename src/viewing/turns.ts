import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';

/** Costly work, a few at once and a few that wait. */
export interface Turns {
  /**
   * Waits for a turn, in the order of asking.
   *
   * @throws GirokError `playback_busy` where too many wait, or it took too long; the signal's reason
   */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export interface TurnsDeps {
  readonly clock: Clock;
  readonly atOnce: number;
  readonly waiting: number;
  readonly waitMs: number;
}

export function createTurns({ clock, atOnce, waiting, waitMs }: TurnsDeps): Turns {
  let running = 0;
  const line: (() => void)[] = [];

  const come = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (running < atOnce) {
        running++;
        return resolve();
      }
      if (line.length >= waiting) return reject(new GirokError('playback_busy'));
      const leave = () => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        const at = line.indexOf(next);
        if (at >= 0) line.splice(at, 1);
      };
      // Whoever goes hands the turn on: nobody else comes in between.
      const next = () => {
        leave();
        resolve();
      };
      const onAbort = () => {
        leave();
        reject(signal.reason);
      };
      const cancel = clock.after(waitMs, () => {
        leave();
        reject(new GirokError('playback_busy'));
      });
      signal.addEventListener('abort', onAbort, { once: true });
      line.push(next);
    });

  return {
    async take(signal, work) {
      await come(signal);
      try {
        return await work();
      } finally {
        const next = line[0];
        if (next) next();
        else running--;
      }
    },
  };
}
