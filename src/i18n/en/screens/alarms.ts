import type { alarms as korean } from '../../ko/screens/alarms.ts';

export const alarms: typeof korean = {
  about:
    'What needs a person. Taking note of one is entered with your name, and it is not told again each day.',
  show: 'Show',
  standing: 'Those that stand',
  over: 'Those that are over too',
  none: 'No alarm stands',
  noneOver: 'There was no alarm',
  howTheyCome: 'When a camera is lost or the disk runs full, or anything else needs a person, it shows here.',
  severity: { serious: 'serious', warning: 'warning', note: 'note' },
  since: 'Since',
  ended: 'Over',
  count: ({ count }) => `came back ${count} times`,
  taken: 'Somebody has taken it on',
  acknowledged: 'Taken note of',
  take: 'I take it on',
  acknowledge: 'I have taken note',
  note: 'Note',
  noteHint: 'What you saw and did. Kept sealed beside the ledger.',
};
