import type { refusals as ko } from '../ko/refusals.ts';

/** Why something is not allowed, and what to do about it. */
export const refusals: typeof ko = {
  session_over: 'The session is over; sign in again.',
  account_suspended: 'This account is suspended; ask the officer.',
  account_closed: 'This account is closed; ask the officer.',
  password_to_be_changed: 'The password has to be changed first.',
  second_factor_needed: 'A second factor is needed; show it, and do this again.',
  not_of_role: 'This is not for this role; ask whoever is in charge of it.',
  operating_room: 'Footage of operating rooms opens for nobody without an approved release.',
  prohibited_place: 'Nothing may be recorded or shown in this place; there is nothing to be opened.',
  no_right: 'There is no right to this; ask for one.',
  right_not_begun: 'The right has not begun yet; look at its first day.',
  right_over: 'The time of the right is over; ask for it again.',
  beyond_look_back: 'The footage is older than the right reaches; ask an officer to approve it.',
  proof_needed:
    'This is important enough to prove again who you are; do so with the password or the second factor, and do it again.',
};
