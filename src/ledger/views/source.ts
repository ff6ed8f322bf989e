import type { LedgerRows } from '../../db/site/ledger-rows.ts';
import { GirokError } from '../../lib/errors.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import { type LedgerEntry, readBody } from '../entry.ts';
import type { LedgerEventName } from '../events.ts';
import { openPersonal, type PersonalOpening } from '../personal.ts';
import type { EntryOf } from './register.ts';
import type { ViewWords } from './words.ts';

/** What a register is made out of. */
export interface ViewSource {
  readonly rows: LedgerRows;
  readonly siteTime: SiteTime;
  readonly words: ViewWords;
  /** Absent: personal texts stay sealed. */
  readonly opening?: PersonalOpening | undefined;
  /** What the purposes of cameras.yml are called, by their ids. */
  readonly purposes?: Readonly<Record<string, string>>;
}

/** In their order, one in memory at a time. */
export function* entriesOf<Name extends LedgerEventName>(
  { rows }: ViewSource,
  events: readonly Name[],
): Generator<EntryOf<Name>> {
  // The rows are asked for these events alone.
  for (const { body } of rows.entriesOf(events, 0)) yield readBody(body) as unknown as EntryOf<Name>;
}

/** One that a register has found. @throws GirokError `ledger_damaged` where it is not there */
export function entryAt<Name extends LedgerEventName>({ rows }: ViewSource, seq: number): EntryOf<Name> {
  const row = rows.entry(seq);
  if (!row) throw new GirokError('ledger_damaged', { entry: seq });
  return readBody(row.body) as unknown as EntryOf<Name>;
}

/** Reads a personal field of an entry, as it is shown: '' where the entry has none of that name. */
export function textsOf(
  { rows, opening, words }: ViewSource,
  entry: Pick<LedgerEntry, 'personal' | 'seq'> & object,
): (field: string) => string {
  const opened = opening && openPersonal(entry as LedgerEntry, rows, opening);
  return (field) => {
    if (entry.personal?.[field] === undefined) return '';
    const found = opened?.[field];
    if (found === undefined) return words.sealed;
    return typeof found === 'string' ? words[found] : found.text;
  };
}

/** An instant, ISO 8601, in the site's time; '' for none. */
export const labelOf = ({ siteTime }: ViewSource, iso: string | undefined): string =>
  iso === undefined ? '' : siteTime.label(Date.parse(iso) * 1000);

export const accountOf = (actor: string): string => actor.slice(actor.indexOf(':') + 1);
