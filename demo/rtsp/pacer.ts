import type { Cancel, Clock } from '../../src/lib/clock.ts';
import type { CameraStream } from './stream.ts';

/** Finer than a frame (67 ms), coarse enough to cost nothing. */
const TICK_MS = 5;

/** Drives all streams of the site from one timer. A late timer sends what it missed; no frame is skipped. */
export function startPacer(clock: Clock, streams: readonly CameraStream[]): Cancel {
  return clock.every(TICK_MS, () => {
    const now = clock.monoUs();
    for (const stream of streams) stream.tick(now);
  });
}
