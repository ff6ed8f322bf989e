import type { Database } from './open.ts';

/**
 * Runs `work` between BEGIN IMMEDIATE and COMMIT and returns what it returns; anything thrown rolls back.
 * Immediate, because a transaction that begins as a reader and turns writer fails at once when somebody else
 * wrote in between, whatever the busy timeout says. `work` is synchronous: nothing may be awaited while the
 * write lock is held.
 */
export function writeImmediate<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  let result: T;
  try {
    result = work();
    db.exec('COMMIT');
  } catch (error) {
    // SQLite has already rolled back after some errors (disk full, I/O): then there is nothing left to undo.
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
  return result;
}
