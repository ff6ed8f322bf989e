import type { Table } from '../table-formats.ts';
import { accountOf, entriesOf, labelOf, textsOf, type ViewSource } from './source.ts';

interface Line {
  readonly before: readonly string[];
  bytes: number;
  endedAt: string;
  outcome: string;
}

/**
 * 열람기록 (policy 14.7): of each viewing when the footage was made, its purpose, the viewer, and when it was viewed;
 * with the requester, the cameras, the terminal, whether it was masked, the request, and what was really delivered.
 */
export function viewingLog(source: ViewSource): Table {
  const { name, titles, kinds, outcomes, masked, unmasked } = source.words.viewing;
  const lines = new Map<string, Line>();
  /** What an officer approved was asked for before: the reason, and who asked, stand there. */
  const asked = new Map<string, (field: string) => string>();
  for (const entry of entriesOf(source, [
    'grant.requested',
    'viewing.opened',
    'viewing.delivered',
    'viewing.closed',
  ])) {
    if (entry.event === 'grant.requested') {
      asked.set(entry.facts.grant, textsOf(source, entry));
      continue;
    }
    const { facts, at } = entry;
    const known = lines.get(facts.viewing);
    if (entry.event === 'viewing.opened') {
      const own = textsOf(source, entry);
      const text = (field: string) => own(field) || (asked.get(entry.facts.grant ?? '')?.(field) ?? '');
      const { kind, from, to, purpose, cameras, request = '', grant, breakglass } = entry.facts;
      const before = [
        labelOf(source, from),
        labelOf(source, to),
        source.purposes?.[purpose] ?? purpose,
        text('reason'),
        text('viewer') || accountOf(entry.actor),
        labelOf(source, at),
        text('requester'),
        cameras.join(' '),
        kinds[kind],
        text('terminal'),
        entry.facts.masked ? masked : unmasked,
        request,
        breakglass ?? grant ?? '',
      ];
      // A viewing is opened once; whatever says so again is in the ledger, and changes nothing here.
      if (!known) lines.set(facts.viewing, { before, bytes: 0, endedAt: '', outcome: '' });
    } else if (!known) continue;
    else if (entry.event === 'viewing.delivered') known.bytes += entry.facts.bytes;
    else {
      known.endedAt = labelOf(source, at);
      known.outcome = [outcomes[entry.facts.outcome], entry.facts.incident ?? ''].join(' ').trim();
    }
  }
  const rows = [...lines].map(([viewing, { before, bytes, endedAt, outcome }], at) => [
    at + 1,
    viewing,
    ...before.slice(0, 6),
    endedAt,
    ...before.slice(6),
    bytes,
    outcome,
  ]);
  return { name, titles, rows };
}
