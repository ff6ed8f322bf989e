import { type Cancel, type Clock, SECOND_US } from '../lib/clock.ts';

/** Whether this process was late lately: then what cameras left out is our own doing. */
export interface Lateness {
  lately(): boolean;
  stop: Cancel;
}

const LOOK_MS = 100;
const LATE_US = 0.6 * SECOND_US;
const LATELY_US = 10 * SECOND_US;

export function watchLateness(clock: Clock): Lateness {
  let lookedMonoUs = clock.monoUs();
  let lateMonoUs: number | undefined;
  const look = () => {
    const nowUs = clock.monoUs();
    if (nowUs - lookedMonoUs > LATE_US) lateMonoUs = nowUs;
    lookedMonoUs = nowUs;
  };
  return {
    lately() {
      // After a standstill the sockets are read before the timers run.
      look();
      return lateMonoUs !== undefined && clock.monoUs() - lateMonoUs < LATELY_US;
    },
    stop: clock.every(LOOK_MS, look),
  };
}
