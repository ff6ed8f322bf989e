import { SECOND_US } from '../lib/clock.ts';

/** Where a fragment lies in time. */
export interface Placement {
  /** Wall clock of its first frame, µs UTC. */
  readonly wallUs: number;
  readonly durationUs: number;
  /** How far the host's clock is from the placement: the best estimate of "now" minus what we wrote. */
  readonly hostMinusWallUs: number;
}

/** What a fragment says about its own time and when it came. */
export interface Arrival {
  readonly mediaStart: number;
  readonly durationTicks: number;
  readonly timescale: number;
  readonly receivedWallUs: number;
}

/** Wall time follows the host at most this fast: half a millisecond per second. */
const SLEW = 500 / 1_000_000;
/** The estimate is the least delayed fragment of this stretch: a network delays, it never hurries. */
const WINDOW_US = 60 * SECOND_US;

/**
 * Ties one run's media time to the wall clock. Durations come from the stream; the host's clock is taken once,
 * at the start, then followed slowly, so that network jitter never becomes picture time and a drifting camera
 * never leaves the site's clock. Media is never dropped or stretched for it; the difference is stored instead.
 *
 * @param opening the fragments of the first moments; a camera that sends its buffer first is thus not placed late
 */
export function createRunClock(opening: readonly Arrival[]): { place(arrival: Arrival): Placement } {
  const first = opening[0];
  if (!first) throw new RangeError('a run begins with a fragment');
  const mediaUs = (ticks: number, timescale: number) => (ticks * SECOND_US) / timescale;
  const originUs = mediaUs(first.mediaStart, first.timescale);
  /** Wall time of the run's first frame, if this fragment had come without delay. */
  const estimate = (a: Arrival) =>
    a.receivedWallUs - (mediaUs(a.mediaStart + a.durationTicks, a.timescale) - originUs);

  let anchorUs = Math.min(...opening.map(estimate));
  // The least estimate per sixth of the window: memory stays flat, old estimates fall out.
  const slots: { untilUs: number; leastUs: number }[] = [];
  const leastOf = (mediaPositionUs: number, candidateUs: number): number => {
    const last = slots.at(-1);
    if (last && mediaPositionUs < last.untilUs) last.leastUs = Math.min(last.leastUs, candidateUs);
    else slots.push({ untilUs: mediaPositionUs + WINDOW_US / 6, leastUs: candidateUs });
    if (slots.length > 6) slots.shift();
    return Math.min(...slots.map((slot) => slot.leastUs));
  };

  return {
    place(arrival) {
      const elapsedUs = mediaUs(arrival.mediaStart, arrival.timescale) - originUs;
      const durationUs = mediaUs(arrival.durationTicks, arrival.timescale);
      const hostUs = leastOf(elapsedUs, estimate(arrival));
      const mostUs = durationUs * SLEW;
      anchorUs += Math.max(-mostUs, Math.min(mostUs, hostUs - anchorUs));
      return {
        wallUs: Math.round(anchorUs + elapsedUs),
        durationUs: Math.round(durationUs),
        hostMinusWallUs: Math.round(hostUs - anchorUs),
      };
    },
  };
}
