import { SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { NEEDS_FACTOR, type Role } from './actions.ts';
import { type AccessParts, nameOf } from './parts.ts';
import { passwordFaultAt } from './password-rules.ts';
import type { Sessions } from './sessions.ts';
import type { Attempt, SignInLimits } from './sign-in-limits.ts';

/** What a person does with their own account, and needs no right for. */
export interface OwnAccount {
  /** Ends all sessions but this one. @throws GirokError `password_refused` {why}, `proof_refused`, `sign_in_locked` */
  changePassword(session: string, current: string, next: string): Promise<void>;
  /** Null for none; concerns nobody else, and so has no entry. @throws GirokError `account_unknown` */
  setLanguage(account: string, language: 'ko' | 'en' | null): void;
}

export function createOwnAccount(parts: AccessParts, sessions: Sessions, limits: SignInLimits): OwnAccount {
  const { ledger, clock, rows, passwords } = parts;
  return {
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
          : passwordFaultAt(parts, next, { login: account.login, name: nameOf(parts, account) }, hasFactor);
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
              actor: `person:${account.id}`,
            },
            { personal: { ip: row.address } },
          );
        });
        throw new GirokError('proof_refused');
      }
      const hash = await passwords.hash(next);
      ledger.write((tx) => {
        const now = rows.accounts.find(account.id);
        if (now?.password !== account.password || now?.state !== 'active' || !rows.sessions.find(session))
          throw new GirokError('proof_refused');
        rows.accounts.change(account.id, { password: hash, passwordUntilUs: null, mustChange: 0 });
        rows.sessions.proven(session, clock.utcUs());
        rows.signIns.endCeremoniesOf(account.id);
        sessions.endAll(tx, account.id, undefined, session);
        tx.append(
          {
            event: 'access.password_changed',
            facts: { account: account.id },
            actor: `person:${account.id}`,
          },
          { personal: { name: nameOf(parts, now) } },
        );
      });
    },
    setLanguage(id, language) {
      if (!rows.accounts.find(id)) throw new GirokError('account_unknown', { account: id });
      rows.accounts.change(id, { language });
    },
  };
}
