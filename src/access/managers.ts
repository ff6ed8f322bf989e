import { DAY_US } from '../lib/clock.ts';
import { suspensionOf } from './lapses.ts';
import type { AccessParts } from './parts.ts';
import { termsOf } from './right-terms.ts';

/** Accounts that can manage people now: who is active and has a right to it. @param but one that is left out */
export function managersOf({ rows, clock, config }: AccessParts, but?: string): string[] {
  const nowUs = clock.utcUs();
  const unusedUs = config.unusedDays * DAY_US;
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
}
