import type { Cancel, Clock } from '../lib/clock.ts';
import type { RtspReply } from './message.ts';

export type KeepAliveMethod = 'GET_PARAMETER' | 'OPTIONS' | 'SET_PARAMETER';

export interface KeepAliveDeps {
  readonly clock: Clock;
  ask(method: KeepAliveMethod, waitMs: number, answered: (reply: RtspReply | undefined) => void): void;
  /** The camera no longer knows the session. */
  expired(): void;
}

const MOST_WAIT_MS = 5000;
const [MIN_PERIOD_S, MAX_PERIOD_S] = [5, 120];

/** What the camera announced in `Public`; SET_PARAMETER makes some servers hang up, so it comes last. */
export function keepAliveMethod(publicMethods: readonly string[]): KeepAliveMethod {
  const announced = publicMethods.flatMap((list) => list.toUpperCase().split(/[\s,]+/));
  if (announced.includes('GET_PARAMETER')) return 'GET_PARAMETER';
  return announced.includes('SET_PARAMETER') && !announced.includes('OPTIONS') ? 'SET_PARAMETER' : 'OPTIONS';
}

/**
 * Tells the camera at half of its session timeout that somebody still listens. A method that it refuses or does
 * not answer gives way to OPTIONS at once: it may not have counted, and the next turn would come too late. What it
 * thinks of OPTIONS does not matter as long as pictures come.
 */
export function startKeepAlive(
  timeoutS: number,
  preferred: KeepAliveMethod,
  { clock, ask, expired }: KeepAliveDeps,
): Cancel {
  let method = preferred;
  const periodS = Math.min(Math.max(timeoutS / 2, MIN_PERIOD_S), MAX_PERIOD_S);
  const waitMs = Math.min(MOST_WAIT_MS, (periodS * 1000) / 2);
  const tell = () => {
    const asked = method;
    ask(asked, waitMs, (reply) => {
      if (reply?.status === 454) return expired();
      if ((reply && reply.status < 300) || asked === 'OPTIONS') return;
      method = 'OPTIONS';
      tell();
    });
  };
  return clock.every(periodS * 1000, tell);
}
