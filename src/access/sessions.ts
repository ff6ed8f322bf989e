import { createNetworks } from '../config/networks.ts';
import type { AccountRow } from '../db/site/account-rows.ts';
import type { SessionRow } from '../db/site/session-rows.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Role } from './actions.ts';
import { endSessions, suspensionOf } from './lapses.ts';
import { type AccessParts, nameOf } from './parts.ts';
import type { Principal } from './policy.ts';
import { rightOf } from './right-terms.ts';
import { newToken, tokenHash } from './secrets.ts';

/** A session as its person and the server see it. Instants in µs UTC. Never its token. */
export interface SessionFacts {
  readonly id: string;
  readonly account: string;
  readonly login: string;
  /** Name of the person, as shown and as sealed beside entries. */
  readonly name: string;
  /** In which its person reads, where they have chosen one. */
  readonly language?: 'ko' | 'en';
  readonly principal: Principal;
}

export interface ListedSession {
  readonly id: string;
  readonly account: string;
  readonly sinceUs: number;
  readonly usedUs: number;
  readonly endsUs: number;
  readonly address: string;
  readonly outside: boolean;
  readonly factor?: NonNullable<SessionRow['factor']>;
}

export type SignOutCause = 'asked' | 'idle' | 'ended' | 'revoked';

export interface Sessions {
  /** Inside a transaction, whose caller enters the signing in. @returns the token, for the browser alone */
  open(
    tx: LedgerTransaction,
    opening: { account: AccountRow; address: string; factor: SessionRow['factor'] },
  ): { readonly token: string; readonly session: SessionRow };
  /**
   * Whose session it is, read afresh; counts as use unless `unasked`. One that has been idle for too long, or is at its
   * end, is ended here and entered. @throws the system's and SQLite's errors where that cannot be entered: then it is refused too
   */
  session(
    token: string,
    from: { readonly address: string; readonly unasked?: boolean },
  ): SessionFacts | undefined;
  /** As they are at this moment, without counting as use: for streams that go on. */
  principalOf(id: string): Principal | undefined;
  list(account?: string): ListedSession[];
  /** @param by id of the account of whoever does it */
  end(id: string, why: SignOutCause, by?: string): boolean;
  /** Inside a transaction: all of an account, but one. */
  endAll(tx: LedgerTransaction, account: string, by: string | undefined, but?: string): void;
  /** Ends what is over; to be called every minute. @returns how many */
  sweep(): number;
  networks: { isOutside(address: string): boolean; mayTry(address: string): boolean };
}

/** Use is written down no more often than this; what lies between is in memory, and lost with the process. */
const SAVED_EVERY_US = 30 * SECOND_US;
/** Of one account; the oldest goes. */
const MOST_SESSIONS = 10;
const LONGEST_TOKEN = 256;

