import type { viewing as ko } from '../ko/viewing.ts';

/** Why footage is not shown, and what can be done instead. */
export const viewing: typeof ko = {
  refused: {
    other: 'This footage cannot be shown; ask an officer',
    no_right: 'There is no right to see this camera; ask an officer for approval',
    beyond_look_back: 'The footage is older than may be looked at; ask an officer for approval',
    out_of_purpose:
      'The camera is not installed for this purpose; choose an installed one, or enter a request for another use',
    operating_room: 'Operating rooms open only by an approved release; enter a request',
    not_approved:
      'It is not approved yet, or lies outside of what was approved; stay within the approved time and cameras',
    revoked: 'The approval or right was revoked; ask anew if it is needed',
    expired: 'The approval or session is over; open it anew',
  },
  over: {
    other: 'That is over already; look at the list again',
    no_finding: 'The viewing is finished; open a new one to look again',
    incident: 'The viewing is finished; open a new one to look again',
    signed_out: 'The viewing ended with the session; open a new one',
    idle: 'The viewing ended because nobody watched; open a new one',
    revoked: 'It ended because the approval or right was revoked; ask anew if it is needed',
    refused: 'The request was refused; ask anew if it is needed',
    made: 'The request was approved already; look at the list again',
    expired: 'Its time is over; ask anew',
    lost: 'The viewing ended when the server stopped; open a new one',
  },
  input: {
    other: 'Something is missing or wrong in what is to be viewed; correct it and try again',
    purpose: 'The purpose is not acceptable; choose an installed one',
    reason: 'A reason has 10 to 500 characters; write what is looked for and why',
    requester: 'Who asked for it has 1 to 500 characters; leave it out if nobody did',
    viewer: 'The name of whoever looks has 1 to 500 characters; check the account',
    terminal: 'The name of the terminal has 1 to 500 characters; check the terminal',
    cameras: 'Choose at least one camera, none twice, and no more than fit',
    range: 'The range is not acceptable; choose a past time within the longest range',
    bucket: 'The steps of time are too fine; choose wider ones',
    marks: 'there are too many bookmarks; go on in a new viewing',
    until: 'It may last seven days at most; choose an end within them',
    kind: 'Break-glass opens a range of recorded footage only; choose a range',
  },
};
