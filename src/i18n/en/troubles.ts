import type { troubles as korean } from '../ko/troubles.ts';

/** The recorder's own words are English already. */
export const troubles: Readonly<Record<keyof typeof korean, string>> = {
  'nothing answers at the camera’s port': 'nothing answers at the camera’s port',
  'the camera closed the connection': 'the camera closed the connection',
  'the camera ended the stream': 'the camera ended the stream',
  'the camera forgot the session': 'the camera forgot the session',
  'no way to the camera': 'no way to the camera',
  'the camera does not answer': 'the camera does not answer',
  'the camera refused the login': 'the camera refused the login',
  'the camera refused the stream': 'the camera refused the stream',
  'the camera reported an error of its own': 'the camera reported an error of its own',
  'the camera sends us to another address': 'the camera sends us to another address',
  'the camera sends no H.264 or H.265 video': 'the camera sends no H.264 or H.265 video',
  'the camera offers no way of sending that we know': 'the camera offers no way of sending that we know',
  'the camera packs its video in a rare way': 'the camera packs its video in a rare way',
  'the camera’s description of its stream is unreadable':
    'the camera’s description of its stream is unreadable',
  'the stream is damaged beyond reading': 'the stream is damaged beyond reading',
  'what the camera sends is not the H.264 or H.265 that it announces':
    'what the camera sends is not the H.264 or H.265 that it announces',
  'the pictures are larger than any camera makes': 'the pictures are larger than any camera makes',
  'the stream did not begin': 'the stream did not begin',
  'the camera is connected but sends no pictures': 'the camera is connected but sends no pictures',
  'the camera offers no second stream any more': 'the camera offers no second stream any more',
  'the camera offers no usable stream': 'the camera offers no usable stream',
  'the camera’s password cannot be read': 'the camera’s password cannot be read',
  'the camera’s address is not allowed': 'the camera’s address is not allowed',
  'the camera’s answer is unusable': 'the camera’s answer is unusable',
  'ended by the recorder': 'ended by the recorder',
  'the settings changed': 'the settings changed',
  'the recorder was stopped': 'the recorder was stopped',
  'chosen in the settings': 'chosen in the settings',
  'ours refused': 'ours refused',
  'ours broke off': 'ours broke off',
};
