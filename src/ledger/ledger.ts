import type { Database } from '../db/open.ts';
import { createLedgerRows, type LedgerRows } from '../db/site/ledger-rows.ts';
import { writeImmediate } from '../db/write.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { type AppendOptions, appendEntry } from './append.ts';
import type { NewEntry } from './entry.ts';
import type { PersonalSealing } from './personal.ts';

/** Entries are added here, inside one transaction together with whatever they account for. */
export interface LedgerTransaction {
  readonly db: Database;
  /** @returns the entry's number. @throws ZodError for an event outside of the closed set */
  append(entry: NewEntry, options?: AppendOptions): number;
}

export interface Ledger {
  readonly rows: LedgerRows;
  /**
   * Runs `work` in one immediate transaction. What it changes and the entries that account for it become durable
   * together or not at all; nothing may be awaited in it. When this returns, they are on disk.
   *
   * @throws GirokError `ledger_missing` before the steward has begun the ledger; the system's and SQLite's errors
   *   (`SQLITE_FULL`, `SQLITE_BUSY` …) when it cannot be written: then nothing has happened.
   */
  write<T>(work: (tx: LedgerTransaction) => T): T;
}

export interface LedgerDeps {
  /** site.db, open for writing with synchronous=FULL. */
  readonly db: Database;
  readonly clock: Clock;
  /** Absent where no entry with personal fields is made. */
  readonly personal?: PersonalSealing;
  /** Told of each entry inside its transaction: what it writes commits with the entry, and throwing takes both back. */
  entered?(entry: NewEntry): void;
}

export function createLedger({ db, clock, personal, entered }: LedgerDeps): Ledger {
  const rows = createLedgerRows(db);
  const append: LedgerTransaction['append'] = (entry, options) => {
    const seq = appendEntry({ rows, clock, personal }, entry, options);
    entered?.(entry);
    return seq;
  };
  return {
    rows,
    write: (work) =>
      writeImmediate(db, () => {
        if (!rows.log()) throw new GirokError('ledger_missing', { path: db.name });
        return work({ db, append });
      }),
  };
}
