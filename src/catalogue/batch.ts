import type { Database } from '../db/open.ts';
import { writeImmediate } from '../db/write.ts';
import { systemCode } from '../lib/errors.ts';
import { createApply } from './apply.ts';
import type { CatalogueChange } from './changes.ts';
import type { ChangeOutcome } from './worker-messages.ts';

/** All of a batch became durable, or nothing did and it may be tried again. */
export type BatchOutcome =
  | { readonly committed: true; readonly outcomes: readonly ChangeOutcome[] }
  | { readonly committed: false; readonly sqlite: string };

/** Faults of the moment: another writer, a full or failing disk. Trying again can help, giving up cannot. */
const PASSING =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|NOMEM|CANTOPEN|PROTOCOL|INTERRUPT)|^E(NOSPC|IO|ROFS)$/;
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/**
 * Commits batches of changes. A change that the database refuses for what it is (a constraint) is set aside,
 * so that one mistake cannot keep the others from disk for ever.
 *
 * @returns a function that throws only when the database is damaged.
 */
export function createBatchCommit(db: Database): (changes: readonly CatalogueChange[]) => BatchOutcome {
  const apply = createApply(db);

  function one(change: CatalogueChange): ChangeOutcome {
    db.exec('savepoint change');
    try {
      const result = apply(change);
      db.exec('release change');
      return { ok: true, result };
    } catch (error) {
      if (isPassing(error) || isDamage(error)) throw error;
      db.exec('rollback to change; release change');
      return { ok: false, fault: error instanceof Error ? error.message : String(error) };
    }
  }

  const attempt = (work: () => ChangeOutcome[]): BatchOutcome => {
    try {
      return { committed: true, outcomes: writeImmediate(db, work) };
    } catch (error) {
      if (!isPassing(error)) throw error;
      return { committed: false, sqlite: systemCode(error) as string };
    }
  };

  return (changes) => {
    try {
      return attempt(() => changes.map((change) => ({ ok: true, result: apply(change) })));
    } catch (error) {
      if (isDamage(error)) throw error;
      return attempt(() => changes.map(one));
    }
  };
}

const isPassing = (error: unknown) => PASSING.test(systemCode(error) ?? '');
const isDamage = (error: unknown) => DAMAGED.test(systemCode(error) ?? '');
