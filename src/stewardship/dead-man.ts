import { type Clock, HOUR_US, MINUTE_US } from '../lib/clock.ts';

/** How long a site may be silent, and how long no certificate of erasing may come, before a person is called. */
export const SILENT_US = 15 * MINUTE_US;
export const UNCERTIFIED_US = 26 * HOUR_US;

/** Tells how long ago something was last seen to be well, by whichever of two clocks says longer. */
export interface Watch {
  /** @param atUs when it was, µs UTC, where that is known; else just now */
  well(atUs?: number): void;
  isOver(limitUs: number): boolean;
}

/**
 * The wall clock may be set back, and the steady one does not know what was before this process: either of them is
 * enough to call somebody.
 */
export function createWatch(clock: Clock): Watch {
  let wellUs = clock.utcUs();
  let seenMonoUs = clock.monoUs();
  return {
    well(atUs = clock.utcUs()) {
      if (atUs === wellUs) return;
      wellUs = atUs;
      seenMonoUs = clock.monoUs();
    },
    isOver: (limitUs) => clock.utcUs() - wellUs > limitUs || clock.monoUs() - seenMonoUs > limitUs,
  };
}
