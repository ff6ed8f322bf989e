import { SECOND_US } from '../lib/clock.ts';
import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';

/** A pause between two frames longer than this, and than five usual ones, is footage that is missing. */
const LONGEST_PAUSE_US = 2 * SECOND_US;
const LONGEST_PAUSE_FRAMES = 5;
/** Frames closer together than this are not real: the camera's clock went back and its times were made up. */
const SHORTEST_FRAME_US = 2000;
const FRAMES_TO_JUDGE = 5;

export interface PaceVerdict {
  /** Frames may be this long at most; a longer one hides a hole. */
  readonly mostTicks: number;
  readonly usualTicks: number;
  readonly hidesHole: boolean;
  readonly clockWentBack: boolean;
}

/** Knows how long a frame of this run usually lasts, without believing the camera's nominal rate. */
export function createFramePace(timescale: number): { judge(facts: FragmentFacts): PaceVerdict } {
  const ticks = (us: number) => Math.round((us * timescale) / SECOND_US);
  let usualTicks = 0;
  return {
    judge({ samples, durationTicks }) {
      const sorted = samples.map((sample) => sample.durationTicks).sort((a, b) => a - b);
      const median = sorted[sorted.length >> 1] ?? 0;
      // Before it learns from this fragment: of one picture with a hole behind it the hole would be the most part.
      const usualBefore = usualTicks === 0 ? median : usualTicks;
      usualTicks = Math.round((usualBefore * 7 + median) / 8);
      const mostTicks = Math.max(ticks(LONGEST_PAUSE_US), usualTicks * LONGEST_PAUSE_FRAMES);
      return {
        mostTicks,
        usualTicks: Math.min(usualBefore, ticks(LONGEST_PAUSE_US)),
        hidesHole: (sorted.at(-1) ?? 0) > mostTicks,
        clockWentBack:
          samples.length >= FRAMES_TO_JUDGE && durationTicks < samples.length * ticks(SHORTEST_FRAME_US),
      };
    },
  };
}
