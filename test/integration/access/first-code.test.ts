import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createPeople } from '../../../src/access/people.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { ADMIN, beginPeople, refusedWith } from '../../support/access/people.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';

const RACER = fileURLToPath(new URL('../../support/access/first-code-racer.ts', import.meta.url));
const CONFIG = fileURLToPath(new URL('../../../cameras.yml', import.meta.url));
const RACES = 100;

it('of two processes that race for the first administrator exactly one wins, each of a hundred times', async () => {
  const { db, ledger, path } = beginLedger({ clock: systemClock, rootKey: Buffer.alloc(32, 1) });
  const people = createPeople({
    db,
    ledger,
    clock: systemClock,
    config: loadConfig(CONFIG, {}),
    rootKey: Buffer.alloc(32, 1),
  });
  const racers = await Promise.all(
    [0, 1].map(async () => {
      const child = fork(RACER, [path, CONFIG]);
      await once(child, 'message');
      return child;
    }),
  );
  const run = async (child: ChildProcess, login: string, code: string) => {
    const said = once(child, 'message');
    child.send({ code, login });
    return (await said)[0] as string;
  };
  try {
    for (let race = 0; race < RACES; race++) {
      // The one of the race before is gone, as if the site had just begun.
      db.exec('delete from access_right; delete from account');
      const code = people.firstRun.makeFirstCode();
      const outcomes = await Promise.all(racers.map((child, at) => run(child, `boss${at}`, code)));
      expect(outcomes.sort(), `race ${race}`).toEqual(['first_code_refused', 'won']);
      expect(people.accounts.list(), `race ${race}`).toHaveLength(1);
    }
  } finally {
    for (const child of racers) child.kill();
  }
});

it('is there only while nobody manages people, for a day, and for twenty tries', async () => {
  const { people, clock, entries } = beginPeople();
  const refused = refusedWith('first_code_refused');
  const first = (code: string) => people.firstRun.firstAdministrator(code, ADMIN);
  await expect(first('')).rejects.toEqual(refused);
  const late = people.firstRun.makeFirstCode();
  clock.advance(24 * 3_600_000);
  await expect(first(late)).rejects.toEqual(refused);
  const guessed = people.firstRun.makeFirstCode();
  for (let tries = 0; tries < 20; tries++) await expect(first('AAAA-AAAA')).rejects.toEqual(refused);
  await expect(first(guessed)).rejects.toEqual(refused);
  const code = people.firstRun.makeFirstCode();
  await expect(people.firstRun.firstAdministrator(code, { ...ADMIN, password: 'short' })).rejects.toEqual(
    refusedWith('password_refused', { why: 'too_short' }),
  );
  const boss = await first(code.toLowerCase());
  await expect(first(code)).rejects.toEqual(refused);
  expect(() => people.firstRun.makeFirstCode()).toThrow(refusedWith('account_refused', { why: 'not_so' }));
  expect(people.rights.list(boss)).toMatchObject([{ state: 'granted', actions: ['manage_people'] }]);
  expect(entries('account.first_code')).toHaveLength(3);
  await expect(people.makeDemoAccounts()).rejects.toEqual(refusedWith('account_refused'));
});

it('a demonstration has a person of each role, each with another password', async () => {
  const { people } = beginPeople();
  const made = await people.makeDemoAccounts();
  expect(made.map(({ role }) => role)).toEqual([
    'security',
    'officer',
    'reviewer',
    'auditor',
    'technician',
    'administrator',
  ]);
  expect(new Set(made.map(({ password }) => password)).size).toBe(made.length);
  for (const { login, password } of made)
    expect((await people.signIn({ login, password, address: '127.0.0.1' })).state).toBe('signed_in');
  expect(people.firstRun.hasAdministrator()).toBe(true);
  expect(people.rights.list().find(({ actions }) => actions.includes('export'))?.cameras).toHaveLength(13);
});
