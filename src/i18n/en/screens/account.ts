import type { account as korean } from '../../ko/screens/account.ts';

export const account: typeof korean = {
  who: ({ name, role }) => `${name} · ${role}`,
  sessions: {
    title: 'Where you are signed in',
    text: 'If you do not know one of these, please end it and change your password.',
    since: 'Signed in',
    used: 'Last used',
    ends: 'Ends',
    address: 'Address',
    outside: 'outside',
    inside: 'on site',
    factor: 'Second factor',
    noFactor: 'none',
    here: 'this page',
    end: 'End',
    endSpoken: ({ address, since }) => `End the session of ${address} since ${since}`,
    ended: 'That session is ended.',
  },
  factors: { totp: 'Authenticator app', webauthn: 'Passkey', recovery: 'Recovery code' },
};
