import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GirokError } from '../lib/errors.ts';

/** Requests a minute. Thirteen players side by side fetch about 1,600. */
export const MOST_A_MINUTE = {
  /** Of one IP address (IPv6: of one /64), whoever asks. */
  address: 6000,
  /** Of one account, from wherever. */
  account: 4000,
  /** Refused requests of one account: each is an entry of the ledger, which nobody may fill. */
  refused: 60,
  /** Attempts to sign in from one address. */
  signIn: 60,
  /** Attempts for one name: enough for fingers, not for a list of words. */
  name: 10,
} as const;
export type Limit = keyof typeof MOST_A_MINUTE;

/** Counters of one kind are apart from those of any other; each holds at most so many keys. */
const MOST_KEYS = 10_000;
const MINUTE_MS = 60_000;

export interface Limits {
  /** Counts a request. @throws GirokError `too_many_requests` */
  count(limit: Limit, request: FastifyRequest, key?: string): Promise<void>;
}

/** How many requests there may be. Counted in this process: a restart begins anew, which nobody outside can cause. */
export async function useLimits(app: FastifyInstance): Promise<Limits> {
  await app.register(rateLimit, { global: false, cache: MOST_KEYS });
  const keys = new WeakMap<FastifyRequest, string>();
  const counters = Object.fromEntries(
    Object.entries(MOST_A_MINUTE).map(([limit, max]) => [
      limit,
      app.createRateLimit({
        max,
        timeWindow: MINUTE_MS,
        keyGenerator: (request) => keys.get(request) ?? networkOf(request.ip),
      }),
    ]),
  ) as Record<Limit, ReturnType<FastifyInstance['createRateLimit']>>;
  return {
    async count(limit, request, key) {
      if (key === undefined) keys.delete(request);
      else keys.set(request, key);
      const state = await counters[limit](request);
      if (!state.isAllowed && state.isExceeded)
        throw new GirokError('too_many_requests', { seconds: state.ttlInSeconds });
    },
  };
}

/** Whoever has one IPv6 address has its whole /64. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::', 2);
  const groups = head.split(':').filter(Boolean);
  const behind = (tail ?? '').split(':').filter(Boolean);
  const full =
    tail === undefined
      ? groups
      : [...groups, ...Array(8 - groups.length - behind.length).fill('0'), ...behind];
  return `${full.slice(0, 4).join(':')}::/64`;
}
