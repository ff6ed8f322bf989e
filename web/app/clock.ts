import { type Signal, signal } from '@preact/signals';

/**
 * The only place of the pages that reads a clock. What is shown is the server's time: whoever compares two screens, or
 * writes down when something was, must not depend on whether this computer's clock is right.
 */

/** How far the server's clock is ahead of this computer's, ms; undefined before its first answer. */
export const aheadMs: Signal<number | undefined> = signal(undefined);

/** This computer's clocks differ from the server's by more than the header that tells can be wrong. */
export const NOTICED_MS = 3000;

const TICK_MS = 1000;

/** Now, as the server's clock has it; ms since 1970-01-01 UTC. */
export const nowMs = (): number => Date.now() + (aheadMs.peek() ?? 0);

/** Only for measuring how long something takes; ms. */
export const steadyMs = (): number => performance.now();

/** Each second, for whatever shows the time. */
export const second: Signal<number> = signal(nowMs());
setInterval(() => {
  second.value = nowMs();
}, TICK_MS);

/**
 * Learns the server's time of one answer.
 *
 * @param date its `Date` header, in whole seconds
 * @param askedMs when it was asked, by {@link steadyMs}: the answer is of half way between then and now
 */
export function learnTime(date: string | null, askedMs: number): void {
  const saidMs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(saidMs)) return;
  const halfSecond = 500;
  const ahead = saidMs + halfSecond + (steadyMs() - askedMs) / 2 - Date.now();
  const known = aheadMs.peek();
  // Within what whole seconds hide, the first guess stays: a clock that trembles helps nobody.
  if (known === undefined || Math.abs(known - ahead) > 2 * halfSecond)
    aheadMs.value = Math.abs(ahead) <= 2 * halfSecond ? 0 : ahead;
}

/** That a page shows what it is for: a mark that measurements find, `girok:NAME`. */
export const markPainted = (name: string): void => void performance.mark(`girok:${name}`);

/** Runs `task` once; the returned function cancels it. */
export function after(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
}
