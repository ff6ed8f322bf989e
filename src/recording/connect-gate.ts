import { type Clock, SECOND_US, sleep } from '../lib/clock.ts';

/**
 * Spaces out connection attempts of all cameras together, so that a returning network is not met by all of
 * them at once. First come, first served.
 */
export interface ConnectGate {
  /** Resolves when this caller may connect; rejects when `signal` is aborted while it waits. */
  pass(signal: AbortSignal): Promise<void>;
}

export function createConnectGate(deps: { clock: Clock; perSecond: number }): ConnectGate {
  const spacingUs = SECOND_US / deps.perSecond;
  let nextFreeUs = 0;
  return {
    async pass(signal) {
      const nowUs = deps.clock.monoUs();
      const turnUs = Math.max(nowUs, nextFreeUs);
      nextFreeUs = turnUs + spacingUs;
      if (turnUs > nowUs) await sleep(deps.clock, (turnUs - nowUs) / 1000, signal);
    },
  };
}
