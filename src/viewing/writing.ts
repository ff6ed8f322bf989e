import type { LedgerRows } from '../db/site/ledger-rows.ts';
import type { Ledger, LedgerTransaction } from '../ledger/ledger.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import type { Alarms } from '../stewardship/alarms.ts';

/** How viewing reaches the ledger. While it cannot, nothing is shown, and an alarm says so. */
export interface ViewingWriting {
  readonly ledgerRows: LedgerRows;
  /** @throws GirokError `viewing_unrecorded`; whatever `work` refuses with comes through as it is */
  write<T>(work: (tx: LedgerTransaction) => T): T;
}

/** Thrown inside a transaction to take it back: not the ledger's fault. */
const OURS = new Set(['viewing_unknown', 'viewing_over', 'viewing_refused', 'viewing_input']);

export function createViewingWriting(deps: {
  readonly ledger: Ledger;
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>;
}): ViewingWriting {
  return {
    ledgerRows: deps.ledger.rows,
    write(work) {
      try {
        const result = deps.ledger.write(work);
        deps.alarms.clear('viewing_unrecorded', '');
        return result;
      } catch (error) {
        if (error instanceof GirokError && OURS.has(error.code)) throw error;
        const system = systemCode(error) ?? 'unknown';
        deps.alarms.raise('viewing_unrecorded', '', { error: system });
        throw new GirokError('viewing_unrecorded', { system }, { cause: error });
      }
    },
  };
}
