import type { View } from '../timeline/view.ts';

/** The stretch that is being watched: from where the playhead was last set to where it is. Instants: µs UTC. */
export interface Watched {
  /** For each picture: where the playhead is. */
  see(atUs: number): void;
  /** At least a minute around, where there is one; undefined before anything was shown. */
  stretch(): View | undefined;
}

/** What is further away than the fastest playback comes between two pictures was jumped to. */
const JUMP_US = 3_000_000;
const LEAST_US = 60_000_000;

/** @param range what was granted: nothing outside of it was seen */
export function createWatched(range: View): Watched {
  let seen: View | undefined;
  let lastUs: number | undefined;
  return {
    see(atUs) {
      const goesOn = seen !== undefined && lastUs !== undefined && Math.abs(atUs - lastUs) <= JUMP_US;
      seen =
        goesOn && seen
          ? { fromUs: Math.min(seen.fromUs, atUs), toUs: Math.max(seen.toUs, atUs) }
          : { fromUs: atUs, toUs: atUs };
      lastUs = atUs;
    },
    stretch() {
      if (!seen) return undefined;
      const missingUs = Math.max(0, LEAST_US - (seen.toUs - seen.fromUs)) / 2;
      return {
        fromUs: Math.max(range.fromUs, Math.floor(seen.fromUs - missingUs)),
        toUs: Math.min(range.toUs, Math.ceil(seen.toUs + missingUs)),
      };
    },
  };
}
