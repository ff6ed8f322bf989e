import { suspendLapsed, waitingAccounts } from '../../access/lapses.ts';
import { createAccountRows } from '../../db/site/account-rows.ts';
import { createSessionRows } from '../../db/site/session-rows.ts';
import { createSignInRows } from '../../db/site/sign-in-rows.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import type { StewardParts } from './parts.ts';

/** What a person restored or closed ends its alarm within so long. */
const EVERY_MS = 60_000;

/** Suspends whoever's contract or training is over, or who has not been here for long, and says who waits for a person. */
export function peopleDuty({ config, clock, db, ledger, keeper, alarms, log }: StewardParts): Duty {
  const rows = {
    accounts: createAccountRows(db),
    sessions: createSessionRows(db),
    signIns: createSignInRows(db),
  };
  return {
    name: 'people',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run() {
      if (!keeper.mayEnter) return;
      const suspended = suspendLapsed({ ledger, clock, config: config.access, rows });
      if (suspended.length > 0) log.info('people.suspended', { accounts: suspended.join(' ') });
      const now = waitingAccounts(rows.accounts.list());
      for (const { account, why } of now) alarms.raise('account_waits', account, { why });
      for (const { code, subject } of alarms.standing())
        if (code === 'account_waits' && !now.some(({ account }) => account === subject))
          alarms.clear(code, subject);
    },
  };
}
