import { type ActivityState, nextActivity } from '../catalogue/activity.ts';
import type { Sample } from '../media/fmp4/fragment-facts.ts';

/** Remembers what is quiet for one stream across its segments. */
export interface ActivityMeter {
  /** @returns 0 (still) … 255, from the sizes of the coded frames alone */
  measure(samples: readonly Sample[], durationUs: number): number;
}

export function createActivityMeter(): ActivityMeter {
  let state: ActivityState | undefined;
  return {
    measure(samples, durationUs) {
      const reading = nextActivity(state, { samples, durationUs });
      state = reading.state;
      return reading.activity;
    },
  };
}
