import { expect, it } from 'vitest';
import { createAuthenticator } from '../../support/access/authenticator.ts';
import {
  ADMIN,
  beginPeople,
  INSIDE,
  refusedWith,
  signedInWithTotp,
  signIn,
} from '../../support/access/people.ts';

const ORIGIN = 'https://cctv.clinic.example';
const refused = refusedWith('factor_refused');

/** A first administrator in a session that the password alone has begun. */
const begin = async () => {
  const home = beginPeople({ origin: ORIGIN });
  const { people } = home;
  const account = await people.firstRun.firstAdministrator(people.firstRun.makeFirstCode(), ADMIN);
  const session = await signIn(people, ADMIN.login, ADMIN.password);
  const ask = async () => {
    const signed = await people.signIn({ ...ADMIN, address: INSIDE });
    if (signed.state !== 'factor') throw new Error('no factor was asked for');
    const options = (await people.askPasskey(signed.ceremony)) as { challenge: string };
    const show = (passkey: unknown) =>
      people.secondFactor({ ceremony: signed.ceremony, shown: { passkey }, address: INSIDE });
    return { options, show };
  };
  return { ...home, account, ...session, ask };
};

it('a passkey is registered and signs in, each challenge once', async () => {
  const { people, account, session, ask, entries } = await begin();
  const key = createAuthenticator(ORIGIN);
  const { ceremony, options } = await people.factors.beginPasskey(session);
  const made = key.register(options as { challenge: string });
  const codes = await people.factors.finishPasskey(session, ceremony, made);
  expect(new Set(codes).size).toBe(10);
  await expect(people.factors.finishPasskey(session, ceremony, made)).rejects.toEqual(refused);
  expect(people.sessions.principalOf(session)?.session.factor).toBe(true);
  expect(entries('access.factor_changed').at(-1)?.facts).toEqual({
    account,
    factor: 'webauthn',
    change: 'added',
  });

  const first = await ask();
  const answer = key.answer(first.options);
  const both = await Promise.allSettled([first.show(answer), first.show(answer)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(entries('access.signed_in').at(-1)?.facts).toMatchObject({ factor: 'webauthn' });
  await expect((await ask()).show(answer)).rejects.toEqual(refused);
});

it.each<[string, (key: ReturnType<typeof createAuthenticator>, options: { challenge: string }) => unknown]>([
  ['of another page', (key, options) => key.answer(options, { from: 'https://evil.example' })],
  ['for another party', (key, options) => key.answer(options, { rp: 'evil.example' })],
  ['to another challenge', (key) => key.answer({ challenge: 'AAAA' })],
  ['of a key whose counter went back', (key, options) => key.answer(options, { back: 2 })],
  ['that is empty', () => ({})],
  ['that is null', () => null],
  ['that is a text', () => 'x'],
  ['that is huge', (key, options) => ({ ...key.answer(options), more: 'x'.repeat(20_000) })],
  [
    'with another signature',
    (key, options) => {
      const answer = key.answer(options);
      return { ...answer, response: { ...answer.response, signature: 'AAAA' } };
    },
  ],
])('an answer %s is no passkey', async (_what, answer) => {
  const { people, session, ask } = await begin();
  const key = createAuthenticator(ORIGIN);
  const { ceremony, options } = await people.factors.beginPasskey(session);
  await people.factors.finishPasskey(session, ceremony, key.register(options as { challenge: string }));
  const asked = await ask();
  await expect(asked.show(answer(key, asked.options))).rejects.toEqual(refused);
});

it('a registration holds only as it was asked for, and with no attestation to be looked up', async () => {
  const { people, session } = await begin();
  const key = createAuthenticator(ORIGIN);
  const tries: ((options: { challenge: string }) => unknown)[] = [
    (options) => key.register(options, { fmt: 'packed' }),
    (options) => key.register(options, { from: 'https://evil.example' }),
    (options) => key.register(options, { rp: 'evil.example' }),
    () => key.register({ challenge: 'AAAA' }),
    () => ({ response: { attestationObject: 'AAAA' } }),
    () => null,
  ];
  for (const respond of tries) {
    const { ceremony, options } = await people.factors.beginPasskey(session);
    const response = respond(options as { challenge: string });
    await expect(people.factors.finishPasskey(session, ceremony, response)).rejects.toEqual(refused);
  }
  const { ceremony, options } = await people.factors.beginPasskey(session);
  const elsewhere = await signIn(people, ADMIN.login, ADMIN.password);
  const response = key.register(options as { challenge: string });
  await expect(people.factors.finishPasskey(elsewhere.session, ceremony, response)).rejects.toEqual(refused);
  expect(people.factors.list(people.accounts.list()[0]?.id ?? '')).toEqual([]);
});

it('is off without an origin', async () => {
  const { people, begun } = beginPeople();
  const boss = await begun();
  await expect(people.factors.beginPasskey(boss.session)).rejects.toEqual(refusedWith('passkeys_off'));
});

it('who has a factor changes factors only where one was shown, and not long ago', async () => {
  const { people, clock, account, session } = await begin();
  const other = await signIn(people, ADMIN.login, ADMIN.password);
  const app = await signedInWithTotp(people, clock, ADMIN.login, ADMIN.password);
  const proof = refusedWith('proof_refused');
  for (const weak of [session, other.session]) {
    expect(() => people.factors.beginTotp(weak)).toThrow(proof);
    expect(() => people.factors.newRecoveryCodes(weak)).toThrow(proof);
    expect(() => people.factors.remove(weak, people.factors.list(account)[0]?.id ?? '')).toThrow(proof);
    await expect(people.factors.beginPasskey(weak)).rejects.toEqual(proof);
  }
  const fresh = people.factors.newRecoveryCodes(app.session);
  expect(fresh.some((code) => app.recovery.includes(code))).toBe(false);
  clock.advance(6 * 60_000);
  expect(() => people.factors.newRecoveryCodes(app.session)).toThrow(proof);
  await people.prove(app.session, { totp: app.codeNow() }, 'account');
  const totp = people.factors.list(account).find(({ kind }) => kind === 'totp');
  people.factors.remove(app.session, totp?.id ?? '');
  // With the last one its recovery codes go, and nothing but a new password is open.
  expect(people.factors.list(account)).toEqual([]);
  expect(people.sessions.principalOf(app.session)?.session).toMatchObject({
    factor: false,
    mustChangePassword: true,
  });
});

it('an app that was never shown to work is none', async () => {
  const { people, session, account } = await begin();
  people.factors.beginTotp(session);
  expect(() => people.factors.confirmTotp(session, '000000')).toThrow(refused);
  expect(people.factors.kindsOf(account)).toEqual([]);
  expect((await people.signIn({ ...ADMIN, address: INSIDE })).state).toBe('signed_in');
});

it('factors that an administrator takes away are gone with all sessions', async () => {
  const { people, begun, hire, clock } = beginPeople();
  const boss = await begun();
  const guard = await hire(boss.account, 'security', 'guard');
  const app = await signedInWithTotp(people, clock, 'guard', guard.password);
  people.accounts.resetFactors(guard.account, boss.account);
  expect(people.sessions.session(app.token, { address: INSIDE })).toBeUndefined();
  const again = await signIn(people, 'guard', guard.password);
  expect(people.sessions.principalOf(again.session)?.session.mustChangePassword).toBe(true);
});
