import type { Sentences } from '../ko.ts';

export const printing: Sentences['printing'] = {
  page: (f) => `Page ${f.page} of ${f.pages}`,
  register: {
    site: 'Site',
    period: 'Period',
    wholeTime: 'From the beginning until now',
    fromTo: (f) =>
      `${f.from === '' ? 'From the beginning' : `From ${f.from}`} ${f.to === '' ? 'until now' : `until before ${f.to}`}`,
    narrowed: 'Narrowed to',
    rows: 'Rows',
    count: (f) => `${f.rows.toLocaleString('en-US')} ${f.rows === 1 ? 'row' : 'rows'}`,
    taken: 'Taken out',
    takenBy: (f) => `${f.by}, ${f.at} (${f.zone})`,
    vouched: 'Checkpoint',
    checkpoint: (f) => `Checkpoint #${f.size} (${f.at})`,
    noCheckpoint: 'No checkpoint signed yet',
    empty: 'There is no record of this kind.',
  },
};
