import { timingSafeEqual } from 'node:crypto';
import type { AccountRow } from '../db/site/account-rows.ts';
import { DAY_US, HOUR_US, isoFromUs, SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { MOST, NEEDS_FACTOR, ROLES, type Role } from './actions.ts';
import { suspensionOf } from './lapses.ts';
import { addAccount, grantUnasked, type Opening, personOf, refused, termOf } from './new-account.ts';
import { type AccessParts, nameOf } from './parts.ts';
import { passwordFault } from './password-rules.ts';
import { termsOf } from './right-terms.ts';
import { readableCode, readCode } from './secrets.ts';
import type { Sessions } from './sessions.ts';
import type { Attempt, SignInLimits } from './sign-in-limits.ts';

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

/** `by`: id of the account of whoever does it; that they may is the caller's to have asked. */
/** Until when a contract and a training last, µs UTC; null: no end is known. */
export interface Terms {
  readonly contractUntilUs: number | null;
  readonly trainingUntilUs: number | null;
}
const TERMS = ['contractUntilUs', 'trainingUntilUs'] as const;

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
  /** A person's own. Ends all sessions but this one. @throws GirokError `password_refused` {why}, `proof_refused`, `sign_in_locked` */
  changePassword(session: string, current: string, next: string): Promise<void>;
  /** A person's own, null for none; nothing that concerns anybody else, and so without an entry. @throws GirokError `account_unknown` */
  setLanguage(account: string, language: 'ko' | 'en' | null): void;
  /** @returns the code, for the machine's own screen. @throws GirokError `account_refused` while there is one */
  makeFirstCode(): string;
  /** Whether somebody could manage people: who is active and has a right to it. */
  hasAdministrator(): boolean;
  /**
   * Whoever types the code becomes the first administrator; of several exactly one.
   *
   * @throws GirokError `first_code_refused`, `password_refused`, `account_refused`
   */
  firstAdministrator(
    code: string,
    person: { login: string; name: string; password: string },
  ): Promise<string>;
}

export const HANDED_OUT_US = 3 * DAY_US;
const CODE_GOOD_US = 24 * HOUR_US;
const MOST_CODE_TRIES = 20;
/** About 79 bits: nobody guesses it, and nobody keeps it. */
const handedOut = () => readableCode(4, 4);

