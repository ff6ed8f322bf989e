import type { Database } from '../db/open.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { writeImmediate } from '../db/write.ts';
import { type Clock, DAY_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { parseCheckpoint, type SignedCheckpoint, signCheckpoint } from './checkpoint.ts';
import type { LogIdentity } from './log.ts';
import { isSignedBy, type VerifierKey } from './note.ts';
import { rootOf } from './tree.ts';

export interface Checkpoints {
  /** The newest one that was signed. */
  last(): SignedCheckpoint | undefined;
  /**
   * Signs the ledger as it is now.
   *
   * @returns undefined when nothing was added since the last one
   * @throws GirokError `ledger_damaged` when the ledger no longer contains what the last one vouched for: a log never
   *   signs two histories
   */
  make(): SignedCheckpoint | undefined;
  /** Keeps what a witness has added to one, once for each witness. */
  addSignature(checkpoint: SignedCheckpoint, witness: VerifierKey, line: string): void;
}

export function createCheckpoints(
  db: Database,
  { identity, clock }: { identity: LogIdentity; clock: Clock },
): Checkpoints {
  const rows = createLedgerRows(db);
  const last = () => {
    const row = rows.lastCheckpoint();
    const checkpoint = row && parseCheckpoint(row.note);
    if (row && checkpoint?.size !== row.size) throw new GirokError('ledger_damaged', { size: row.size });
    return checkpoint;
  };
  return {
    last,
    make: () =>
      writeImmediate(db, () => {
        const before = last();
        const size = rows.size();
        if (before) {
          if (before.size > size || !rootOf(before.size, rows).equals(before.root))
            throw new GirokError('ledger_damaged', { size: before.size, found: size });
          if (before.size === size) return undefined;
        }
        const root = rootOf(size, rows);
        const note = signCheckpoint(
          { origin: identity.origin, size, root },
          identity.key,
          identity.signing.privateKey,
        );
        const madeUs = clock.utcUs();
        // Enough to say later where a change lies: all of the last day, one an hour of what is older.
        rows.thinCheckpoints(madeUs - DAY_US);
        rows.addCheckpoint({ size, note, madeUs });
        return parseCheckpoint(note);
      }),
    addSignature(checkpoint, witness, line) {
      if (checkpoint.signed.signatures.some((one) => isSignedBy(one, witness))) return;
      rows.setCheckpointNote(checkpoint.size, `${checkpoint.note}${line}\n`);
    },
  };
}
