import { describe, expect, it } from 'vitest';
import { MINUTE_US } from '../../../src/lib/clock.ts';
import {
  ADMIN,
  beginPeople,
  INSIDE,
  OUTSIDE,
  refusedWith,
  signedInWithTotp,
  signIn,
} from '../../support/access/people.ts';

const MINUTE_MS = 60_000;

describe('signing in', () => {
  it('begins a session that its token alone finds, and enters who came from where', async () => {
    const { people, hire, begun, entries, personalOf, db } = beginPeople();
    const boss = await begun();
    const guard = await hire(boss.account, 'security', 'guard');
    const { token, session } = await signIn(people, ' Guard ', guard.password);
    const found = people.sessions.session(token, { address: INSIDE });
    expect(found).toMatchObject({ id: session, account: guard.account, login: 'guard', name: 'guard 씨' });
    expect(found?.principal).toMatchObject({
      role: 'security',
      state: 'active',
      rights: [],
      session: { factor: false, outside: false, mustChangePassword: false },
    });
    expect(entries('access.signed_in').at(-1)).toMatchObject({
      actor: `person:${guard.account}`,
      facts: { session, outside: false },
    });
    expect(personalOf('access.signed_in')).toEqual({ name: { text: 'guard 씨' }, ip: { text: INSIDE } });
    // Neither token nor name nor password lies in the database.
    const bytes = db.serialize();
    for (const text of [token, 'guard 씨', guard.password, ADMIN.name, boss.secret])
      expect(bytes.includes(Buffer.from(text)), text).toBe(false);
    for (const other of ['', 'x', `${token}x`, token.slice(1), 'a'.repeat(300)])
      expect(people.sessions.session(other, { address: INSIDE })).toBeUndefined();
  });

  it('says the same of a wrong password and of nobody, and takes as long', async () => {
    const { people, begun, entries } = beginPeople();
    await begun();
    const timed = async (login: string) => {
      const began = process.hrtime.bigint();
      await expect(people.signIn({ login, password: 'wrong', address: INSIDE })).rejects.toEqual(
        refusedWith('sign_in_refused'),
      );
      return Number(process.hrtime.bigint() - began) / 1e6;
    };
    await timed('warming-up');
    const [nobody, somebody] = [await timed('nobody'), await timed(ADMIN.login)];
    // The 64 MiB are filled in both cases; without it the answer would come in a millisecond.
    expect(Math.min(nobody, somebody)).toBeGreaterThan(15);
    const told = entries('access.refused').map(({ facts }) => facts);
    expect(told.map((facts) => 'why' in facts && facts.why)).toEqual(['unknown', 'unknown', 'password']);
  });

  it('asks for the second factor that there is, and takes each code once', async () => {
    const { people, clock, begun } = beginPeople();
    const boss = await begun();
    const ask = async () => {
      const signed = await people.signIn({ ...ADMIN, address: INSIDE });
      if (signed.state !== 'factor') throw new Error('no factor was asked for');
      return signed.ceremony;
    };
    // The code that confirmed the app is used.
    await expect(
      people.secondFactor({ ceremony: await ask(), shown: { totp: boss.codeNow() }, address: INSIDE }),
    ).rejects.toEqual(refusedWith('factor_refused'));
    clock.advance(30_000);
    const ceremony = await ask();
    const call = { ceremony, shown: { totp: boss.codeNow() }, address: INSIDE };
    const both = await Promise.allSettled([people.secondFactor(call), people.secondFactor(call)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(
      people.secondFactor({ ...call, ceremony: await ask() }),
      'the same code in another sign-in',
    ).rejects.toEqual(refusedWith('factor_refused'));
    const recovery = boss.recovery[0] ?? '';
    const late = await people.secondFactor({
      ceremony: await ask(),
      shown: { recovery: recovery.toLowerCase() },
      address: INSIDE,
    });
    expect(late.state).toBe('signed_in');
    await expect(
      people.secondFactor({ ceremony: await ask(), shown: { recovery }, address: INSIDE }),
    ).rejects.toEqual(refusedWith('factor_refused'));
  });

  it('gives a sign-in five minutes and five tries for its factor', async () => {
    const { people, clock, begun } = beginPeople({ lockAfter: 10 });
    const boss = await begun();
    const signed = await people.signIn({ ...ADMIN, address: INSIDE });
    const ceremony = signed.state === 'factor' ? signed.ceremony : '';
    const show = (totp: string) => people.secondFactor({ ceremony, shown: { totp }, address: INSIDE });
    for (let tries = 0; tries < 5; tries++)
      await expect(show('000000')).rejects.toEqual(refusedWith('factor_refused'));
    clock.advance(30_000);
    await expect(show(boss.codeNow())).rejects.toEqual(refusedWith('factor_refused'));
    const again = await people.signIn({ ...ADMIN, address: INSIDE });
    clock.advance(5 * MINUTE_MS);
    await expect(
      people.secondFactor({
        ceremony: again.state === 'factor' ? again.ceremony : '',
        shown: { totp: boss.codeNow() },
        address: INSIDE,
      }),
    ).rejects.toEqual(refusedWith('factor_refused'));
  });

  it('suspends an account whose password somebody else knows: five wrong factors from a strange place', async () => {
    const { people, begun, hire, clock, entries } = beginPeople();
    const boss = await begun();
    const guard = await hire(boss.account, 'security', 'guard');
    const own = await signedInWithTotp(people, clock, 'guard', guard.password);
    const attack = async (address: string) => {
      const signed = await people.signIn({ login: 'guard', password: guard.password, address });
      return people.secondFactor({
        ceremony: signed.state === 'factor' ? signed.ceremony : '',
        shown: { totp: '123456' },
        address,
      });
    };
    for (let at = 1; at <= 4; at++)
      await expect(attack(`10.0.0.${at}`)).rejects.toEqual(refusedWith('factor_refused'));
    expect(people.sessions.session(own.token, { address: INSIDE })?.principal.state).toBe('active');
    await expect(attack('10.0.0.5')).rejects.toEqual(refusedWith('account_suspended'));
    expect(people.sessions.session(own.token, { address: INSIDE })).toBeUndefined();
    expect(entries('right.suspended').at(-1)?.facts).toEqual({ account: guard.account, why: 'failures' });
    people.accounts.restore(guard.account, boss.account);
    expect((await people.signIn({ login: 'guard', password: guard.password, address: INSIDE })).state).toBe(
      'factor',
    );
  });

  it('is refused where the address is none of those allowed', async () => {
    const { people, begun, entries } = beginPeople({ allow: ['192.168.0.0/16'] });
    await begun();
    await expect(people.signIn({ ...ADMIN, address: OUTSIDE })).rejects.toEqual(
      refusedWith('address_refused'),
    );
    expect(entries('access.refused').at(-1)?.facts).toEqual({ why: 'address' });
  });

  it('from outside is known as such, also when a session only goes there', async () => {
    const { people, begun, hire } = beginPeople();
    const boss = await begun();
    const guard = await hire(boss.account, 'security', 'guard');
    expect(people.sessions.session(guard.token, { address: OUTSIDE })?.principal.session.outside).toBe(true);
    expect(people.sessions.principalOf(guard.session)?.session.outside).toBe(true);
    expect(
      people.sessions.session(guard.token, { address: '::ffff:192.168.0.20' })?.principal.session.outside,
    ).toBe(false);
  });
});

describe('guessing', () => {
  it('is shut out after five failures, and nobody else with it', async () => {
    const { people, begun, hire, clock, entries } = beginPeople();
    const boss = await begun();
    const guard = await hire(boss.account, 'security', 'guard');
    const guess = (address: string, login = 'guard') =>
      people.signIn({ login, password: 'guessed', address });
    for (let tries = 0; tries < 5; tries++)
      await expect(guess('10.0.0.66')).rejects.toEqual(refusedWith('sign_in_refused'));
    await expect(guess('10.0.0.66')).rejects.toEqual(refusedWith('sign_in_locked', { seconds: 60 }));
    // A right password does not help there, and the answer is the same for a login that there is not.
    await expect(
      people.signIn({ login: 'guard', password: guard.password, address: '10.0.0.66' }),
    ).rejects.toEqual(refusedWith('sign_in_locked'));
    for (let tries = 0; tries < 5; tries++)
      await expect(guess('10.0.0.66', 'nobody')).rejects.toEqual(refusedWith('sign_in_refused'));
    await expect(guess('10.0.0.66', 'nobody')).rejects.toEqual(
      refusedWith('sign_in_locked', { seconds: 60 }),
    );
    expect(entries('access.locked').map(({ facts }) => facts)).toEqual([
      { account: guard.account, failures: 5 },
    ]);
    // Who is there stays, who comes from where they always come gets in, and so does anybody from elsewhere.
    expect(people.sessions.session(guard.token, { address: INSIDE })).toBeDefined();
    await signIn(people, 'guard', guard.password);
    await signIn(people, 'guard', guard.password, '10.0.0.7');
    clock.advance(MINUTE_MS);
    await expect(guess('10.0.0.66')).rejects.toEqual(refusedWith('sign_in_refused'));
    await expect(guess('10.0.0.66')).rejects.toEqual(refusedWith('sign_in_locked', { seconds: 120 }));
  });

  it('from everywhere at once slows strangers down, not the person on their own device', async () => {
    const { people, begun, hire, clock } = beginPeople();
    const boss = await begun();
    const guard = await hire(boss.account, 'security', 'guard');
    let asked = 0;
    for (let at = 0; at < 60; at++) {
      const outcome = await people
        .signIn({ login: 'guard', password: 'guessed', address: `10.1.${at}.1` })
        .catch((error: { code: string }) => error.code);
      if (outcome === 'sign_in_refused') asked += 1;
      clock.advance(1000);
    }
    // Twenty, and then one each half minute.
    expect(asked).toBeLessThanOrEqual(22);
    await expect(
      people.signIn({ login: 'guard', password: guard.password, address: '10.9.9.9' }),
    ).rejects.toEqual(refusedWith('sign_in_locked'));
    const known = await signIn(people, 'guard', guard.password, '10.9.9.9', guard.device);
    expect(known.device).toBe(guard.device);
    await signIn(people, 'guard', guard.password, INSIDE);
  });

  it('many at once gets no more tries than one after another', async () => {
    const { people, begun, entries } = beginPeople();
    await begun();
    const guesses = Array.from({ length: 20 }, () =>
      people
        .signIn({ login: ADMIN.login, password: 'guessed', address: '10.0.0.66' })
        .catch((error) => error.code),
    );
    const outcomes = await Promise.all(guesses);
    expect(outcomes.filter((code) => code === 'sign_in_refused')).toHaveLength(5);
    expect(outcomes.filter((code) => code === 'sign_in_locked')).toHaveLength(15);
    // What comes in masses is entered together.
    expect(entries('access.refused')).toHaveLength(6);
  });

  it('beyond what the machine can do is turned away before it costs anything', async () => {
    const { people, begun, clock, entries } = beginPeople();
    await begun();
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        people
          .signIn({ login: `nobody${at}`, password: 'x', address: `10.2.${at}.1` })
          .catch((error) => error.code),
      ),
    );
    expect(outcomes.filter((code) => code === 'sign_in_busy')).toHaveLength(60 - 34);
    clock.advance(MINUTE_MS);
    people.sweep();
    const counted = entries('access.refused').reduce(
      (sum, { facts }) => sum + ('count' in facts ? Number(facts.count) : 1),
      0,
    );
    expect(counted).toBe(60);
  });
});

