import type { AccountRow } from '../db/site/account-rows.ts';
import type { Actor } from '../ledger/entry.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { DAY_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Role } from './actions.ts';
import type { AccessParts } from './parts.ts';
import { factsOfTerms, type RightTerms } from './right-terms.ts';

export interface Opening {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly kind: 'staff' | 'trustee';
  /** µs UTC; of trustees always. */
  readonly contractUntilUs?: number | undefined;
  readonly trainingUntilUs?: number | undefined;
}

export const refused = (why: string): GirokError => new GirokError('account_refused', { why });

/** As they are kept. @throws GirokError `account_refused` */
export function personOf(typed: { readonly login: string; readonly name: string }) {
  const login = typed.login.normalize('NFKC');
  const name = typed.name.normalize('NFC').trim();
  if (!/^[a-z0-9][a-z0-9._-]{1,31}$/.test(login)) throw refused('login_bad');
  if (name.length === 0 || name.length > 60 || /\p{C}/u.test(name)) throw refused('name_bad');
  return { login, name };
}

const LONGEST_TERM_US = 20 * 366 * DAY_US;

/** @throws GirokError `account_refused` for what is no day to come */
export function termOf(untilUs: number | null | undefined, nowUs: number): number | null {
  if (untilUs === null || untilUs === undefined) return null;
  if (!Number.isSafeInteger(untilUs) || untilUs <= nowUs || untilUs > nowUs + LONGEST_TERM_US)
    throw refused('term_bad');
  return untilUs;
}

/** Inside a transaction, with its entry. @returns its id. @throws GirokError `account_refused` */
export function addAccount(
  tx: LedgerTransaction,
  { clock, rows, secrets }: AccessParts,
  { login, name, role, kind, contractUntilUs, trainingUntilUs }: Opening,
  password: Pick<AccountRow, 'password' | 'passwordUntilUs' | 'mustChange'>,
  actor: Actor,
): string {
  if (rows.accounts.byLogin(login)) throw refused('login_taken');
  const nowUs = clock.utcUs();
  const id = newId(nowUs);
  rows.accounts.add({
    id,
    login,
    name: secrets.seal(Buffer.from(name), `name/${id}`),
    role,
    kind,
    state: 'active',
    suspendedFor: null,
    contractUntilUs: termOf(contractUntilUs, nowUs),
    trainingUntilUs: termOf(trainingUntilUs, nowUs),
    createdUs: nowUs,
    usedUs: null,
    restoredUs: null,
    ...password,
    factorFailures: 0,
    language: null,
  });
  tx.append({ event: 'account.opened', facts: { account: id, role }, actor }, { personal: { name } });
  return id;
}

/** A right that nobody asked for: the first administrator's, and those of the demonstration. */
export function grantUnasked(
  tx: LedgerTransaction,
  { clock, rows }: AccessParts,
  account: string,
  { actions, cameras }: Pick<RightTerms, 'actions' | 'cameras'>,
  actor: Actor,
): void {
  const nowUs = clock.utcUs();
  const right = newId(nowUs);
  const terms: RightTerms = { actions, cameras, fromUs: nowUs };
  rows.rights.add({
    id: right,
    account,
    state: 'granted',
    terms: JSON.stringify(terms),
    proposal: null,
    requestedBy: 'first',
    approvedBy: null,
    requestedUs: nowUs,
    decidedUs: nowUs,
  });
  const role = rows.accounts.find(account)?.role as Role;
  tx.append({ event: 'right.granted', facts: { right, account, role, ...factsOfTerms(terms) }, actor });
}
