import { readBody } from '../entry.ts';
import type { Table } from '../table-formats.ts';
import { labelOf, type ViewSource } from './source.ts';

/** Every entry as it stands. */
export function allEntries(source: ViewSource): Table {
  const { rows, words } = source;
  const lines = [...rows.entries(0, Number.MAX_SAFE_INTEGER)].map(({ body }) => {
    const { seq, at, committedAt, actor, event, facts } = readBody(body);
    const when = [labelOf(source, at), labelOf(source, committedAt)];
    return [seq, ...when, actor, words.events[event], event, JSON.stringify(facts)];
  });
  const { name, titles } = words.entries;
  return { name, titles, rows: lines };
}
