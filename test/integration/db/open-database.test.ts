import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../../src/db/lock.ts';
import { type Migration, migrate, schemaVersion } from '../../../src/db/migrate.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { writeImmediate } from '../../../src/db/write.ts';

const made: string[] = [];
function databasePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'girok-db-'));
  made.push(folder);
  return join(folder, 'test.db');
}
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const steps: Migration[] = [
  { version: 1, name: 'one', up: (db) => db.exec('CREATE TABLE one (a INTEGER) STRICT') },
  { version: 2, name: 'two', up: (db) => db.exec('CREATE TABLE two (b INTEGER REFERENCES one (a)) STRICT') },
];

describe('opening a database', () => {
  it('has the durability that was asked for, also when it is opened again', () => {
    const path = databasePath();
    for (const [synchronous, level] of [
      ['full', 2],
      ['normal', 1],
      ['full', 2],
    ] as const) {
      const db = openDatabase({ path, synchronous });
      expect(db.pragma('synchronous', { simple: true })).toBe(level);
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
      expect(db.pragma('trusted_schema', { simple: true })).toBe(0);
      db.close();
    }
  });

  it('says what is wrong with a file that is none, absent or out of reach', () => {
    const path = databasePath();
    expect(() => openDatabase({ path, synchronous: 'full', readonly: true })).toThrow(/storage_missing/);
    expect(() => openDatabase({ path: join(path, 'x', 'y.db'), synchronous: 'full' })).toThrow(
      /storage_missing/,
    );
    writeFileSync(path, 'not a database, but long enough to be looked at. '.repeat(100));
    expect(() => openDatabase({ path, synchronous: 'full' })).toThrow(/database_damaged/);
  });
});

describe('migrating', () => {
  it('goes forward step by step and only once', () => {
    const path = databasePath();
    const db = openDatabase({ path, synchronous: 'full' });
    expect(migrate(db, path, steps.slice(0, 1))).toBe(1);
    expect(migrate(db, path, steps)).toBe(2);
    expect(migrate(db, path, steps)).toBe(2);
    expect(() => migrate(db, path, steps.slice(0, 1))).toThrow(/database_newer.*found=2, known=1/);
    db.close();
  });

  it('leaves a step undone that fails halfway', () => {
    const path = databasePath();
    const db = openDatabase({ path, synchronous: 'full' });
    const broken: Migration = {
      version: 2,
      name: 'broken',
      up(each) {
        each.exec('CREATE TABLE half (a INTEGER) STRICT');
        throw new Error('broken');
      },
    };
    expect(() => migrate(db, path, [steps[0]!, broken])).toThrow('broken');
    expect(schemaVersion(db, path)).toBe(1);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
    expect(migrate(db, path, steps)).toBe(2);
    db.close();
  });

  it('refuses a list with a hole', () => {
    const path = databasePath();
    const db = openDatabase({ path, synchronous: 'full' });
    expect(() => migrate(db, path, steps.slice(1))).toThrow(/internal/);
    db.close();
  });
});

describe('writing', () => {
  it('commits what returns and rolls back what throws', () => {
    const path = databasePath();
    const db = openDatabase({ path, synchronous: 'full' });
    migrate(db, path, steps);
    const add = (a: number) => db.prepare('INSERT INTO one VALUES (?)').run(a).changes;
    expect(writeImmediate(db, () => add(1))).toBe(1);
    expect(() =>
      writeImmediate(db, () => {
        add(2);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(db.prepare('SELECT a FROM one').pluck().all()).toEqual([1]);
    db.close();
  });

  it('takes its lock at the beginning, so that a second writer is refused before it has read anything', () => {
    const path = databasePath();
    const first = openDatabase({ path, synchronous: 'full' });
    const second = openDatabase({ path, synchronous: 'full', busyTimeoutMs: 0 });
    let ran = false;
    writeImmediate(first, () => {
      expect(() =>
        writeImmediate(second, () => {
          ran = true;
        }),
      ).toThrow(/locked/);
    });
    expect(ran).toBe(false);
    first.close();
    second.close();
  });
});

describe('a file lock', () => {
  it('is held by one at a time', () => {
    const path = databasePath();
    const lock = lockFile(path);
    expect(lock).toBeDefined();
    expect(lockFile(path)).toBeUndefined();
    lock?.release();
    const again = lockFile(path);
    expect(again).toBeDefined();
    again?.release();
  });
});
