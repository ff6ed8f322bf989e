import type { setUp as korean } from '../../ko/screens/set-up.ts';

export const setUp: typeof korean = {
  steps: 'Steps of the set-up',
  stepNames: {
    administrator: 'Administrator',
    factor: 'Second factor',
    officer: 'CCTV manager',
    done: 'Done',
  },
  stepNow: ({ at, of }) => `Step ${at} of ${of}`,
  recording: ({ recording, of }) => `${recording}/${of} cameras recording`,
  recordingUnknown: 'The recorder does not answer yet',
  administrator: {
    title: 'Let us begin',
    about:
      'Please type the first administrator’s code that the terminal of this machine showed. If there is none, this command makes one.',
    command: 'npm run -s girok -- people first-code',
    code: 'First administrator’s code',
    login: 'Login name',
    loginHint: '2 to 32 lower-case letters, digits, dots, underscores, hyphens',
    name: 'Name',
    nameHint: 'It stands in the ledger.',
    submit: 'Make the administrator',
  },
  password: {
    title: 'Please change the password',
    about:
      'The password that you were given is for the first time only. Choose one that only you know to begin.',
  },
  factor: {
    title: 'Please set up a second factor',
    about: 'What you are in charge of does not open with a password alone. Please choose one way.',
    ways: 'Way',
    passkeysOff: 'Passkeys can be used once access.origin is configured.',
  },
  officer: {
    title: 'The CCTV manager’s account',
    about:
      'The person who looks at footage, hands it out and confirms its destruction. An administrator sees no footage, so this is somebody else.',
    submit: 'Make the account · this is logged',
    later: 'Later',
    handed: ({ name }) => `Please hand this to ${name}`,
    handedText:
      'This password is shown only now. It works once within three days, and has to be changed at the first sign-in.',
    handedLogin: 'Login name',
    handedPassword: 'First password',
    print: 'Print',
    goOn: 'I have handed it over',
  },
  done: {
    title: 'Ready',
    about: 'Recording and the ledger are running. Rights are requested and approved for each person.',
    begin: 'Begin',
  },
  signIn: 'I have an account already',
  signOut: 'Sign out',
};
