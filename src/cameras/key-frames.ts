/** One coded picture as the demuxer saw it. */
export interface SeenFrame {
  readonly atSeconds: number;
  readonly bytes: number;
  readonly key: boolean;
}

export interface StreamShape {
  readonly frames: number;
  readonly fps?: number;
  readonly bitsPerSecond?: number;
  /** Seconds from each key frame to the next. */
  readonly keyFrameSeconds: readonly number[];
  readonly warnings: readonly StreamWarning[];
}

export type StreamWarning = 'dynamic_gop' | 'key_frames_far_apart' | 'no_key_frame';

/** Above this, seeking is coarse, starting is slow, and an export contains more than was asked for. */
const KEY_FRAME_LIMIT_SECONDS = 2;

/** What a few seconds of a stream tell about how it is coded. */
export function shapeOf(frames: readonly SeenFrame[]): StreamShape {
  const times = frames.map(({ atSeconds }) => atSeconds).filter(Number.isFinite);
  const spanSeconds = times.length < 2 ? 0 : Math.max(...times) - Math.min(...times);
  const keys = frames.filter(({ key }) => key).map(({ atSeconds }) => atSeconds);
  const keyFrameSeconds = keys.slice(1).map((at, index) => at - (keys[index] ?? at));
  const longest = Math.max(0, ...keyFrameSeconds);
  const shortest = Math.min(longest, ...keyFrameSeconds);
  // The stretch before the first and after the last key frame is part of a longer interval.
  const openSeconds = Math.max((keys[0] ?? 0) - Math.min(...times), Math.max(...times) - (keys.at(-1) ?? 0));
  const frameSeconds = times.length < 2 ? 0 : spanSeconds / (times.length - 1);
  const far = Math.max(longest, keys.length > 0 ? openSeconds : 0) > KEY_FRAME_LIMIT_SECONDS + frameSeconds;
  const warnings: StreamWarning[] = [
    ...(keys.length === 0 ? (['no_key_frame'] as const) : []),
    ...(far ? (['key_frames_far_apart'] as const) : []),
    // One frame of jitter is no smart codec.
    ...(longest - shortest > Math.max(2 * frameSeconds, 0.2 * shortest) ? (['dynamic_gop'] as const) : []),
  ];
  const bytes = frames.reduce((sum, frame) => sum + frame.bytes, 0);
  return {
    frames: frames.length,
    ...(spanSeconds > 0
      ? { fps: (times.length - 1) / spanSeconds, bitsPerSecond: Math.round((bytes * 8) / spanSeconds) }
      : {}),
    keyFrameSeconds,
    warnings,
  };
}
