/** Waits 1, 2, 4 … 30 s between attempts, for ever; each shortened at random by up to a fifth so that cameras spread. */
export interface Backoff {
  /**
   * @param rebooting the camera is gone rather than unwilling: most that go away are back within two minutes, and
   *   a doubled wait would add half a minute to their hole. One that refuses is not to be pestered like that: it
   *   may lock the account.
   */
  nextDelayMs(rebooting?: boolean): number;
  /** The camera delivered; the next failure begins at one second again. */
  reset(): void;
}

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const REBOOTING_LONGEST_MS = 6000;
const REBOOTING_FOR_MS = 120_000;
const JITTER = 0.2;

/** @param random uniform in [0, 1) */
export function createBackoff(random: () => number): Backoff {
  let fullMs = FIRST_MS;
  let waitedMs = 0;
  return {
    nextDelayMs(rebooting = false) {
      const longestMs = rebooting && waitedMs < REBOOTING_FOR_MS ? REBOOTING_LONGEST_MS : LONGEST_MS;
      const delayMs = Math.round(Math.min(longestMs, fullMs) * (1 - JITTER * random()));
      fullMs = Math.min(longestMs, 2 * fullMs);
      waitedMs += delayMs;
      return delayMs;
    },
    reset() {
      fullMs = FIRST_MS;
      waitedMs = 0;
    },
  };
}
