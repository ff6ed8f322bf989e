import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { keepStatements } from '../../../src/db/kept-statements.ts';
import { openDatabase } from '../../../src/db/open.ts';

it('statements are prepared once, answer anew each time, and are let go of when there are many', () => {
  const folder = mkdtempSync(join(tmpdir(), 'girok-db-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const db = openDatabase({ path: join(folder, 'test.db'), synchronous: 'normal' });
  db.exec('CREATE TABLE one (a INTEGER) STRICT');
  const source = keepStatements(db);
  const all = 'SELECT * FROM one';
  const first = source.prepare(all);
  expect(first.all()).toEqual([]);
  db.exec('INSERT INTO one VALUES (3)');
  expect(source.prepare(all)).toBe(first);
  expect(first.all()).toEqual([{ a: 3 }]);
  // A newer table is what it is now, also for a statement from before.
  db.exec('ALTER TABLE one ADD COLUMN b INTEGER');
  expect(source.prepare(all).all()).toEqual([{ a: 3, b: null }]);
  for (let one = 0; one < 100; one++)
    expect(source.prepare(`SELECT ${one} AS n`).all()).toEqual([{ n: one }]);
  expect(source.prepare(all)).not.toBe(first);
  source.close();
  expect(db.open).toBe(false);
});
