import { describe, expect, it } from 'vitest';
import { suspensionOf, waitingAccounts } from '../../../src/access/lapses.ts';
import type { AccountRow } from '../../../src/db/site/account-rows.ts';

const NOW = 1_700_000_000_000_000;
const UNUSED_US = 1000;
const account = (over: Partial<AccountRow>): AccountRow => ({
  id: 'a',
  login: 'a',
  name: null,
  role: 'security',
  kind: 'staff',
  state: 'active',
  suspendedFor: null,
  contractUntilUs: null,
  trainingUntilUs: null,
  createdUs: NOW - 10,
  usedUs: null,
  restoredUs: null,
  password: null,
  passwordUntilUs: null,
  mustChange: 0,
  factorFailures: 0,
  language: null,
  ...over,
});

describe('an account suspends itself', () => {
  it.each<[string | undefined, Partial<AccountRow>]>([
    [undefined, {}],
    ['contract', { contractUntilUs: NOW }],
    [undefined, { contractUntilUs: NOW + 1 }],
    ['training', { trainingUntilUs: NOW - 1 }],
    ['contract', { contractUntilUs: NOW - 1, trainingUntilUs: NOW - 2 }],
    ['unused', { createdUs: NOW - UNUSED_US }],
    ['unused', { createdUs: 1, usedUs: NOW - UNUSED_US }],
    [undefined, { createdUs: 1, usedUs: NOW - UNUSED_US + 1 }],
    [undefined, { createdUs: 1, usedUs: 2, restoredUs: NOW }],
    ['failures', { state: 'suspended', suspendedFor: 'failures' }],
    [undefined, { state: 'closed', contractUntilUs: 1 }],
    // What is no time is over.
    ['contract', { contractUntilUs: Number.NaN }],
  ])('for %s', (why, over) => {
    expect(suspensionOf(account(over), UNUSED_US, NOW)).toBe(why);
  });

  it('and waits for a person, unless a person did it', () => {
    const rows = [
      account({ id: 'x', state: 'suspended', suspendedFor: 'failures' }),
      account({ id: 'y', state: 'suspended', suspendedFor: 'officer' }),
      account({ id: 'z' }),
    ];
    expect(waitingAccounts(rows)).toEqual([{ account: 'x', why: 'failures' }]);
  });
});
