import type { FailureRow, SignInRows } from '../db/site/sign-in-rows.ts';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../lib/clock.ts';
import type { AccessSecrets } from './secrets.ts';

/** Beyond so many failures from strangers in a row an account is tried slowly, whoever tries. */
const SLOW_AFTER = 20;
const SLOW_US = 30 * SECOND_US;
/** NIST SP 800-63B-4 §3.2.2: no more than 100 in a row; beyond, once an hour, so that nobody is shut out for good. */
const HARD_AFTER = 100;
const HARD_US = HOUR_US;
/** One address may belong to many people: behind it there may be a whole house. */
const ADDRESS_AFTER = 50;
const ADDRESS_US = 5 * MINUTE_US;
const SHUT_FIRST_US = MINUTE_US;
const SHUT_MOST_US = 15 * MINUTE_US;
/** Failures of so long ago count no more. */
export const FORGOTTEN_US = DAY_US;
const MOST_KEYS = 50_000;

/** Whoever tries, as far as can be told before anything is known about them. */
export interface Attempt {
  readonly login: string;
  readonly address: string;
  /** From this device, or address, its account has signed in before; named by that. */
  readonly known?: string | undefined;
}

/**
 * Failures are counted for a login and the place it is tried from, for a login, and for an address. Whoever tries from
 * a place from which the account has signed in before is held up only by what failed in that place: nobody shuts
 * anybody else out. A login that there is not counts as any other.
 */
export interface SignInLimits {
  /** Until when it is shut, µs UTC; 0 when it is not. */
  shutUntil(attempt: Attempt, nowUs: number): number;
  /** Counts an attempt before its outcome is known, so that many at once are no way around; call what it returns. */
  begin(attempt: Attempt): () => void;
  /** Inside a transaction. @returns failures in a row at this place, and whether that has shut it just now */
  failed(attempt: Attempt, nowUs: number): { readonly failures: number; readonly shut: boolean };
  /** Inside a transaction. */
  succeeded(attempt: Attempt): void;
  /** Inside a transaction: whatever was counted for a login. */
  forget(login: string): void;
}

export function createSignInLimits(deps: {
  rows: SignInRows;
  secrets: Pick<AccessSecrets, 'hash'>;
  lockAfter: number;
}): SignInLimits {
  const { rows, secrets, lockAfter } = deps;
  const keysOf = ({ login, address, known }: Attempt) => ({
    place: secrets.hash('failure-place', `${login}\0${known ?? `from ${address}`}`),
    login: secrets.hash('failure-login', login),
    address: secrets.hash('failure-address', address),
  });
  /** Attempts of which the outcome is not known yet, by key. */
  const trying = new Map<string, number>();
  const read = (key: Buffer, nowUs: number): FailureRow | undefined => {
    const row = rows.failure(key);
    // Also what a clock that was ahead has left behind.
    return row && Math.abs(nowUs - row.lastUs) < FORGOTTEN_US ? row : undefined;
  };
  const add = (key: Buffer, nowUs: number, shutFor: (count: number) => number): FailureRow => {
    const count = (read(key, nowUs)?.count ?? 0) + 1;
    const forUs = shutFor(count);
    const row = { count, lastUs: nowUs, shutUntilUs: forUs === 0 ? 0 : nowUs + forUs };
    rows.setFailure(key, row, MOST_KEYS);
    return row;
  };
  const shutPlace = (count: number) =>
    count < lockAfter ? 0 : Math.min(SHUT_MOST_US, SHUT_FIRST_US * 2 ** Math.floor(count - lockAfter));
  const shutLogin = (count: number) => (count >= HARD_AFTER ? HARD_US : count >= SLOW_AFTER ? SLOW_US : 0);
  const shutAddress = (count: number) => (count > 0 && count % ADDRESS_AFTER === 0 ? ADDRESS_US : 0);
  return {
    shutUntil(attempt, nowUs) {
      const keys = keysOf(attempt);
      const place = read(keys.place, nowUs);
      const underWay = trying.get(keys.place.toString('hex')) ?? 0;
      const others = attempt.known === undefined ? [keys.login, keys.address] : [];
      const until = [place, ...others.map((key) => read(key, nowUs))]
        .map((row) => row?.shutUntilUs ?? 0)
        .reduce((a, b) => Math.max(a, b), 0);
      if (until > nowUs) return until;
      if (underWay > 0 && (place?.count ?? 0) + underWay >= lockAfter) return nowUs + SECOND_US;
      const login = trying.get(keys.login.toString('hex')) ?? 0;
      const slow = attempt.known === undefined && login > 0;
      return slow && (read(keys.login, nowUs)?.count ?? 0) + login >= SLOW_AFTER ? nowUs + SECOND_US : 0;
    },
    begin(attempt) {
      const { place, login } = keysOf(attempt);
      const names = [place, login].map((key) => key.toString('hex'));
      for (const name of names) trying.set(name, (trying.get(name) ?? 0) + 1);
      return () => {
        for (const name of names) {
          const left = (trying.get(name) ?? 1) - 1;
          if (left === 0) trying.delete(name);
          else trying.set(name, left);
        }
      };
    },
    failed(attempt, nowUs) {
      const keys = keysOf(attempt);
      const place = add(keys.place, nowUs, shutPlace);
      // What fails in a place that is known says nothing about strangers.
      if (attempt.known === undefined) {
        add(keys.login, nowUs, shutLogin);
        add(keys.address, nowUs, shutAddress);
      }
      return { failures: place.count, shut: place.shutUntilUs > 0 };
    },
    succeeded(attempt) {
      const keys = keysOf(attempt);
      rows.forgetFailure(keys.place);
      rows.forgetFailure(keys.login);
    },
    forget: (login) => rows.forgetFailure(secrets.hash('failure-login', login)),
  };
}
