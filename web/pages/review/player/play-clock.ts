/** The one clock of all cameras. Footage's own time: µs UTC; `steadyMs`: time that only goes on. */
export interface PlayClock {
  readonly isPlaying: boolean;
  readonly speed: Speed;
  /** Where it was when `steadyMs` was `sinceMs`. */
  readonly atUs: number;
  readonly sinceMs: number;
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** From here on key frames alone are shown: more could neither be decoded nor seen. */
export const KEY_PICTURES_FROM: Speed = 8;

export const startAt = (atUs: number, steadyMs: number): PlayClock => ({
  isPlaying: false,
  speed: 1,
  atUs,
  sinceMs: steadyMs,
});

export const positionOf = ({ isPlaying, speed, atUs, sinceMs }: PlayClock, steadyMs: number): number =>
  isPlaying ? atUs + Math.max(0, steadyMs - sinceMs) * 1000 * speed : atUs;

/** Goes on from where it is with what is changed. */
export const changed = (
  clock: PlayClock,
  steadyMs: number,
  change: Partial<Pick<PlayClock, 'isPlaying' | 'speed' | 'atUs'>>,
): PlayClock => ({ ...clock, atUs: positionOf(clock, steadyMs), ...change, sinceMs: steadyMs });

/** @param by steps on the list of speeds; at its ends it stays */
export function otherSpeed(speed: Speed, by: number): Speed {
  const at = SPEEDS.indexOf(speed) + by;
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))] ?? speed;
}

/** Within what was granted; the very end shows nothing, the last picture before it does. */
export const within = (atUs: number, { fromUs, toUs }: { fromUs: number; toUs: number }): number =>
  Math.min(Math.max(atUs, fromUs), Math.max(fromUs, toUs - 1000));
