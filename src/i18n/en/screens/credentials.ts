import type { credentials as korean } from '../../ko/screens/credentials.ts';

export const credentials: typeof korean = {
  password: {
    current: 'Current password',
    next: 'New password',
    make: 'Password',
    show: 'Show the password',
    hint: ({ length }) =>
      `At least ${length} characters. Several words that have nothing to do with each other are long and easy to remember.`,
    change: 'Change the password',
    changed: 'The password is changed. You are signed out everywhere else.',
  },
  totp: {
    name: 'Authenticator app',
    about:
      'Please scan this picture with the authenticator app of your telephone. Type the number that it shows below to finish.',
    picture: 'QR code for the authenticator app',
    byHand: 'If you cannot scan it, please type these characters into the app.',
    code: '6-digit number from the app',
    confirm: 'Confirm and use it',
    once: 'There is one app at a time: a new one takes the place of the old.',
  },
  passkey: {
    name: 'Passkey',
    about:
      'Confirms with a fingerprint, your face, the lock of this device or a security key. Nothing to type.',
    make: 'Make a passkey',
    failed: 'The passkey could not be made. Please try again, or use an authenticator app.',
  },
  recovery: {
    title: 'Recovery codes',
    about:
      'They are for when your telephone is lost. Each one works once. They are shown only now: please print or write them down, and keep them where nobody else sees them.',
    print: 'Print',
    save: 'Save as a file',
    file: ({ site }) => `${site} - recovery codes of Girok. Each one works once.`,
    kept: 'I have written them down',
    goOn: 'Continue',
  },
  added: 'The second factor is set up.',
};
