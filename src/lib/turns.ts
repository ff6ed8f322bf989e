import type { Clock } from './clock.ts';

/** Costly work, a few at once; the others wait, in the order of asking. */
export interface Turns {
  /** Nobody else would even be let wait. */
  isFull(): boolean;
  /** @throws `full()` where too many wait, or it took too long; the signal's reason */
  take<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

export interface TurnsDeps {
  readonly atOnce: number;
  /** How many may wait; any number unless told. */
  readonly waiting?: number;
  /** How long each of them; for ever unless told. */
  readonly wait?: { readonly clock: Clock; readonly ms: number };
  /** What whoever is turned away is told. */
  full(): Error;
}

export function createTurns({ atOnce, waiting = Number.POSITIVE_INFINITY, wait, full }: TurnsDeps): Turns {
  let running = 0;
  const line: (() => void)[] = [];
  const isFull = () => running >= atOnce && line.length >= waiting;

  const come = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (running < atOnce) {
        running++;
        return resolve();
      }
      if (isFull()) return reject(full());
      const leave = () => {
        cancel?.();
        signal?.removeEventListener('abort', onAbort);
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
        reject(signal?.reason);
      };
      const cancel = wait?.clock.after(wait.ms, () => {
        leave();
        reject(full());
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      line.push(next);
    });

  return {
    isFull,
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
