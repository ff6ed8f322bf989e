import type { EntryOf, Register } from './register.ts';
import { accountOf, labelOf, textsOf } from './source.ts';

type Events = 'grant.requested' | 'viewing.opened' | 'viewing.delivered' | 'viewing.closed';

/** What stands for a viewing that nobody has closed yet. */
export const OPEN = 'open';

/**
 * 열람기록 (policy 14.7): of each viewing when the footage was made, its purpose, the viewer, and when it was viewed;
 * with the requester, the cameras, the terminal, whether it was masked, the request, and what was really delivered.
 */
export const viewingLog: Register<Events> = {
  events: ['grant.requested', 'viewing.opened', 'viewing.delivered', 'viewing.closed'],
  words: ({ viewing }) => viewing,
  place(entry, index) {
    // What an officer approved was asked for before: the reason, and who asked, stand there.
    if (entry.event === 'grant.requested') return index.setName(`grant ${entry.facts.grant}`);
    const { facts } = entry;
    const name = `viewing ${facts.viewing}`;
    const row = index.named(name);
    if (entry.event === 'viewing.opened') {
      // A viewing is opened once; whatever says so again is in the ledger, and changes nothing here.
      if (row !== undefined) return;
      const { kind, cameras, grant = '' } = entry.facts;
      index.add({ kind, person: accountOf(entry.actor), cameras, outcome: OPEN });
      index.setName(name);
      const asked = index.named(`grant ${grant}`);
      if (asked !== undefined) index.attach(entry.seq, asked);
    } else if (row === undefined) return;
    else if (entry.event === 'viewing.delivered') index.addBytes(row, entry.facts.bytes);
    else {
      index.attach(row);
      index.setOutcome(row, entry.facts.outcome);
    }
  },
  cells(source, { number, entry, more, bytes }) {
    const { kinds, outcomes, masked, unmasked } = source.words.viewing;
    // Only what opens a viewing begins a row.
    const { actor, at, facts } = entry as EntryOf<'viewing.opened'>;
    const { viewing, from, to, purpose, cameras, kind, request = '', grant = '', breakglass = grant } = facts;
    const asked = more.find(({ event }) => event === 'grant.requested');
    const closed = more.filter((one) => one.event === 'viewing.closed').at(-1);
    const own = textsOf(source, entry);
    const before = asked && textsOf(source, asked);
    const text = (field: string) => own(field) || (before?.(field) ?? '');
    const outcome = closed && [outcomes[closed.facts.outcome], closed.facts.incident ?? ''].join(' ').trim();
    return [
      number,
      viewing,
      labelOf(source, from),
      labelOf(source, to),
      source.purposes?.[purpose] ?? purpose,
      text('reason'),
      text('viewer') || accountOf(actor),
      labelOf(source, at),
      labelOf(source, closed?.at),
      text('requester'),
      cameras.join(' '),
      kinds[kind],
      text('terminal'),
      facts.masked ? masked : unmasked,
      request,
      breakglass,
      bytes,
      outcome ?? '',
    ];
  },
};
