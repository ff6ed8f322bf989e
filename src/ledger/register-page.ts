import type { LedgerRows } from '../db/site/ledger-rows.ts';
import type { RegisterRow, RowsWanted } from '../db/site/register-rows.ts';
import { MINUTE_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { BODY_SHAPE } from './entry.ts';
import { entryAt, type ViewSource } from './views/source.ts';
import { type RegisterName, registerOf } from './views.ts';

/** Which rows of a register; all that is given must be so. Instants: µs UTC. */
export interface RegisterFilter {
  /** When it happened, from…to (exclusive). */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly kind?: string | undefined;
  /** Id of an account. */
  readonly person?: string | undefined;
  readonly camera?: string | undefined;
  readonly outcome?: string | undefined;
}

export interface PageWanted extends RegisterFilter {
  readonly order: 'newest' | 'oldest';
  /** The row behind which it goes on, by its entry. */
  readonly behind?: number | undefined;
  readonly most: number;
  /** As if the ledger ended with so many entries. */
  readonly size?: number | undefined;
}

export interface RegisterLine extends Omit<RegisterRow, 'bytes'> {
  readonly cells: readonly (string | number)[];
}

export interface RegisterPage {
  readonly lines: readonly RegisterLine[];
  /** There is more behind the last line. */
  readonly isMore: boolean;
}

/** The rows that a page has, without what stands in them. */
export function findRows(
  rows: LedgerRows,
  register: RegisterName,
  { fromUs, toUs, behind, size = rows.size(), order, ...wanted }: PageWanted,
): RegisterRow[] {
  const first = fromUs === undefined ? 0 : firstCommitted(rows, fromUs, size);
  const end = toUs === undefined ? size : endOf(rows, register, fromUs ?? 0, toUs, size);
  const found: RowsWanted = {
    ...wanted,
    order,
    fromUs,
    toUs,
    fromSeq: order === 'oldest' && behind !== undefined ? Math.max(first, behind + 1) : first,
    toSeq: order === 'newest' && behind !== undefined ? Math.min(end, behind) : end,
  };
  return rows.registers.find(register, found);
}

/** What stands in a row that was found: its personal texts are opened where the source can. */
export function lineOf(source: ViewSource, name: RegisterName, row: RegisterRow): RegisterLine {
  const { bytes, ...found } = row;
  const cells = registerOf(name).cells(source, {
    number: row.number,
    entry: entryAt(source, row.seq),
    more: source.rows.registers.attached(name, row.seq).map((seq) => entryAt(source, seq)),
    bytes,
  });
  return { ...found, cells };
}

/** One page of a register; what lies before and behind it is not read. */
export function registerPage(source: ViewSource, name: RegisterName, wanted: PageWanted): RegisterPage {
  const found = findRows(source.rows, name, { ...wanted, most: wanted.most + 1 });
  const lines = found.slice(0, wanted.most).map((row) => lineOf(source, name, row));
  return { lines, isMore: found.length > wanted.most };
}

/**
 * An entry is entered after it happened, mostly at once: whatever happened before `toUs` is among the entries that were
 * committed by then and a minute later, but for those that were entered late, of which the index knows the last.
 */
function endOf(rows: LedgerRows, register: RegisterName, fromUs: number, toUs: number, size: number): number {
  const prompt = firstCommitted(rows, toUs + MINUTE_US, size);
  const late = rows.registers.lastLate(register, fromUs, toUs) ?? -1;
  return Math.min(size, Math.max(prompt, late + 1));
}

/** The first entry that was committed at this moment or later: they never decrease. */
function firstCommitted(rows: LedgerRows, us: number, size: number): number {
  let [from, to] = [0, size];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (committedUs(rows, middle) < us) from = middle + 1;
    else to = middle;
  }
  return from;
}

function committedUs(rows: LedgerRows, seq: number): number {
  const [, committedAt] = BODY_SHAPE.exec(rows.entry(seq)?.body.toString('latin1') ?? '') ?? [];
  if (committedAt === undefined) throw new GirokError('ledger_damaged', { entry: seq });
  return Date.parse(committedAt) * 1000;
}
