import type { AccessConfig, Config } from '../config/config.ts';
import type { AccountRow, AccountRows } from '../db/site/account-rows.ts';
import type { FactorRows } from '../db/site/factor-rows.ts';
import type { RightRows } from '../db/site/right-rows.ts';
import type { SessionRows } from '../db/site/session-rows.ts';
import type { SignInRows } from '../db/site/sign-in-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import type { Passwords } from './passwords.ts';
import type { AccessSecrets } from './secrets.ts';

/** What the parts of this folder are made of. */
export interface AccessParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly config: AccessConfig;
  readonly site: Config['site'];
  /** Ids of all that are configured. */
  readonly cameras: ReadonlySet<string>;
  readonly secrets: AccessSecrets;
  readonly passwords: Passwords;
  readonly rows: {
    readonly accounts: AccountRows;
    readonly factors: FactorRows;
    readonly sessions: SessionRows;
    readonly rights: RightRows;
    readonly signIns: SignInRows;
  };
}

/** The display name; of a closed account none. */
export function nameOf({ secrets }: Pick<AccessParts, 'secrets'>, { id, name }: AccountRow): string {
  if (name === null) return '';
  const text = secrets.open(name, `name/${id}`);
  const read = text.toString('utf8');
  text.fill(0);
  return read;
}
