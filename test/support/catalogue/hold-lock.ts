import { openDatabase } from '../../../src/db/open.ts';

/** Another process with the write lock: takes it, says `locked`, gives it back when told anything on stdin. */
const path = process.argv[2];
if (!path) throw new Error('usage: hold-lock DATABASE');
const db = openDatabase({ path, synchronous: 'full' });
db.exec('BEGIN IMMEDIATE');
process.stdout.write('locked\n');
process.stdin.once('data', () => {
  db.exec('ROLLBACK');
  db.close();
  process.exit(0);
});
