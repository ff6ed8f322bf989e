import type { AccessConfig } from '../config/config.ts';
import type { AccountRow, AccountRows } from '../db/site/account-rows.ts';
import type { SessionRows } from '../db/site/session-rows.ts';
import type { SignInRows } from '../db/site/sign-in-rows.ts';
import type { Ledger, LedgerTransaction } from '../ledger/ledger.ts';
import { type Clock, DAY_US } from '../lib/clock.ts';

type Terms = Pick<
  AccountRow,
  'state' | 'suspendedFor' | 'contractUntilUs' | 'trainingUntilUs' | 'usedUs' | 'createdUs' | 'restoredUs'
>;

/** Why an account is suspended at this moment, also before anything has written it down; undefined: it is not. */
export function suspensionOf(account: Terms, unusedUs: number, nowUs: number): string | undefined {
  if (account.state !== 'active') return account.suspendedFor ?? undefined;
  const isOver = (untilUs: number | null) => untilUs !== null && !(nowUs < untilUs);
  if (isOver(account.contractUntilUs)) return 'contract';
  if (isOver(account.trainingUntilUs)) return 'training';
  const lastUs = Math.max(account.usedUs ?? 0, account.createdUs, account.restoredUs ?? 0);
  return nowUs - lastUs >= unusedUs ? 'unused' : undefined;
}

/** Inside a transaction: all sessions of an account, but one. */
export function endSessions(
  tx: LedgerTransaction,
  sessions: SessionRows,
  { account, by, but }: { account: string; by: string | undefined; but?: string | undefined },
): void {
  for (const { id } of sessions.of(account)) {
    if (id === but || !sessions.remove(id)) continue;
    tx.append({
      event: 'access.signed_out',
      facts: { session: id, why: 'revoked' },
      actor: `person:${by ?? account}`,
    });
  }
}

/**
 * Writes down what contract, training and disuse ask for; until then it is in force already, for whoever asks.
 *
 * @returns the accounts that were suspended
 */
export function suspendLapsed(deps: {
  ledger: Ledger;
  clock: Clock;
  config: AccessConfig;
  rows: { accounts: AccountRows; sessions: SessionRows; signIns: SignInRows };
}): string[] {
  const { ledger, clock, config, rows } = deps;
  const whyOf = (row: AccountRow | undefined) =>
    row?.state === 'active' ? suspensionOf(row, config.unusedDays * DAY_US, clock.utcUs()) : undefined;
  const due = rows.accounts.list().filter((row) => whyOf(row) !== undefined);
  if (due.length === 0) return [];
  return ledger.write((tx) =>
    due.flatMap(({ id: account }) => {
      // Read again: somebody may have restored or closed it a moment ago.
      const why = whyOf(rows.accounts.find(account)) as 'unused' | 'contract' | 'training' | undefined;
      if (why === undefined) return [];
      rows.accounts.change(account, { state: 'suspended', suspendedFor: why, factorFailures: 0 });
      rows.signIns.endCeremoniesOf(account);
      tx.append({ event: 'right.suspended', facts: { account, why }, actor: 'process:steward' });
      endSessions(tx, rows.sessions, { account, by: undefined });
      return [account];
    }),
  );
}

/** Accounts that suspended themselves and wait for a person: to be restored, or closed. */
export const waitingAccounts = (accounts: readonly AccountRow[]): { account: string; why: string }[] =>
  accounts.flatMap(({ id, state, suspendedFor }) =>
    state === 'suspended' && suspendedFor !== null && suspendedFor !== 'officer'
      ? [{ account: id, why: suspendedFor }]
      : [],
  );
