import type { Account } from '../../../src/access/accounts.ts';
import type { People } from '../../../src/access/people.ts';
import type { ListedRight } from '../../../src/access/rights.ts';
import type { ListedSession } from '../../../src/access/sessions.ts';
import { HOUR_US } from '../../../src/lib/clock.ts';

export const AN_ID = '06h0a72vta2hwxnh';
const AT_US = Date.parse('2026-11-23T01:00:00Z') * 1000;

const session: ListedSession = {
  id: AN_ID,
  account: AN_ID,
  sinceUs: AT_US,
  usedUs: AT_US,
  endsUs: AT_US + HOUR_US,
  address: '127.0.0.1',
  outside: false,
  factor: 'totp',
};
const account: Account = {
  id: AN_ID,
  login: 'guard',
  name: '홍길동',
  role: 'security',
  kind: 'trustee',
  state: 'active',
  contractUntilUs: AT_US,
  createdUs: AT_US,
  mustChangePassword: false,
};
const right: ListedRight = {
  id: AN_ID,
  account: AN_ID,
  state: 'granted',
  actions: ['playback'],
  cameras: ['cam01'],
  lookBackHours: 24,
  fromUs: AT_US,
  requestedBy: 'a1',
  requestedUs: AT_US,
  approvedBy: 'a2',
  decidedUs: AT_US,
};
const nothing = () => undefined;

type Asked = Pick<
  People,
  | 'signIn'
  | 'askPasskey'
  | 'secondFactor'
  | 'prove'
  | 'sessions'
  | 'factors'
  | 'rights'
  | 'firstRun'
  | 'accounts'
  | 'ownAccount'
>;

/** People whose every wish is granted: what is tested before them is who gets as far as asking. */
export const notedPeople = (): Asked => ({
  signIn: async ({ login }) =>
    login === 'with-factor'
      ? { state: 'factor', ceremony: 'c'.repeat(43), kinds: ['totp'] }
      : { state: 'signed_in', token: 't'.repeat(43), session: AN_ID, device: 'd'.repeat(43) },
  askPasskey: async () => ({ challenge: 'x' }),
  secondFactor: async () => ({
    state: 'signed_in',
    token: 't'.repeat(43),
    session: AN_ID,
    device: 'd'.repeat(43),
  }),
  prove: async () => undefined,
  sessions: {
    session: nothing,
    principalOf: nothing,
    list: () => [session],
    end: () => true,
  },
  accounts: {
    list: () => [account],
    find: () => account,
    open: async () => ({ account: AN_ID, password: 'abcd-efgh-jkmn-pqrs' }),
    close: nothing,
    suspend: nothing,
    restore: nothing,
    setTerms: nothing,
    resetPassword: async () => 'abcd-efgh-jkmn-pqrs',
    resetFactors: nothing,
    unlock: nothing,
  },
  ownAccount: { changePassword: async () => undefined, setLanguage: nothing },
  firstRun: {
    makeFirstCode: () => 'abcd',
    hasAdministrator: () => true,
    firstAdministrator: async () => AN_ID,
  },
  factors: {
    list: () => [{ id: AN_ID, kind: 'totp', sinceUs: AT_US }],
    kindsOf: () => ['totp'],
    beginTotp: () => ({ uri: 'otpauth://totp/x', secret: 'ABCD' }),
    confirmTotp: () => ['abcd-efgh'],
    beginPasskey: async () => ({ ceremony: 'c', options: { challenge: 'x' } }),
    finishPasskey: async () => [],
    newRecoveryCodes: () => ['abcd-efgh'],
    remove: nothing,
  },
  rights: {
    list: () => [right],
    request: () => AN_ID,
    requestChange: nothing,
    approve: nothing,
    refuse: nothing,
    revoke: nothing,
  },
});
