import type { people as ko } from '../ko/people.ts';

/** Why something about a person's account was not done, with what to do instead. */
export const people: typeof ko = {
  password: {
    other: 'That password cannot be used; choose another',
    too_short: 'The password is too short; make it longer, of several words',
    too_long: 'The password is too long; at most 128 characters',
    too_simple:
      'The password has fewer kinds of characters (capitals, small letters, digits, others) than the site asks for',
    common: 'The password is a common one or easily guessed; use several words that have nothing in common',
    personal: 'The password has your name, your login or the name of the site in it; make one without them',
    same: 'The password is the one you have now; choose another',
  },
  account: {
    other: 'That cannot be done to the account; look at the list again',
    login_bad: 'A login is 2 to 32 small letters, digits, dots, underscores and hyphens',
    login_taken: 'There is such a login already; choose another',
    name_bad: 'A name is one line of 1 to 60 characters',
    role_bad: 'No account can have that role; a kiosk is opened by the officer each time',
    contract_missing: 'An account of a trustee needs the day on which the contract ends',
    term_bad: 'The date is past or too far away; give one that is to come',
    own: 'Nobody does this to their own account; ask another administrator',
    last_administrator: 'This is the last person who can manage accounts; have another administrator first',
    not_so: 'The account is not in that state; look at the list again',
    changed: 'Somebody else has changed it meanwhile; see what it is now, and change that',
    cause_stands: 'What it was suspended for still stands; set the date of contract or training first',
  },
  right: {
    other: 'That cannot be done to the right; look at the list again',
    beyond_role: 'This is more than that role can be given; choose only what the role may do',
    nothing: 'The right allows nothing; choose at least one action',
    camera_missing: 'The right names no camera; choose the cameras',
    camera_unknown: 'There is no such camera; choose cameras of cameras.yml',
    term_bad: 'The term is past or the wrong way round; give an end that is to come',
    reason_bad: 'A reason is 10 to 500 characters',
    own: 'Nobody approves a right of their own; another person has to',
    requester: 'Who requested it cannot approve it while another person could; ask them',
    not_approver: 'You are not one who approves rights; ask the officer or the administrator',
    not_open: 'Nothing is waiting there; look at the list again',
    waits_already: 'A change of this right is waiting already; decide that one first',
    account_not_active: 'The account cannot be used; restore it first',
  },
  command: {
    firstCode: ({ code }: { code: string }) =>
      `Code for the first administrator: ${code}\nIt is good once, within 24 hours. Type it on the web page together with the first administrator's name and password.`,
    noAdministrator:
      'There is no administrator yet. `girok people first-code` on this machine prints a code for the first one.',
    notSimulated:
      'Accounts for a demonstration are made only on a simulated site, simulatedSite.enabled: true.',
    demo: (accounts: readonly { login: string; name: string; role: string; password: string }[]) =>
      [
        'Accounts for the demonstration; the passwords are not shown again.',
        ...accounts.map(({ login, role, password }) => `  ${login.padEnd(12)}${role.padEnd(15)}${password}`),
      ].join('\n'),
  },
};