describe('a session', () => {
  it('is not kept by what a page asks by itself', async () => {
    const { people, begun, hire, clock, entries } = beginPeople();
    const { token } = await hire((await begun()).account, 'security', 'guard');
    for (let minutes = 0; minutes < 10; minutes += 1) {
      expect(people.sessions.session(token, { address: INSIDE, unasked: true })).toBeDefined();
      clock.advance(MINUTE_MS);
    }
    expect(people.sessions.session(token, { address: INSIDE, unasked: true })).toBeUndefined();
    expect(entries('access.signed_out')).toMatchObject([{ facts: { why: 'idle' } }]);
  });

  it('ends when it is idle, and at its longest time, and each is entered', async () => {
    const { people, begun, hire, clock, entries } = beginPeople();
    const boss = await begun();
    const { account, password, token } = await hire(boss.account, 'security', 'guard');
    const at = { address: INSIDE };
    const ends = () => entries('access.signed_out').map(({ facts }) => 'why' in facts && facts.why);
    clock.advance(9 * MINUTE_MS);
    expect(people.sessions.session(token, at)).toBeDefined();
    clock.advance(9 * MINUTE_MS);
    expect(people.sessions.session(token, at)).toBeDefined();
    clock.advance(10 * MINUTE_MS);
    expect(people.sessions.session(token, at)).toBeUndefined();
    expect(ends()).toEqual(['idle']);
    const second = await signIn(people, 'guard', password);
    for (let minutes = 0; minutes < 12 * 60; minutes += 5) {
      expect(people.sessions.session(second.token, at)).toBeDefined();
      clock.advance(5 * MINUTE_MS);
    }
    expect(people.sessions.session(second.token, at)).toBeUndefined();
    expect(ends()).toEqual(['idle', 'ended']);
    const third = await signIn(people, 'guard', password);
    expect(people.sessions.list(account)).toMatchObject([{ id: third.session, address: INSIDE }]);
    clock.advance(10 * MINUTE_MS);
    expect(people.sessions.principalOf(third.session)).toBeUndefined();
    people.sweep();
    expect(ends()).toContain('idle');
    expect(people.sessions.list()).toEqual([]);
  });

  it('that is looked at for a stream is not in use by that', async () => {
    const { people, begun, hire, clock } = beginPeople();
    const { session } = await hire((await begun()).account, 'security', 'guard');
    for (let minute = 0; minute < 9; minute++) {
      clock.advance(MINUTE_MS);
      expect(people.sessions.principalOf(session)).toBeDefined();
    }
    clock.advance(MINUTE_MS);
    expect(people.sessions.principalOf(session)).toBeUndefined();
  });

  it('is over at once when it is revoked, signed out or its password changed elsewhere', async () => {
    const { people, begun, hire } = beginPeople();
    const boss = await begun();
    const guard = await hire(boss.account, 'security', 'guard');
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => signIn(people, 'guard', guard.password)));
    const stands = (one: { token: string } | undefined) =>
      people.sessions.session(one?.token ?? '', { address: INSIDE }) !== undefined;
    expect(people.sessions.end(a?.session ?? '', 'revoked', boss.account)).toBe(true);
    expect(people.sessions.end(a?.session ?? '', 'revoked', boss.account)).toBe(false);
    expect([stands(a), stands(b), stands(c)]).toEqual([false, true, true]);
    await people.ownAccount.changePassword(b?.session ?? '', guard.password, 'quite another lot of words');
    expect([stands(b), stands(c), stands(guard)]).toEqual([true, false, false]);
  });

  it('goes on in another process, with what is known about it', async () => {
    const { begun, again } = beginPeople();
    const { token } = await begun();
    expect(again().sessions.session(token, { address: INSIDE })?.principal.session.factor).toBe(true);
  });

  it('whose person proves themselves again is proven for five minutes', async () => {
    const { people, begun, clock, entries } = beginPeople();
    const boss = await begun();
    clock.advance(6 * MINUTE_MS);
    const provenUs = () => people.sessions.principalOf(boss.session)?.session.provenUs ?? 0;
    expect(clock.utcUs() - provenUs()).toBe(6 * MINUTE_US);
    await expect(people.prove(boss.session, { password: 'wrong' }, 'right')).rejects.toEqual(
      refusedWith('proof_refused'),
    );
    await expect(people.prove(boss.session, { totp: '000000' }, 'right')).rejects.toEqual(
      refusedWith('proof_refused'),
    );
    expect(clock.utcUs() - provenUs()).toBe(6 * MINUTE_US);
    await people.prove(boss.session, { password: ADMIN.password }, 'right');
    expect(clock.utcUs() - provenUs()).toBe(0);
    clock.advance(MINUTE_MS);
    await people.prove(boss.session, { totp: boss.codeNow() }, 'account');
    expect(clock.utcUs() - provenUs()).toBe(0);
    expect(entries('access.reauthenticated')).toHaveLength(2);
  });

  it('begins for nobody while the ledger cannot be written', async () => {
    const { people, begun, db } = beginPeople();
    const boss = await begun();
    db.pragma('query_only = ON');
    await expect(people.signIn({ ...ADMIN, address: INSIDE })).rejects.toThrow();
    db.pragma('query_only = OFF');
    expect(people.sessions.list(boss.account)).toHaveLength(1);
  });
});
