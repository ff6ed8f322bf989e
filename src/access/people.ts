import type { Config } from '../config/config.ts';
import type { Database } from '../db/open.ts';
import { createAccountRows } from '../db/site/account-rows.ts';
import { createFactorRows } from '../db/site/factor-rows.ts';
import { createRightRows } from '../db/site/right-rows.ts';
import { createSessionRows } from '../db/site/session-rows.ts';
import { createSignInRows } from '../db/site/sign-in-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { type DemoAccount, makeDemoAccounts } from './demo-accounts.ts';
import { createFactors, type Factors } from './factors.ts';
import { createFirstRun, type FirstRun } from './first-run.ts';
import { createOwnAccount, type OwnAccount } from './own-account.ts';
import type { AccessParts } from './parts.ts';
import { createPasskeys } from './passkeys.ts';
import { createPasswords } from './passwords.ts';
import { createRights, type Rights } from './rights.ts';
import { createAccessSecrets } from './secrets.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { createSignInLimits } from './sign-in-limits.ts';

export interface PeopleDeps {
  /** site.db, open for writing. */
  readonly db: Database;
  /** Over the same database, with a place for personal fields. */
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly config: Pick<Config, 'access' | 'site' | 'cameras'>;
  /** 32 bytes; not kept. */
  readonly rootKey: Buffer;
}

/** Who there is, how they show it, and what they may see. */
export interface People extends SignIn {
  readonly firstRun: FirstRun;
  readonly accounts: Accounts;
  readonly ownAccount: OwnAccount;
  readonly factors: Omit<Factors, 'check' | 'passkeyQuestion'>;
  readonly sessions: Pick<Sessions, 'session' | 'principalOf' | 'list' | 'end'>;
  readonly rights: Rights;
  makeDemoAccounts(): Promise<DemoAccount[]>;
  /** The keys are forgotten. */
  close(): void;
}

/** One instance in a process: what was used last, and what is under way, is in memory. */
export function createPeople({ db, ledger, clock, config, rootKey }: PeopleDeps): People {
  const secrets = createAccessSecrets(rootKey);
  const rows = {
    accounts: createAccountRows(db),
    factors: createFactorRows(db),
    sessions: createSessionRows(db),
    rights: createRightRows(db),
    signIns: createSignInRows(db),
  };
  const { access, site } = config;
  const parts: AccessParts = {
    ledger,
    clock,
    config: access,
    site,
    cameras: new Set(config.cameras.map(({ id }) => id)),
    secrets,
    passwords: createPasswords(secrets),
    rows,
  };
  const limits = createSignInLimits({ rows: rows.signIns, secrets, lockAfter: access.lockAfter });
  const sessions = createSessions(parts);
  const factors = createFactors(parts, createPasskeys(access.origin, site.name[site.language]));
  const signIn = createSignIn(parts, { sessions, factors, limits });
  return {
    ...signIn,
    sweep() {
      sessions.sweep();
      signIn.sweep();
    },
    firstRun: createFirstRun(parts),
    accounts: createAccounts(parts, sessions, limits),
    ownAccount: createOwnAccount(parts, sessions, limits),
    factors,
    sessions,
    rights: createRights(parts),
    makeDemoAccounts: () => makeDemoAccounts(parts),
    close: secrets.close,
  };
}