export function createSessions(parts: AccessParts): Sessions {
  const { ledger, clock, config, rows } = parts;
  const own = createNetworks(config.networks);
  const allowed = createNetworks(config.allow);
  const idleUs = config.idleMinutes * MINUTE_US;
  const unusedUs = config.unusedDays * DAY_US;
  const used = new Map<string, { atUs: number; outside: boolean }>();
  const isOutside = (address: string) => !own.contains(address);

  const lastUseOf = ({ id, usedUs }: SessionRow) => Math.max(usedUs, used.get(id)?.atUs ?? 0);
  /** Why it is over; undefined while it stands. */
  const overFor = (row: SessionRow, nowUs: number): SignOutCause | undefined => {
    if (!(nowUs < row.endsUs)) return 'ended';
    // A clock that was set back makes nothing younger than it is.
    if (nowUs < row.createdUs - idleUs) return 'ended';
    return nowUs - lastUseOf(row) < idleUs ? undefined : 'idle';
  };
  const endIn = (tx: LedgerTransaction, row: SessionRow, why: SignOutCause, by?: string): boolean => {
    used.delete(row.id);
    if (!rows.sessions.remove(row.id)) return false;
    tx.append({
      event: 'access.signed_out',
      facts: { session: row.id, why },
      actor: `person:${by ?? row.account}`,
    });
    return true;
  };
  const principal = (row: SessionRow, account: AccountRow, outside: boolean, nowUs: number): Principal => ({
    account: account.id,
    role: account.role as Role,
    state:
      account.state === 'active' && suspensionOf(account, unusedUs, nowUs) !== undefined
        ? 'suspended'
        : account.state,
    rights: rows.rights.granted(account.id).map(rightOf),
    session: {
      endsUs: Math.min(row.endsUs, lastUseOf(row) + idleUs),
      factor: row.factor !== null,
      outside,
      mustChangePassword: account.mustChange === 1,
      provenUs: row.provenUs,
    },
  });

  return {
    open(tx, { account, address, factor }) {
      const nowUs = clock.utcUs();
      const standing = rows.sessions.of(account.id);
      for (const old of standing.slice(0, Math.max(0, standing.length - MOST_SESSIONS + 1)))
        endIn(tx, old, 'revoked');
      const { token, hash } = newToken();
      const session: SessionRow = {
        id: newId(nowUs),
        token: hash,
        account: account.id,
        createdUs: nowUs,
        usedUs: nowUs,
        endsUs: nowUs + config.sessionHours * HOUR_US,
        provenUs: nowUs,
        factor,
        address,
        outside: isOutside(address) ? 1 : 0,
      };
      rows.sessions.add(session);
      return { token, session };
    },
    session(token, { address, unasked = false }) {
      if (token.length === 0 || token.length > LONGEST_TOKEN) return undefined;
      const row = rows.sessions.byToken(tokenHash(token));
      if (!row) return undefined;
      const nowUs = clock.utcUs();
      const why = overFor(row, nowUs);
      const account = rows.accounts.find(row.account);
      if (why || !account) {
        ledger.write((tx) => endIn(tx, row, why ?? 'ended'));
        return undefined;
      }
      // From where it is used now, not from where it began.
      const outside = isOutside(address);
      if (!allowed.contains(address)) return undefined;
      if (!unasked && nowUs - row.usedUs >= SAVED_EVERY_US) rows.sessions.used(row.id, nowUs);
      used.set(row.id, { atUs: unasked ? lastUseOf(row) : nowUs, outside });
      return {
        id: row.id,
        account: account.id,
        login: account.login ?? '',
        name: nameOf(parts, account),
        ...(account.language !== null && { language: account.language }),
        principal: principal(row, account, outside, nowUs),
      };
    },
    principalOf(id) {
      const row = rows.sessions.find(id);
      const account = row && rows.accounts.find(row.account);
      const nowUs = clock.utcUs();
      if (!row || !account || overFor(row, nowUs)) return undefined;
      return principal(row, account, used.get(id)?.outside ?? row.outside === 1, nowUs);
    },
    list: (account) =>
      (account === undefined ? rows.accounts.list().map(({ id }) => id) : [account])
        .flatMap((id) => rows.sessions.of(id))
        .filter((row) => overFor(row, clock.utcUs()) === undefined)
        .map((row) => ({
          id: row.id,
          account: row.account,
          sinceUs: row.createdUs,
          usedUs: lastUseOf(row),
          endsUs: row.endsUs,
          address: row.address,
          outside: row.outside === 1,
          ...(row.factor !== null && { factor: row.factor }),
        })),
    end: (id, why, by) =>
      ledger.write((tx) => {
        const row = rows.sessions.find(id);
        return row !== undefined && endIn(tx, row, why, by);
      }),
    endAll: (tx, account, by, but) => endSessions(tx, rows.sessions, { account, by, but }),
    sweep() {
      const nowUs = clock.utcUs();
      const over = rows.sessions.over(nowUs - idleUs, nowUs).filter((row) => overFor(row, nowUs));
      if (over.length === 0) return 0;
      return ledger.write(
        (tx) => over.filter((row) => endIn(tx, row, overFor(row, nowUs) ?? 'ended')).length,
      );
    },
    networks: { isOutside, mayTry: (address) => allowed.contains(address) },
  };
}

/** @throws GirokError `proof_refused` unless somebody proved themselves in it within `withinUs` */
export function assertProven(
  { rows, clock }: Pick<AccessParts, 'rows' | 'clock'>,
  session: string,
  withinUs: number,
): SessionRow {
  const row = rows.sessions.find(session);
  if (!row || !(Math.abs(clock.utcUs() - row.provenUs) <= withinUs)) throw new GirokError('proof_refused');
  return row;
}
