import type { Clock } from './clock.ts';

/** Something dear, and of when it is: µs UTC. */
export interface AsOf<T> {
  readonly value: T;
  readonly atUs: number;
}

export interface RememberedDeps<T> {
  compute(): Promise<T>;
  readonly clock: Clock;
  /** So long an answer is given again as it is. */
  readonly freshMs: number;
  /** So long it is given again while a new one is made; beyond that whoever asks waits. */
  readonly staleMs: number;
  /** Told of what failed while nobody waited for it. */
  failed(error: unknown): void;
}

/**
 * Computes something at most once at a time, however many ask.
 *
 * @returns asked, the last answer and its age. @throws what `compute` throws to whoever had to wait for it
 */
export function remembered<T>({ compute, clock, freshMs, staleMs, failed }: RememberedDeps<T>) {
  let last: (AsOf<T> & { readonly monoUs: number }) | undefined;
  let underWay: Promise<AsOf<T>> | undefined;
  const renew = (): Promise<AsOf<T>> => {
    underWay ??= (async () => {
      const [atUs, monoUs] = [clock.utcUs(), clock.monoUs()];
      try {
        last = { value: await compute(), atUs, monoUs };
        return last;
      } finally {
        underWay = undefined;
      }
    })();
    return underWay;
  };
  return async (): Promise<AsOf<T>> => {
    const ageMs = last ? (clock.monoUs() - last.monoUs) / 1000 : Infinity;
    if (last && ageMs <= freshMs) return last;
    if (!last || ageMs > staleMs) return renew();
    const { value, atUs } = last;
    renew().catch(failed);
    return { value, atUs };
  };
}
