import { GirokError } from '../lib/errors.ts';
import { ACTIONS, MOST, OF_CAMERAS, type Role } from './actions.ts';
import { addAccount, grantUnasked } from './new-account.ts';
import type { AccessParts } from './parts.ts';
import { readableCode } from './secrets.ts';

export interface DemoAccount {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Shown this once. */
  readonly password: string;
}

/** One person of each role, with the most that it can be given. */
const PEOPLE: readonly Omit<DemoAccount, 'password'>[] = [
  { login: 'guard', name: '김보안 (시연)', role: 'security' },
  { login: 'officer', name: '송은서 (시연)', role: 'officer' },
  { login: 'reviewer', name: '이검수 (시연)', role: 'reviewer' },
  { login: 'auditor', name: '박감사 (시연)', role: 'auditor' },
  { login: 'technician', name: '최기술 (시연)', role: 'technician' },
  { login: 'admin', name: '정관리 (시연)', role: 'administrator' },
];

/**
 * People for a simulated site. That it is one is for the caller to have looked at.
 *
 * @throws GirokError `account_refused` where there is anybody already
 */
export async function makeDemoAccounts(parts: AccessParts): Promise<DemoAccount[]> {
  const { ledger, rows, passwords, cameras } = parts;
  const assertEmpty = () => {
    if (rows.accounts.list().length > 0) throw new GirokError('account_refused', { why: 'not_so' });
  };
  assertEmpty();
  const made: (DemoAccount & { hash: string })[] = [];
  for (const person of PEOPLE) {
    const password = readableCode(4, 5);
    made.push({ ...person, password, hash: await passwords.hash(password) });
  }
  return ledger.write((tx) => {
    assertEmpty();
    for (const { login, name, role, hash } of made) {
      const given = { password: hash, passwordUntilUs: null, mustChange: 0 } as const;
      const id = addAccount(tx, parts, { login, name, role, kind: 'staff' }, given, 'process:cli');
      const actions = ACTIONS.filter((action) => MOST[role].includes(action));
      const named = actions.some((action) => OF_CAMERAS.has(action)) ? [...cameras] : [];
      if (actions.length > 0) grantUnasked(tx, parts, id, { actions, cameras: named }, 'process:cli');
    }
    return made.map(({ hash: _, ...account }) => account);
  });
}
