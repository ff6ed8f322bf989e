/** Frames and bytes per second over the last seconds, from counters that only grow. */
export interface RateMeter {
  sample(monoUs: number, frames: number, bytes: number): void;
  readonly fps: number;
  readonly bitsPerSecond: number;
}

const WINDOW_SAMPLES = 10;

export function createRateMeter(): RateMeter {
  const samples: { monoUs: number; frames: number; bytes: number }[] = [];
  const perSecond = (of: 'frames' | 'bytes') => {
    const first = samples[0];
    const last = samples.at(-1);
    if (!first || !last || last.monoUs === first.monoUs) return 0;
    return ((last[of] - first[of]) * 1_000_000) / (last.monoUs - first.monoUs);
  };
  return {
    sample(monoUs, frames, bytes) {
      samples.push({ monoUs, frames, bytes });
      if (samples.length > WINDOW_SAMPLES) samples.shift();
    },
    get fps() {
      return Math.round(perSecond('frames') * 10) / 10;
    },
    get bitsPerSecond() {
      return Math.round(perSecond('bytes') * 8);
    },
  };
}
