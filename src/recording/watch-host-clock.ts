import { type Cancel, type Clock, isoFromUs } from '../lib/clock.ts';
import type { SpooledEvent } from '../stewardship/spool.ts';

const LOOK_MS = 1000;
/** As for the runs, which begin anew then: a clock that is slewed does not move so far in a second. */
const STEP_US = 250_000;

/** Tells each time that somebody sets the host's wall clock, how far, from when to when. */
export function watchHostClock(clock: Clock, tell: (event: SpooledEvent) => void): Cancel {
  let aheadUs = clock.utcUs() - clock.monoUs();
  return clock.every(LOOK_MS, () => {
    const [monoUs, toUs] = [clock.monoUs(), clock.utcUs()];
    const fromUs = monoUs + aheadUs;
    aheadUs = toUs - monoUs;
    if (Math.abs(toUs - fromUs) > STEP_US) tell(stepOf(fromUs, toUs));
  });
}

/** At the start: the clock is behind what the recorder before has seen. How far it was set cannot be known. */
export function stepBeforeStart(lastSeenUs: number, nowUs: number): SpooledEvent | undefined {
  if (lastSeenUs - nowUs <= STEP_US) return undefined;
  const { event, facts } = stepOf(lastSeenUs, nowUs);
  return { event, facts: { ...facts, atStart: true } };
}

/** To the millisecond that is shown, so that the three agree. */
const stepOf = (fromUs: number, toUs: number) => ({
  event: 'clock.stepped',
  facts: {
    from: isoFromUs(fromUs),
    to: isoFromUs(toUs),
    byMs: Math.floor(toUs / 1000) - Math.floor(fromUs / 1000),
  },
});
