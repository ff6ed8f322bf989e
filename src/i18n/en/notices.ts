import type { notices as ko } from '../ko/notices.ts';

export const notices: typeof ko = {
  severity: { serious: 'serious', warning: 'warning', note: 'note' },
  subject: (f) =>
    `[Girok] ${f.site}: ${[f.begun > 0 ? `${f.begun} alarm${f.begun === 1 ? '' : 's'}` : '', f.ended > 0 ? `${f.ended} ended` : ''].filter(Boolean).join(', ')}`,
  heading: {
    raised: 'New',
    again: 'Still standing, and nobody has taken note',
    ended: 'Ended',
    passed: 'Began and ended before it could be told',
  },
  line: (f) =>
    `- [${f.severity}] ${f.sentence}\n  since ${f.since}${f.ended === '' ? '' : ` until ${f.ended}`}${f.count > 1 ? `, ${f.count} times` : ''}`,
  more: (f) => `- and ${f.count} more; \`girok alarm list\` shows all of them.`,
  takeNote:
    'To take note: girok alarm acknowledge ID --by NAME. A serious alarm is told again each day until somebody does, or it ends.',
  footer: (f) => `Sent by Girok at ${f.site}. Nobody reads answers.`,
  daily: {
    subject: (f) =>
      f.serious === 0
        ? `[Girok] ${f.site}: all is well, ${f.day}`
        : `[Girok] ${f.site}: ${f.serious} serious alarm${f.serious === 1 ? '' : 's'}, ${f.day}`,
    why: 'If this mail stays away for a day, something is wrong: go and look at that machine.',
    certificate: (f) =>
      f.at === undefined ? 'Last certificate of erasing: none yet' : `Last certificate of erasing: ${f.at}`,
    checkpoint: (f) =>
      f === undefined
        ? 'Ledger last signed: not yet'
        : `Ledger last signed: ${f.at}, ${f.size} entries, root hash begins ${f.root}`,
    oldest: (f) =>
      f.day === undefined
        ? 'Oldest footage that can be decrypted: none'
        : `Oldest footage that can be decrypted: recorded on ${f.day}`,
    alarms: (f) =>
      f.count === 0 ? 'No alarm stands.' : `${f.count} alarm${f.count === 1 ? ' stands' : 's stand'} now:`,
  },
  alarm: {
    none: 'No alarms.',
    column: {
      id: 'id',
      severity: 'severity',
      since: 'since',
      ended: 'until',
      taken: 'taken by',
      noted: 'noted by',
      alarm: 'alarm',
    },
    stands: 'stands',
    sealed: '(sealed)',
    taken: (f) => `Alarm ${f.id} is taken on.`,
    acknowledged: (f) =>
      `Alarm ${f.id} is acknowledged. It stays in the list until it ends, and is not told again each day.`,
  },
  witness: {
    silentSubject: (f) => `[witness] ${f.log}: silent for more than 15 minutes`,
    overdueSubject: (f) => `[witness] ${f.log}: no certificate of erasing for more than 26 hours`,
    backSubject: (f) => `[witness] ${f.log}: all right again`,
    overdue: (f) =>
      `${f.log}: no certificate of erasing for more than 26 hours${f.last === '' ? '' : ` (the last one ${f.last})`}. Footage past its time may still be there. Tell the CCTV manager.`,
    certified: (f) => `${f.log}: certificates of erasing come again.`,
    serious: (f) => `${f.log}: at the last word from there ${f.count} serious alarm(s) stood.`,
    sendFailed: (f) => `The mail or webhook could not be sent (${f.error}). It is tried again.`,
  },
};
