/** Waits 1, 2, 4 … 30 s between attempts, for ever; each shortened at random by up to a fifth so that cameras spread. */
export interface Backoff {
  nextDelayMs(): number;
  /** The camera delivered; the next failure begins at one second again. */
  reset(): void;
}

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const JITTER = 0.2;

/** @param random uniform in [0, 1) */
export function createBackoff(random: () => number): Backoff {
  let attempt = 0;
  return {
    nextDelayMs() {
      const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt++, 10));
      return Math.round(full * (1 - JITTER * random()));
    },
    reset() {
      attempt = 0;
    },
  };
}
