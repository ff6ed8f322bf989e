/**
 * How much moves in a picture, told from the sizes of its coded frames alone: a camera's encoder spends bytes
 * on what changed. What a quiet picture costs differs by camera, setting, light and noise, so each stream is
 * measured against its own quiet level, on a logarithmic scale. Nothing is decoded.
 */
export interface ActivityState {
  /** log2 of the bytes per second that this stream's predicted frames cost when nothing moves. */
  readonly quiet: number;
  /** How far a quiet picture strays from that, in octaves. */
  readonly noise: number;
  /** The last measurements in octaves, oldest first: at most {@link PLATEAU_GOPS}. */
  readonly recent: readonly number[];
}

export interface GopSizes {
  /** Coded sizes in order; key frames are left out of the measure, since they cost the whole picture. */
  readonly samples: readonly { readonly bytes: number; readonly keyFrame: boolean }[];
  readonly durationUs: number;
}

export interface ActivityReading {
  /** 0: nothing stands out … 255: four octaves (16 times the bytes) above the quiet level, or more. */
  readonly activity: number;
  /** To be handed to the stream's next GOP. */
  readonly state: ActivityState;
}

const FULL_SCALE_OCTAVES = 4;
/** Below this nothing stands out, even in a picture without noise. */
const LEAST_MARGIN = 0.25;
const NOISE_MARGINS = 4;
/** A level is followed down within seconds and up within the half hour: quiet is the least, not the mean. */
const FALL_PER_S = 0.25;
const RISE_PER_S = 1 / 600;
const NOISE_PER_S = 1 / 60;
const MOST_NOISE = 1;
/**
 * So many GOPs in a row this close together (octaves, without the outermost tenth) are a new quiet level: a
 * bit rate or an exposure was changed, the lamp went off. Whatever moves does not keep so still.
 */
export const PLATEAU_GOPS = 45;
const PLATEAU_SPREAD = 0.5;

/** @param state undefined: the stream's first GOP */
export function nextActivity(state: ActivityState | undefined, gop: GopSizes): ActivityReading {
  const level = levelOf(gop);
  if (level === undefined) {
    return { activity: 0, state: state ?? { quiet: Number.NaN, noise: 0, recent: [] } };
  }
  if (!state || Number.isNaN(state.quiet)) {
    return { activity: 0, state: { quiet: level, noise: 0, recent: [level] } };
  }
  const seconds = Math.min(gop.durationUs / 1_000_000, 10);
  const recent = [...state.recent, level].slice(-PLATEAU_GOPS);
  const plateau = plateauOf(recent);
  const above = level - state.quiet;
  const margin = Math.max(LEAST_MARGIN, NOISE_MARGINS * state.noise);
  const moving = above > margin && plateau === undefined;
  const activity = moving
    ? Math.min(255, Math.max(1, Math.round((255 * (above - margin)) / (FULL_SCALE_OCTAVES - margin))))
    : 0;
  return {
    activity,
    state: {
      quiet: plateau ?? follow(state.quiet, level, seconds, moving),
      noise: moving
        ? state.noise
        : towards(
            state.noise,
            Math.min(Math.abs(level - (plateau ?? state.quiet)), MOST_NOISE),
            NOISE_PER_S * seconds,
          ),
      recent,
    },
  };
}

/** log2 of the predicted frames' bytes per second; undefined: none to measure. */
function levelOf({ samples, durationUs }: GopSizes): number | undefined {
  let bytes = 0;
  let frames = 0;
  for (const sample of samples) {
    if (sample.keyFrame) continue;
    bytes += sample.bytes;
    frames += 1;
  }
  if (frames === 0 || durationUs <= 0) return undefined;
  // The key frame's own time carries no predicted bytes: without this a GOP of two frames would look quieter.
  const predictedUs = (durationUs * frames) / samples.length;
  return Math.log2(Math.max(1, (bytes * 1_000_000) / predictedUs));
}

function follow(quiet: number, level: number, seconds: number, moving: boolean): number {
  if (level <= quiet) return towards(quiet, level, FALL_PER_S * seconds);
  if (moving) return Math.min(level, quiet + RISE_PER_S * seconds);
  return towards(quiet, level, (FALL_PER_S / 8) * seconds);
}

const towards = (from: number, to: number, share: number) => from + (to - from) * Math.min(1, share);

/** The middle of a steady stretch; undefined while something moves or too little was seen. */
function plateauOf(recent: readonly number[]): number | undefined {
  if (recent.length < PLATEAU_GOPS) return undefined;
  const sorted = [...recent].sort((a, b) => a - b);
  const outermost = Math.floor(PLATEAU_GOPS / 10);
  const spread = sorted[PLATEAU_GOPS - 1 - outermost]! - sorted[outermost]!;
  const middle = sorted[PLATEAU_GOPS >> 1]!;
  // The newest must belong to it: what has just begun to move is an outlier of the quiet minute before.
  const belongs = Math.abs(recent.at(-1)! - middle) <= PLATEAU_SPREAD;
  return spread <= PLATEAU_SPREAD && belongs ? middle : undefined;
}

/** The activity of one stream, GOP after GOP. Keep it across runs: it has learnt what quiet costs there. */
export interface ActivityMeter {
  /** @returns 0 … 255, see {@link ActivityReading} */
  measure(samples: GopSizes['samples'], durationUs: number): number;
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
