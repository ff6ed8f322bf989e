import { TOTP } from 'otpauth';
import { expect } from 'vitest';
import { createPeople, type People } from '../../../src/access/people.ts';
import type { AccessConfig } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import type { LedgerEventName } from '../../../src/ledger/events.ts';
import { openPersonal } from '../../../src/ledger/personal.ts';
import { beginPersonalLedger } from '../ledger/personal.ts';
import { createManualClock } from '../manual-clock.ts';

export const INSIDE = '192.168.0.20';
export const OUTSIDE = '203.0.113.9';
export const ADMIN = { login: 'boss', name: '홍길동', password: 'seven old bicycles hum' };
const SHIPPED = loadConfig(new URL('../../../cameras.yml', import.meta.url).pathname, {});

/** People over a real site.db, keyring and ledger, at a time that the test moves. */
export function beginPeople(access: Partial<AccessConfig> = {}) {
  const clock = createManualClock();
  const home = beginPersonalLedger({ clock });
  const config = { ...SHIPPED, access: { ...SHIPPED.access, ...access } };
  const deps = { ...home, config };
  const people = createPeople(deps);
  const entries = (...events: LedgerEventName[]) =>
    [...home.ledger.rows.entriesOf(events, 0)].map(({ body }) => readBody(body));
  const personalOf = (event: LedgerEventName) => {
    const last = entries(event).at(-1);
    if (!last) throw new Error(`no ${event}`);
    return openPersonal(last, home.ledger.rows, home.opening());
  };
  /** The first administrator, signed in with a second factor. */
  const begun = async () => {
    const account = await people.firstRun.firstAdministrator(people.firstRun.makeFirstCode(), ADMIN);
    return { account, ...(await signedInWithTotp(people, clock, ADMIN.login, ADMIN.password)) };
  };
  /** A new account that has set its own password. */
  const hire = async (
    by: string,
    role: 'security' | 'officer' | 'reviewer' | 'auditor' | 'technician' | 'administrator',
    login: string,
  ) => {
    const opened = await people.accounts.open({ login, name: `${login} 씨`, role, kind: 'staff' }, by);
    const first = await signIn(people, login, opened.password);
    const password = `${[...login].reverse().join('')} drinks cold barley tea`;
    await people.ownAccount.changePassword(first.session, opened.password, password);
    return { account: opened.account, password, ...first };
  };
  return {
    ...home,
    clock,
    config,
    people,
    entries,
    personalOf,
    begun,
    hire,
    again: () => createPeople(deps),
  };
}

/** @throws unless the password alone is enough */
export async function signIn(
  people: People,
  login: string,
  password: string,
  address = INSIDE,
  device?: string,
) {
  const signed = await people.signIn({ login, password, address, device });
  if (signed.state !== 'signed_in') throw new Error('a factor is asked for');
  return signed;
}

/** Signs in, adds an app, and signs in with it. */
export async function signedInWithTotp(
  people: People,
  clock: { utcUs(): number; advance(ms: number): void },
  login: string,
  password: string,
) {
  const first = await signIn(people, login, password);
  const { secret } = people.factors.beginTotp(first.session);
  const codeNow = () => new TOTP({ secret }).generate({ timestamp: clock.utcUs() / 1000 });
  const recovery = people.factors.confirmTotp(first.session, codeNow());
  return { ...first, secret, recovery, codeNow };
}

export const refusedWith = (code: string, facts: object = {}) =>
  expect.objectContaining({ code, facts: expect.objectContaining(facts) });
