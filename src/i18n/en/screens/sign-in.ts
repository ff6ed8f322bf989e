import type { signIn as korean } from '../../ko/screens/sign-in.ts';

export const signIn: typeof korean = {
  title: 'Sign in',
  endedTitle: 'You are signed out',
  ended: ({ name }) =>
    `${name}, sign in again to go on where you were. What you were writing is still there.`,
  notMe: 'I am somebody else',
  login: 'Login name',
  password: 'Password',
  submit: 'Sign in',
  notice: 'Signing in, and what you do, is recorded.',
  lockedFor: ({ seconds }) => `You can try again in ${seconds} s.`,
  factor: {
    title: 'Second factor',
    totp: 'Authenticator app',
    webauthn: 'Passkey',
    recovery: 'Recovery code',
    kinds: 'Confirm with',
    totpLabel: '6-digit number from the app',
    recoveryLabel: 'Recovery code',
    recoveryHint: 'Each one works once.',
    passkeyText: 'Confirm with this device or a security key.',
    passkeyShow: 'Use a passkey',
    passkeyFailed: 'The passkey could not be confirmed. Please try again or choose another way.',
    submit: 'Confirm',
    again: 'Start again',
  },
};
