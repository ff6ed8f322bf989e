import type { frame as korean } from '../../ko/screens/frame.ts';

export const frame: typeof korean = {
  product: 'Girok',
  skip: 'Skip to content',
  menu: 'Menu',
  loading: 'Loading',
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  optional: 'optional',
  pages: {
    today: 'Today',
    wall: 'Live',
    retention: 'Retention',
    review: 'Review',
    viewing: 'Viewing',
    alarms: 'Alarms',
    records: 'Records',
    checkpoint: 'Checkpoint of the ledger',
    approvals: 'Approvals',
    people: 'People',
    person: 'People',
    account: 'My account',
  },
  bar: {
    recording: ({ recording, of }) => `${recording}/${of} recording`,
    recordingUnknown: 'Recording state unknown',
    clockAgrees: 'Server time',
    clockDiffers: ({ seconds }) => `Server time. It differs from this computer’s clock by ${seconds} s.`,
    language: 'Language',
    theme: 'Brightness',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    me: 'My account',
    signOut: 'Sign out',
  },
  roles: {
    security: 'Operator',
    officer: 'CCTV manager',
    reviewer: 'Reviewer',
    auditor: 'Auditor',
    technician: 'Technician (trustee)',
    administrator: 'System administrator',
    kiosk: 'Applicant’s screen',
  },
  offline: ({ at }) =>
    at === undefined
      ? 'The server cannot be reached. Connecting again.'
      : `The server cannot be reached. Connecting again. Last seen ${at}`,
  attended: {
    title: 'Are you still there?',
    text: ({ seconds }) =>
      `In ${seconds} s this screen is hidden and you are signed out, as if you had left. Press any key to go on.`,
    goOn: 'Go on',
  },
  denied: {
    title: 'This page is not open to you',
    role: 'Your role does not include this page.',
    who: 'A system administrator requests rights and the CCTV manager approves them. Please ask them if you need it.',
  },
  nowhere: {
    title: 'There is no such page',
    text: 'Please check the address. The page may have been moved or removed.',
    home: 'To the first page',
  },
  errors: {
    title: 'This did not work',
    retry: 'Try again',
    unreachable:
      'The server cannot be reached. Please check the network and try again. What was sent may not have been done.',
    unreadable:
      'The server’s answer cannot be read. Please refresh the page, and tell the system administrator if it happens again.',
    pageFault:
      'Something is wrong with this page. Please refresh it and try again; tell the system administrator if it happens again.',
    chunk: 'The page could not be loaded. Girok may have been updated: please refresh.',
    refresh: 'Refresh',
    stale: ({ sentence }) => `What follows is of a while ago. ${sentence}`,
    reference: ({ code, status }) => (status === 0 ? `Reference: ${code}` : `Reference: ${code} · ${status}`),
  },
  proof: {
    title: 'Confirm who you are',
    reasons: {
      right: 'This concerns rights. Please confirm once more that it is you.',
      export: 'This takes footage or records out. Please confirm once more that it is you.',
      approval: 'This is an approval. Please confirm once more that it is you.',
      account: 'This protects your account. Please confirm once more that it is you.',
    },
    with: 'Confirm with',
    password: 'Password',
    totp: 'Number from the authenticator app',
    passwordLabel: 'Password',
    totpLabel: '6-digit number',
    lasts: 'It is good for five minutes, and is recorded.',
    confirm: 'Confirm',
  },
};
