import type { AccountRow } from '../db/site/account-rows.ts';
import { DAY_US, isoFromUs } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { ROLES, type Role } from './actions.ts';
import { suspensionOf } from './lapses.ts';
import { managersOf } from './managers.ts';
import { addAccount, type Opening, personOf, refused, termOf } from './new-account.ts';
import { type AccessParts, nameOf } from './parts.ts';
import { readableCode } from './secrets.ts';
import type { Sessions } from './sessions.ts';
import type { SignInLimits } from './sign-in-limits.ts';

/** An account as it is shown to whoever manages people. Instants in µs UTC. */
export interface Account {
  readonly id: string;
  /** Empty of a closed one. */
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly kind: 'staff' | 'trustee';
  readonly state: AccountRow['state'];
  readonly suspendedFor?: string;
  readonly contractUntilUs?: number;
  readonly trainingUntilUs?: number;
  readonly createdUs: number;
  readonly usedUs?: number;
  readonly mustChangePassword: boolean;
}

/** Until when a contract and a training last, µs UTC; null: no end is known. */
export interface Terms {
  readonly contractUntilUs: number | null;
  readonly trainingUntilUs: number | null;
}
const TERMS = ['contractUntilUs', 'trainingUntilUs'] as const;

/** `by`: id of the account of whoever does it; that they may is the caller's to have asked. */
export interface Accounts {
  list(): Account[];
  find(id: string): Account | undefined;
  /**
   * A new account, without any right.
   *
   * @returns the password to begin with, shown this once, good for {@link HANDED_OUT_US}, to be changed at once
   * @throws GirokError `account_refused` {why}
   */
  open(opening: Opening, by: string): Promise<{ readonly account: string; readonly password: string }>;
  /** Ends its sessions and rights, and forgets whose it was. @throws GirokError `account_unknown`, `account_refused` */
  close(account: string, by: string): void;
  suspend(account: string, by: string): void;
  restore(account: string, by: string): void;
  /**
   * @param terms undefined leaves it, null takes it away
   * @param seen what whoever changes it has before them, to the millisecond; unless told, whatever stands there
   * @throws GirokError `account_refused` {why: `changed`} where somebody else was first
   */
  setTerms(account: string, terms: Partial<Terms>, by: string, seen?: Terms): void;
  /** A new password to begin with, as at the opening; its sessions end. */
  resetPassword(account: string, by: string): Promise<string>;
  /** Takes all its second factors away, as after a lost telephone; its sessions end. */
  resetFactors(account: string, by: string): void;
  /** Failures that were counted for its login are forgotten. */
  unlock(account: string, by: string): void;
}

export const HANDED_OUT_US = 3 * DAY_US;
/** About 79 bits: nobody guesses it, and nobody keeps it. */
const handedOut = () => readableCode(4, 4);

