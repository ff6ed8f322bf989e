import { describe, expect, it } from 'vitest';
import { suspendLapsed, waitingAccounts } from '../../../src/access/lapses.ts';
import type { RightTerms } from '../../../src/access/right-terms.ts';
import { createAccountRows } from '../../../src/db/site/account-rows.ts';
import type { LedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { createSessionRows } from '../../../src/db/site/session-rows.ts';
import { createSignInRows } from '../../../src/db/site/sign-in-rows.ts';
import { createMeaning } from '../../../src/ledger/meaning/meaning.ts';
import { beginPeople, INSIDE, refusedWith, signIn } from '../../support/access/people.ts';

const HOUR_US = 3600e6;
const DAY_MS = 86_400_000;
const REASON = '야간 근무를 맡게 되어 필요합니다';

const begin = async () => {
  const home = beginPeople();
  const boss = await home.begun();
  const terms = (over: Partial<RightTerms> = {}): RightTerms => ({
    actions: ['live', 'playback'],
    cameras: ['cam01', 'cam02'],
    fromUs: home.clock.utcUs(),
    ...over,
  });
  const why = (reason: string) => refusedWith('right_refused', { why: reason });
  const rightsOf = (session: string) => home.people.sessions.principalOf(session)?.rights;
  return { ...home, boss, terms, why, rightsOf };
};

/** A site with an officer and a second administrator. */
const staffed = async () => {
  const home = await begin();
  const { people, boss, hire, terms } = home;
  const officer = await hire(boss.account, 'officer', 'officer');
  const officerTerms = terms({ actions: ['live', 'playback', 'approve'], lookBackHours: 24 });
  people.rights.approve(
    people.rights.request({ account: officer.account, terms: officerTerms, reason: REASON }, boss.account),
    boss.account,
  );
  const guard = await hire(boss.account, 'security', 'guard');
  return { ...home, officer, guard };
};

describe('the language of an account', () => {
  it('is its own, wherever its person signs in, until they choose another', async () => {
    const { people, hire, boss } = await begin();
    const guard = await hire(boss.account, 'security', 'guard');
    const languageOf = async () => {
      const { token } = await signIn(people, 'guard', guard.password);
      return people.sessions.session(token, { address: INSIDE })?.language;
    };
    expect(await languageOf()).toBeUndefined();
    people.ownAccount.setLanguage(guard.account, 'en');
    expect(await languageOf()).toBe('en');
    people.ownAccount.setLanguage(guard.account, 'ko');
    expect(await languageOf()).toBe('ko');
    people.ownAccount.setLanguage(guard.account, null);
    expect(await languageOf()).toBeUndefined();
    expect(() => people.ownAccount.setLanguage('06h0a72vta2hwxnh', 'en')).toThrow(
      refusedWith('account_unknown', { account: '06h0a72vta2hwxnh' }),
    );
  });
});

describe('a right', () => {
  it('is asked for, approved by another person, and there at once; each step is entered with its reason sealed', async () => {
    const { people, boss, officer, guard, terms, rightsOf, entries, personalOf, why } = await staffed();
    const right = people.rights.request(
      { account: guard.account, terms: terms(), reason: REASON },
      boss.account,
    );
    expect(personalOf('right.requested')).toEqual({ name: { text: 'guard 씨' }, reason: { text: REASON } });
    expect(rightsOf(guard.session)).toEqual([]);
    expect(() => people.rights.approve(right, boss.account)).toThrow(why('requester'));
    expect(() => people.rights.approve(right, guard.account)).toThrow(why('own'));
    people.rights.approve(right, officer.account);
    expect(rightsOf(guard.session)).toMatchObject([{ id: right, actions: ['live', 'playback'] }]);
    expect(() => people.rights.approve(right, officer.account)).toThrow(why('not_open'));
    expect(entries('right.granted').at(-1)?.facts).toMatchObject({
      right,
      account: guard.account,
      cameras: ['cam01', 'cam02'],
      requestedBy: boss.account,
      approvedBy: officer.account,
    });
    people.rights.revoke(right, officer.account);
    expect(rightsOf(guard.session)).toEqual([]);
    expect(entries('right.revoked').at(-1)?.facts).toEqual({ right, account: guard.account });
  });

  it('that is changed stays as it is until that is approved, and can be declined', async () => {
    const { people, boss, officer, guard, terms, rightsOf, why, entries } = await staffed();
    const right = people.rights.request(
      { account: guard.account, terms: terms(), reason: REASON },
      boss.account,
    );
    people.rights.approve(right, officer.account);
    const wider = {
      terms: terms({ cameras: ['cam01', 'cam02', 'cam03'], lookBackHours: 48 }),
      reason: REASON,
    };
    people.rights.requestChange(right, wider, officer.account);
    expect(rightsOf(guard.session)?.[0]?.cameras).toEqual(['cam01', 'cam02']);
    expect(() => people.rights.requestChange(right, wider, boss.account)).toThrow(why('waits_already'));
    expect(() => people.rights.approve(right, officer.account)).toThrow(why('requester'));
    people.rights.refuse(right, boss.account);
    expect(people.rights.list(guard.account)).toMatchObject([
      { state: 'granted', cameras: ['cam01', 'cam02'] },
    ]);
    people.rights.requestChange(right, wider, officer.account);
    people.rights.approve(right, boss.account);
    expect(rightsOf(guard.session)).toMatchObject([
      { cameras: ['cam01', 'cam02', 'cam03'], lookBackUs: 48 * HOUR_US },
    ]);
    expect(entries('right.changed').at(-1)?.facts).toMatchObject({ right, lookBackHours: 48 });
  });

  it('never goes beyond what the role can be given, nor to what there is not', async () => {
    const { people, boss, guard, terms, why, clock } = await staffed();
    const ask =
      (over: Partial<RightTerms>, reason = REASON) =>
      () =>
        people.rights.request({ account: guard.account, terms: terms(over), reason }, boss.account);
    expect(ask({ actions: ['export'] })).toThrow(why('beyond_role'));
    expect(ask({ actions: ['live', 'manage_people'] })).toThrow(why('beyond_role'));
    expect(ask({ actions: [] })).toThrow(why('nothing'));
    expect(ask({ cameras: [] })).toThrow(why('camera_missing'));
    expect(ask({ cameras: ['cam01', 'cam99'] })).toThrow(why('camera_unknown'));
    expect(ask({ untilUs: clock.utcUs() })).toThrow(why('term_bad'));
    expect(ask({ lookBackHours: 0 })).toThrow(why('term_bad'));
    expect(ask({ fromUs: Number.NaN })).toThrow(why('term_bad'));
    expect(ask({}, '짧은 까닭')).toThrow(why('reason_bad'));
    expect(ask({}, `${REASON}\n`.repeat(2))).toThrow(why('reason_bad'));
    expect(people.rights.list(guard.account)).toEqual([]);
  });

  it('is given by nobody to themselves, whatever way they try', async () => {
    const { people, boss, officer, guard, terms, why } = await staffed();
    const own = people.rights.request(
      { account: officer.account, terms: terms({ actions: ['export'] }), reason: REASON },
      officer.account,
    );
    expect(() => people.rights.approve(own, officer.account)).toThrow(why('own'));
    expect(() => people.rights.approve(own, guard.account)).toThrow(why('not_approver'));
    // Somebody else's request for me is mine as well.
    const forBoss = people.rights.request(
      { account: boss.account, terms: terms({ actions: ['manage_people'], cameras: [] }), reason: REASON },
      officer.account,
    );
    expect(() => people.rights.approve(forBoss, boss.account)).toThrow(why('own'));
    people.rights.approve(own, boss.account);
    const standing = people.rights.list(officer.account)[0]?.id ?? '';
    people.rights.requestChange(
      standing,
      { terms: terms({ actions: ['still'] }), reason: REASON },
      boss.account,
    );
    expect(() => people.rights.approve(standing, officer.account)).toThrow(why('own'));
    // Taken away from oneself it may be.
    people.rights.revoke(own, officer.account);
  });

  it('of a site with one person who could approve is approved by them, and the ledger tells of it', async () => {
    const { people, boss, hire, terms, ledger } = await begin();
    expect(verifyLedger(ledger.rows).map(({ code }) => code)).toEqual([]);
    const guard = await hire(boss.account, 'security', 'guard');
    const right = people.rights.request(
      { account: guard.account, terms: terms(), reason: REASON },
      boss.account,
    );
    people.rights.approve(right, boss.account);
    expect(verifyLedger(ledger.rows)).toMatchObject([
      { code: 'approved_by_self', severity: 'serious', facts: { what: right } },
    ]);
  });

  it('is not given to who is suspended, and what was in order once is looked at again', async () => {
    const { people, boss, officer, guard, terms, why, clock } = await staffed();
    const untilUs = clock.utcUs() + HOUR_US;
    const right = people.rights.request(
      { account: guard.account, terms: terms({ untilUs }), reason: REASON },
      boss.account,
    );
    people.accounts.suspend(guard.account, boss.account);
    expect(() => people.rights.approve(right, officer.account)).toThrow(why('account_not_active'));
    people.accounts.restore(guard.account, boss.account);
    clock.advance(2 * 3_600_000);
    expect(() => people.rights.approve(right, officer.account)).toThrow(why('term_bad'));
    people.rights.refuse(right, officer.account);
    expect(people.rights.list(guard.account)).toMatchObject([{ state: 'refused' }]);
  });
});

describe('an account', () => {
  it('is seen to be suspended the moment that its contract or training is over, and after 90 days without use', async () => {
    const home = await begin();
    const { people, boss, clock, entries, hire, ledger, config, db } = home;
    const rows = {
      accounts: createAccountRows(db),
      sessions: createSessionRows(db),
      signIns: createSignInRows(db),
    };
    const lapse = () => suspendLapsed({ ledger, clock, config: config.access, rows });
    const tech = await people.accounts.open(
      {
        login: 'tech',
        name: '수탁자 기사',
        role: 'technician',
        kind: 'trustee',
        contractUntilUs: clock.utcUs() + 2 * HOUR_US,
      },
      boss.account,
    );
    const { session, token } = await signIn(people, 'tech', tech.password);
    const guard = await hire(boss.account, 'security', 'guard');
    people.accounts.setTerms(
      guard.account,
      { trainingUntilUs: clock.utcUs() + 30 * 24 * HOUR_US },
      boss.account,
    );
    const unused = await hire(boss.account, 'security', 'unused');
    for (let minutes = 0; minutes < 120; minutes += 5) {
      expect(people.sessions.session(token, { address: INSIDE })?.principal.state).toBe('active');
      clock.advance(5 * 60_000);
    }
    expect(people.sessions.principalOf(session)?.state).toBe('suspended');
    expect(lapse()).toEqual([tech.account]);
    expect(people.sessions.principalOf(session)).toBeUndefined();
    clock.advance(30 * DAY_MS);
    await expect(signIn(people, 'guard', guard.password)).rejects.toEqual(refusedWith('account_suspended'));
    clock.advance(60 * DAY_MS);
    expect(lapse()).toEqual([boss.account, unused.account]);
    expect(lapse()).toEqual([]);
    expect(entries('right.suspended').map(({ facts }) => 'why' in facts && facts.why)).toEqual([
      'contract',
      'training',
      'unused',
      'unused',
    ]);
    expect(waitingAccounts(rows.accounts.list())).toContainEqual({ account: tech.account, why: 'contract' });
    // Nobody is left who could restore anybody: the machine's own screen gives a code again.
    expect(people.firstRun.hasAdministrator()).toBe(false);
    const next = await people.firstRun.firstAdministrator(people.firstRun.makeFirstCode(), {
      login: 'next',
      name: '새 관리자',
      password: 'a fine new set of words',
    });
    expect(() => people.accounts.restore(guard.account, next)).toThrow(
      refusedWith('account_refused', { why: 'cause_stands' }),
    );
    const seen = { contractUntilUs: null, trainingUntilUs: null };
    expect(() => people.accounts.setTerms(guard.account, { trainingUntilUs: null }, next, seen)).toThrow(
      refusedWith('account_refused', { why: 'changed' }),
    );
    people.accounts.setTerms(guard.account, { trainingUntilUs: null }, next);
    people.accounts.restore(guard.account, next);
    await signIn(people, 'guard', guard.password);
  });

  it('that is closed leaves nothing that names anybody, and its login can be given again', async () => {
    const { people, boss, guard, officer, terms, db } = await staffed();
    const right = people.rights.request(
      { account: guard.account, terms: terms(), reason: REASON },
      boss.account,
    );
    people.rights.approve(right, officer.account);
    people.accounts.close(guard.account, boss.account);
    expect(people.sessions.session(guard.token, { address: INSIDE })).toBeUndefined();
    expect(people.accounts.find(guard.account)).toMatchObject({ login: '', name: '', state: 'closed' });
    expect(people.rights.list(guard.account)).toMatchObject([{ state: 'revoked' }]);
    expect(db.prepare('select count(*) from factor where account = ?').pluck().get(guard.account)).toBe(0);
    await expect(
      people.signIn({ login: 'guard', password: guard.password, address: INSIDE }),
    ).rejects.toEqual(refusedWith('sign_in_refused'));
    const again = await people.accounts.open(
      { login: 'guard', name: '다른 사람', role: 'security', kind: 'staff' },
      boss.account,
    );
    expect(again.account).not.toBe(guard.account);
  });

  it('is not closed, suspended or reset by its own person, nor the last one who manages people', async () => {
    const { people, boss, officer } = await staffed();
    const own = refusedWith('account_refused', { why: 'own' });
    expect(() => people.accounts.close(boss.account, boss.account)).toThrow(own);
    expect(() => people.accounts.suspend(boss.account, boss.account)).toThrow(own);
    expect(() => people.accounts.resetFactors(boss.account, boss.account)).toThrow(own);
    await expect(people.accounts.resetPassword(boss.account, boss.account)).rejects.toEqual(own);
    const last = refusedWith('account_refused', { why: 'last_administrator' });
    expect(() => people.accounts.suspend(boss.account, officer.account)).toThrow(last);
    expect(() => people.accounts.close(boss.account, officer.account)).toThrow(last);
  });

  it('is opened with what is in order only', async () => {
    const { people, boss, clock } = await begin();
    const open = (over: object) =>
      people.accounts.open(
        { login: 'new', name: '새 사람', role: 'security', kind: 'staff', ...over },
        boss.account,
      );
    const why = (reason: string) => refusedWith('account_refused', { why: reason });
    for (const login of ['', 'a', 'A b', 'ünal', '../x', "x'--", 'x'.repeat(33)])
      await expect(open({ login }), login).rejects.toEqual(why('login_bad'));
    for (const name of ['', ' ', 'a\nb', 'x'.repeat(61), '\u202eabc'])
      await expect(open({ name }), name).rejects.toEqual(why('name_bad'));
    await expect(open({ role: 'kiosk' })).rejects.toEqual(why('role_bad'));
    await expect(open({ role: '__proto__' })).rejects.toEqual(why('role_bad'));
    await expect(open({ kind: 'trustee' })).rejects.toEqual(why('contract_missing'));
    await expect(open({ kind: 'trustee', contractUntilUs: clock.utcUs() })).rejects.toEqual(why('term_bad'));
    await open({});
    await expect(open({})).rejects.toEqual(why('login_taken'));
  });

  it('begins with a password that has to be changed, and that nobody can use after three days', async () => {
    const { people, boss, clock } = await begin();
    const { password } = await people.accounts.open(
      { login: 'new', name: '새 사람', role: 'security', kind: 'staff' },
      boss.account,
    );
    const first = await signIn(people, 'new', password);
    expect(people.sessions.principalOf(first.session)?.session.mustChangePassword).toBe(true);
    clock.advance(3 * DAY_MS);
    await expect(signIn(people, 'new', password)).rejects.toEqual(refusedWith('sign_in_refused'));
    const id = people.accounts.list().at(-1)?.id ?? '';
    const next = await people.accounts.resetPassword(id, boss.account);
    const second = await signIn(people, 'new', next);
    for (const [chosen, why] of [
      [next, 'same'],
      ['short', 'too_short'],
      ['Password2026!!!!!', 'common'],
    ] as const)
      await expect(people.ownAccount.changePassword(second.session, next, chosen)).rejects.toEqual(
        refusedWith('password_refused', { why }),
      );
    await expect(
      people.ownAccount.changePassword(second.session, 'wrong', 'a fine new set of words'),
    ).rejects.toEqual(refusedWith('proof_refused'));
    // Nobody guesses at a password in somebody else's session.
    const other = await signIn(people, 'new', next);
    const change = (current: string) =>
      people.ownAccount.changePassword(other.session, current, 'a fine new set of words');
    const guesses = await Promise.allSettled(Array.from({ length: 8 }, (_, at) => change(`guess ${at}`)));
    const codes = guesses.map((one) => one.status === 'rejected' && one.reason.code);
    expect(codes.filter((code) => code === 'proof_refused')).toHaveLength(5);
    await expect(change(next)).rejects.toEqual(refusedWith('sign_in_locked'));
    await people.ownAccount.changePassword(second.session, next, 'a fine new set of words');
    expect(people.sessions.principalOf(second.session)?.session.mustChangePassword).toBe(false);
  });
});

/** What a verifier finds against those who keep the ledger. */
function verifyLedger(rows: LedgerRows) {
  const meaning = createMeaning();
  for (const { body } of rows.entries(0, rows.size())) meaning.see(body);
  return meaning.end().list;
}
