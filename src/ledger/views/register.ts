import type { NewRegisterRow } from '../../db/site/register-rows.ts';
import type { LedgerEntry } from '../entry.ts';
import type { LedgerEvent, LedgerEventName } from '../events.ts';
import type { ViewSource } from './source.ts';
import type { ViewWords } from './words.ts';

/** An entry of one of these events. */
export type EntryOf<Name extends LedgerEventName> = Extract<LedgerEvent, { event: Name }> &
  Omit<LedgerEntry, 'event' | 'facts'>;

/** Where the rows of one register are noted: in site.db, or in memory for whoever reads the ledger through. */
export interface RowIndex {
  add(row: Omit<NewRegisterRow, 'atUs' | 'late' | 'seq'>): void;
  /** The row that an earlier entry begins or says more of. */
  rowOf(seq: number): number | undefined;
  /** The entry that is being placed, or another one, says more of this row. */
  attach(row: number, seq?: number): void;
  setOutcome(row: number, outcome: string): void;
  addBytes(row: number, bytes: number): void;
  named(name: string): number | undefined;
  /** What later entries call the entry that is being placed. */
  setName(name: string): void;
}

/** All that a row is made out of. */
export interface RowRead<Name extends LedgerEventName = LedgerEventName> {
  readonly number: number;
  /** It begins with this one. */
  readonly entry: EntryOf<Name>;
  /** Others that say something of it, in their order. */
  readonly more: readonly EntryOf<Name>[];
  readonly bytes: number;
}

/** A register: which entries its rows are made of, and how. Nothing is kept for it but where they are. */
export interface Register<Name extends LedgerEventName = LedgerEventName> {
  readonly events: readonly Name[];
  words(words: ViewWords): { readonly name: string; readonly titles: readonly string[] };
  /** Told of each entry of these events, once and in their order. */
  place(entry: EntryOf<Name>, index: RowIndex): void;
  /** As many cells as there are titles. */
  cells(source: ViewSource, row: RowRead<Name>): (string | number)[];
}