export function createAccounts(parts: AccessParts, sessions: Sessions, limits: SignInLimits): Accounts {
  const { ledger, clock, config, rows, secrets, passwords, site } = parts;
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
  /** Whoever could go on managing people if these accounts could not. */
  const managers = (but?: string): string[] => {
    const nowUs = clock.utcUs();
    return rows.rights
      .grantedToAnybody()
      .filter((row) => {
        const { actions, fromUs, untilUs } = termsOf(row);
        return (
          actions.includes('manage_people') && fromUs <= nowUs && (untilUs === undefined || nowUs < untilUs)
        );
      })
      .map(({ account }) => account)
      .filter((id) => {
        const account = rows.accounts.find(id);
        return id !== but && account?.state === 'active' && !suspensionOf(account, unusedUs, nowUs);
      });
  };
  const assertOther = (account: string, by: string) => {
    if (account === by) throw refused('own');
    if (managers().includes(account) && managers(account).length === 0) throw refused('last_administrator');
  };
  const passwordFaultOf = (password: string, login: string, name: string, hasFactor: boolean) =>
    passwordFault(
      password,
      config.password,
      { login, name, site: [site.id, ...Object.values(site.name)] },
      hasFactor,
    );
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
    setLanguage(id, language) {
      if (!rows.accounts.find(id)) throw new GirokError('account_unknown', { account: id });
      rows.accounts.change(id, { language });
    },
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
    async changePassword(session, current, next) {
      const row = rows.sessions.find(session);
      const account = row && rows.accounts.find(row.account);
      if (!row || !account?.login) throw new GirokError('proof_refused');
      const hasFactor =
        NEEDS_FACTOR.has(account.role as Role) ||
        rows.factors.of(account.id).some((one) => one.confirmed === 1);
      const why =
        current.normalize('NFKC') === next.normalize('NFKC')
          ? 'same'
          : passwordFaultOf(next, account.login, nameOf(parts, account), hasFactor);
      if (why) throw new GirokError('password_refused', { why });
      // Whoever sits at somebody else's session must not guess their password here either.
      const attempt: Attempt = { login: account.login, address: row.address, known: `session ${session}` };
      const shutUs = limits.shutUntil(attempt, clock.utcUs()) - clock.utcUs();
      if (shutUs > 0) throw new GirokError('sign_in_locked', { seconds: Math.ceil(shutUs / SECOND_US) });
      const done = limits.begin(attempt);
      const isRight = await passwords.verify(account.password ?? undefined, current).finally(done);
      if (!isRight) {
        ledger.write((tx) => {
          limits.failed(attempt, clock.utcUs());
          tx.append(
            {
              event: 'access.refused',
              facts: { account: account.id, why: 'password' },
              actor: actor(account.id),
            },
            { personal: { ip: row.address } },
          );
        });
        throw new GirokError('proof_refused');
      }
      const hash = await passwords.hash(next);
      ledger.write((tx) => {
        const now = find(account.id);
        if (now.password !== account.password || now.state !== 'active' || !rows.sessions.find(session))
          throw new GirokError('proof_refused');
        rows.accounts.change(account.id, { password: hash, passwordUntilUs: null, mustChange: 0 });
        rows.sessions.proven(session, clock.utcUs());
        rows.signIns.endCeremoniesOf(account.id);
        sessions.endAll(tx, account.id, undefined, session);
        tx.append(
          {
            event: 'access.password_changed',
            facts: { account: account.id },
            actor: actor(account.id),
          },
          { personal: { name: nameOf(parts, now) } },
        );
      });
    },
    makeFirstCode: () =>
      ledger.write((tx) => {
        if (managers().length > 0) throw refused('not_so');
        const code = readableCode(5, 4);
        rows.signIns.setFirstCode({
          hash: secrets.hash('first-code', readCode(code)),
          endsUs: clock.utcUs() + CODE_GOOD_US,
          tries: 0,
        });
        tx.append({ event: 'account.first_code', facts: {}, actor: 'process:cli' });
        return code;
      }),
    hasAdministrator: () => managers().length > 0,
    async firstAdministrator(code, typed) {
      const isRight = () => {
        const row = rows.signIns.firstCode();
        return (
          row !== undefined &&
          clock.utcUs() < row.endsUs &&
          row.tries < MOST_CODE_TRIES &&
          timingSafeEqual(row.hash, secrets.hash('first-code', readCode(code)))
        );
      };
      // Before anything costs anything, and before anything is told about passwords and names.
      if (!isRight()) {
        ledger.write(() => rows.signIns.triedFirstCode());
        throw new GirokError('first_code_refused');
      }
      const person = personOf(typed);
      const why = passwordFaultOf(typed.password, person.login, person.name, true);
      if (why) throw new GirokError('password_refused', { why });
      const password = await passwords.hash(typed.password);
      return ledger.write((tx) => {
        if (!isRight() || managers().length > 0) throw new GirokError('first_code_refused');
        const opening: Opening = { ...person, role: 'administrator', kind: 'staff' };
        const own = { password, passwordUntilUs: null, mustChange: 0 } as const;
        const id = addAccount(tx, parts, opening, own, 'process:web');
        grantUnasked(tx, parts, id, { actions: MOST.administrator, cameras: [] }, 'process:web');
        rows.signIns.endFirstCode();
        return id;
      });
    },
  };
}

/** As instants are told outside of this process. */
const msOf = (us: number | null) => (us === null ? null : Math.floor(us / 1000));