export function createAccounts(parts: AccessParts, sessions: Sessions, limits: SignInLimits): Accounts {
  const { ledger, clock, config, rows, passwords } = parts;
  const unusedUs = config.unusedDays * DAY_US;

  const shown = (row: AccountRow): Account => {
    const why = suspensionOf(row, unusedUs, clock.utcUs());
    return {
      id: row.id,
      login: row.login ?? '',
      name: nameOf(parts, row),
      role: row.role as Role,
      kind: row.kind,
      state: row.state === 'active' && why !== undefined ? 'suspended' : row.state,
      ...(why !== undefined && { suspendedFor: why }),
      ...(row.contractUntilUs !== null && { contractUntilUs: row.contractUntilUs }),
      ...(row.trainingUntilUs !== null && { trainingUntilUs: row.trainingUntilUs }),
      createdUs: row.createdUs,
      ...(row.usedUs !== null && { usedUs: row.usedUs }),
      mustChangePassword: row.mustChange === 1,
    };
  };
  const find = (id: string): AccountRow => {
    const row = rows.accounts.find(id);
    if (!row) throw new GirokError('account_unknown', { account: id });
    return row;
  };
  const actor = (by: string) => `person:${by}` as const;
  const assertOther = (account: string, by: string) => {
    if (account === by) throw refused('own');
    if (managersOf(parts).includes(account) && managersOf(parts, account).length === 0)
      throw refused('last_administrator');
  };
  return {
    list: () => rows.accounts.list().map(shown),
    find(id) {
      const row = rows.accounts.find(id);
      return row && shown(row);
    },
    async open(opening, by) {
      const person = personOf(opening);
      if (opening.role === 'kiosk' || !ROLES.includes(opening.role)) throw refused('role_bad');
      if ((opening.kind === 'trustee') !== (opening.contractUntilUs !== undefined))
        throw refused('contract_missing');
      const password = handedOut();
      const hash = await passwords.hash(password);
      return ledger.write((tx) => {
        const given = {
          password: hash,
          passwordUntilUs: clock.utcUs() + HANDED_OUT_US,
          mustChange: 1,
        } as const;
        return { account: addAccount(tx, parts, { ...opening, ...person }, given, actor(by)), password };
      });
    },
    close: (id, by) =>
      ledger.write((tx) => {
        const account = find(id);
        if (account.state === 'closed') throw refused('not_so');
        assertOther(id, by);
        for (const right of rows.rights.list()) {
          if (right.account !== id) continue;
          if (right.state === 'requested') {
            rows.rights.set({ ...right, state: 'refused', decidedUs: clock.utcUs() });
            tx.append({ event: 'right.refused', facts: { right: right.id, account: id }, actor: actor(by) });
          }
          if (right.state !== 'granted') continue;
          rows.rights.set({ ...right, state: 'revoked', proposal: null, decidedUs: clock.utcUs() });
          tx.append({ event: 'right.revoked', facts: { right: right.id, account: id }, actor: actor(by) });
        }
        sessions.endAll(tx, id, by);
        rows.signIns.endCeremoniesOf(id);
        rows.signIns.forgetKnownOf(id);
        rows.factors.removeAllOf(id);
        tx.append(
          { event: 'account.closed', facts: { account: id }, actor: actor(by) },
          { personal: { name: nameOf(parts, account) } },
        );
        rows.accounts.change(id, {
          state: 'closed',
          suspendedFor: null,
          login: null,
          name: null,
          password: null,
          passwordUntilUs: null,
        });
      }),
    suspend: (id, by) =>
      ledger.write((tx) => {
        const account = find(id);
        if (account.state !== 'active') throw refused('not_so');
        assertOther(id, by);
        rows.accounts.change(id, { state: 'suspended', suspendedFor: 'officer', factorFailures: 0 });
        rows.signIns.endCeremoniesOf(id);
        tx.append(
          { event: 'right.suspended', facts: { account: id, why: 'officer' }, actor: actor(by) },
          { personal: { name: nameOf(parts, account) } },
        );
        sessions.endAll(tx, id, by);
      }),
    restore: (id, by) =>
      ledger.write((tx) => {
        const account = find(id);
        const nowUs = clock.utcUs();
        if (id === by) throw refused('own');
        if (account.state === 'closed' || !suspensionOf(account, unusedUs, nowUs)) throw refused('not_so');
        const restored = { ...account, state: 'active' as const, suspendedFor: null, restoredUs: nowUs };
        if (suspensionOf(restored, unusedUs, nowUs)) throw refused('cause_stands');
        rows.accounts.change(id, {
          state: 'active',
          suspendedFor: null,
          restoredUs: nowUs,
          factorFailures: 0,
        });
        tx.append(
          { event: 'right.restored', facts: { account: id }, actor: actor(by) },
          { personal: { name: nameOf(parts, account) } },
        );
      }),
    setTerms: (id, { contractUntilUs, trainingUntilUs }, by, seen) =>
      ledger.write((tx) => {
        const account = find(id);
        if (account.state === 'closed') throw refused('not_so');
        if (id === by) throw refused('own');
        if (seen && TERMS.some((term) => msOf(seen[term]) !== msOf(account[term]))) throw refused('changed');
        const contract =
          contractUntilUs === undefined ? account.contractUntilUs : termOf(contractUntilUs, clock.utcUs());
        const training =
          trainingUntilUs === undefined ? account.trainingUntilUs : termOf(trainingUntilUs, clock.utcUs());
        if (account.kind === 'trustee' && contract === null) throw refused('contract_missing');
        rows.accounts.change(id, { contractUntilUs: contract, trainingUntilUs: training });
        tx.append({
          event: 'account.changed',
          facts: {
            account: id,
            change: 'terms',
            ...(contract !== null && { contractUntil: isoFromUs(contract) }),
            ...(training !== null && { trainingUntil: isoFromUs(training) }),
          },
          actor: actor(by),
        });
      }),
    async resetPassword(id, by) {
      const password = handedOut();
      const hash = await passwords.hash(password);
      ledger.write((tx) => {
        const account = find(id);
        if (account.state === 'closed') throw refused('not_so');
        if (id === by) throw refused('own');
        rows.accounts.change(id, {
          password: hash,
          passwordUntilUs: clock.utcUs() + HANDED_OUT_US,
          mustChange: 1,
        });
        rows.signIns.endCeremoniesOf(id);
        sessions.endAll(tx, id, by);
        tx.append({
          event: 'account.changed',
          facts: { account: id, change: 'password_reset' },
          actor: actor(by),
        });
      });
      return password;
    },
    resetFactors: (id, by) =>
      ledger.write((tx) => {
        const account = find(id);
        if (account.state === 'closed') throw refused('not_so');
        if (id === by) throw refused('own');
        rows.factors.removeAllOf(id);
        rows.accounts.change(id, { mustChange: 1, factorFailures: 0 });
        rows.signIns.endCeremoniesOf(id);
        rows.signIns.forgetKnownOf(id);
        sessions.endAll(tx, id, by);
        tx.append({
          event: 'account.changed',
          facts: { account: id, change: 'factors_reset' },
          actor: actor(by),
        });
      }),
    unlock: (id, by) =>
      ledger.write((tx) => {
        const { login } = find(id);
        if (login === null) throw refused('not_so');
        limits.forget(login);
        tx.append({ event: 'access.unlocked', facts: { account: id }, actor: actor(by) });
      }),
  };
}

/** As instants are told outside of this process. */
const msOf = (us: number | null) => (us === null ? null : Math.floor(us / 1000));
