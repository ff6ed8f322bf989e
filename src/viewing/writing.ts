import type { LedgerRows } from '../db/site/ledger-rows.ts';
import type { Ledger, LedgerTransaction } from '../ledger/ledger.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { Alarms } from '../stewardship/alarms.ts';

/** How viewing reaches the ledger. While it cannot, nothing is shown, and an alarm says so. */
export interface ViewingWriting {
  readonly ledgerRows: LedgerRows;
  /** @throws GirokError `viewing_unrecorded`; whatever `work` refuses with comes through as it is */
  write<T>(work: (tx: LedgerTransaction) => T): T;
  /** Ends the alarm where an entry of whomever shows that the ledger is written again. */
  look(): void;
}

/** Of the database as such: whoever writes it meets them, and who has written it shows that they are over. */
const OF_ALL: ReadonlySet<string> = new Set(['SQLITE_FULL', 'SQLITE_BUSY']);

/** Thrown inside a transaction to take it back: not the ledger's fault. */
const OURS = new Set(['viewing_unknown', 'viewing_over', 'viewing_refused', 'viewing_input']);

export function createViewingWriting(deps: {
  readonly ledger: Ledger;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
}): ViewingWriting {
  const { ledger, alarms } = deps;
  /** Entries there were when it could not be written for a cause that all writers meet. */
  let sizeThen: number | undefined;
  const over = () => {
    sizeThen = undefined;
    alarms.clear('viewing_unrecorded', '');
  };
  return {
    ledgerRows: ledger.rows,
    look() {
      if (sizeThen !== undefined && ledger.rows.size() > sizeThen) over();
    },
    write(work) {
      try {
        const result = ledger.write(work);
        over();
        return result;
      } catch (error) {
        if (error instanceof GirokError && OURS.has(error.code)) throw error;
        const system = systemCode(error) ?? 'unknown';
        alarms.raise('viewing_unrecorded', '', { error: system });
        sizeThen = OF_ALL.has(system) ? sizeOf(ledger) : undefined;
        throw new GirokError('viewing_unrecorded', { system }, { cause: error });
      }
    },
  };
}

/** Undefined where it cannot even be read: then only writing it shows that it is over. */
function sizeOf({ rows }: Ledger): number | undefined {
  try {
    return rows.size();
  } catch {
    return undefined;
  }
}
