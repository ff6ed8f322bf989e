import { expect, it } from 'vitest';
import type { Keeper } from '../../../src/ledger/keeper.ts';
import type { Log } from '../../../src/lib/logger.ts';
import type { StewardParts } from '../../../src/main/steward/parts.ts';
import { peopleDuty } from '../../../src/main/steward/people-duty.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { beginPeople, INSIDE, signIn } from '../../support/access/people.ts';

it('the steward suspends what has lapsed and keeps an alarm until a person has seen to it', async () => {
  const { people, begun, clock, config, db, ledger, entries } = beginPeople();
  const boss = await begun();
  const untilUs = clock.utcUs() + 60e6;
  const opening = { login: 'tech', name: '수탁자 기사', role: 'technician', kind: 'trustee' } as const;
  const tech = await people.accounts.open({ ...opening, contractUntilUs: untilUs }, boss.account);
  const { token } = await signIn(people, 'tech', tech.password);

  const alarms = createAlarms({ clock, listener: { raised: () => undefined, cleared: () => undefined } });
  const keeper = { mayEnter: true } as { -readonly [Name in keyof Keeper]: Keeper[Name] };
  const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const parts = { clock, config, db, ledger, keeper, alarms, log } as unknown as StewardParts;
  const run = () => peopleDuty(parts).run(new AbortController().signal);
  const standing = () => alarms.standing().map(({ code, subject, facts }) => ({ code, subject, ...facts }));

  await run();
  expect(standing()).toEqual([]);
  clock.advance(60_000);
  keeper.mayEnter = false;
  await run();
  expect(entries('right.suspended')).toEqual([]);
  // In force all the same.
  expect(people.sessions.session(token, { address: INSIDE })?.principal.state).toBe('suspended');
  keeper.mayEnter = true;
  await run();
  await run();
  expect(entries('right.suspended').map(({ actor, facts }) => ({ actor, facts }))).toEqual([
    { actor: 'process:steward', facts: { account: tech.account, why: 'contract' } },
  ]);
  expect(people.sessions.session(token, { address: INSIDE })).toBeUndefined();
  expect(standing()).toEqual([{ code: 'account_waits', subject: tech.account, why: 'contract' }]);
  people.accounts.close(tech.account, boss.account);
  await run();
  expect(standing()).toEqual([]);
});
