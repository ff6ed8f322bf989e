import { rmSync } from 'node:fs';
import { GirokError } from '../../lib/errors.ts';
import { migrate, schemaVersion } from '../migrate.ts';
import { type Database, openDatabase } from '../open.ts';
import { writeImmediate } from '../write.ts';
import { keyringMigrations } from './migrations.ts';

export interface EpochRow {
  readonly number: number;
  /** SHA-256 of the epoch secret: tells a lost slot from a wrong root key. */
  readonly secretHash: Buffer;
  /** HMAC under the wrapping key: tells a wrong root key before anything is unwrapped. */
  readonly kekCheck: Buffer;
  readonly createdUs: number;
}

export interface HourKeyRow {
  readonly camera: string;
  readonly day: string;
  readonly hour: number;
  readonly wrapped: Buffer;
  readonly epoch: number;
  readonly createdUs: number;
}

/** One file of wrapped keys. Every method is one short statement or one transaction; nothing waits for more. */
export interface KeyringTables {
  epoch(): EpochRow | undefined;
  find(camera: string, day: string, hour: number): HourKeyRow | undefined;
  hoursOf(camera: string, day: string): number[];
  count(): number;
  rows(): HourKeyRow[];
  /** Names and wrapped keys of an epoch as one text in the order of names: two files have the same one, or differ. */
  bytesOf(epoch: number): string;
  /** Another number after anybody else, and nobody but them, has committed something. */
  foreignChanges(): number;
  setEpoch(row: EpochRow): void;
  insert(row: HourKeyRow): void;
  clear(): void;
  write<T>(work: () => T): T;
  /** All that `work` reads is of one instant. */
  read<T>(work: () => T): T;
  close(): void;
}

export interface KeyringOpenOptions {
  readonly path: string;
  readonly readonly: boolean;
  readonly busyTimeoutMs: number;
}

/** @throws GirokError `database_damaged`, `database_newer`, `storage_missing`, `storage_readonly` */
export function openKeyringTables({ path, readonly, busyTimeoutMs }: KeyringOpenOptions): KeyringTables {
  const db = openDatabase({ path, readonly, synchronous: 'full', busyTimeoutMs });
  try {
    if (readonly) {
      const found = schemaVersion(db, path);
      const known = keyringMigrations.length;
      if (found > known) throw new GirokError('database_newer', { path, found, known });
      if (found < known) throw new GirokError('database_damaged', { path, found, known });
    } else {
      migrate(db, path, keyringMigrations);
    }
    assertWhole(db, path);
    return createTables(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes room for a new file in place of one that cannot be read. Its keys were wrapped: nothing leaks. */
export function removeKeyringFile(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true });
}

function assertWhole(db: Database, path: string): void {
  let found: unknown;
  try {
    found = db.pragma('quick_check(1)', { simple: true });
  } catch (error) {
    throw new GirokError('database_damaged', { path }, { cause: error });
  }
  if (found !== 'ok') throw new GirokError('database_damaged', { path, found: String(found) });
}

function createTables(db: Database): KeyringTables {
  const columns = 'camera, day, hour, wrapped, epoch, created_us AS createdUs';
  const epoch = db.prepare<[], EpochRow>(
    'SELECT number, secret_hash AS secretHash, kek_check AS kekCheck, created_us AS createdUs FROM epoch',
  );
  const find = db.prepare<[string, string, number], HourKeyRow>(
    `SELECT ${columns} FROM hour_key WHERE camera = ? AND day = ? AND hour = ?`,
  );
  const hours = db.prepare('SELECT hour FROM hour_key WHERE camera = ? AND day = ?').pluck();
  const all = db.prepare<[], HourKeyRow>(`SELECT ${columns} FROM hour_key`);
  const bytes = db
    .prepare<[number], string>(
      `SELECT coalesce(group_concat(camera || '|' || day || '|' || hour || '|' || hex(wrapped), char(10)), '')
       FROM (SELECT * FROM hour_key WHERE epoch = ? ORDER BY camera, day, hour)`,
    )
    .pluck();
  const count = db.prepare('SELECT count(*) FROM hour_key').pluck();
  const setEpoch = db.prepare(
    `INSERT INTO epoch (one, number, secret_hash, kek_check, created_us)
     VALUES (1, @number, @secretHash, @kekCheck, @createdUs)
     ON CONFLICT (one) DO UPDATE SET number = excluded.number, secret_hash = excluded.secret_hash,
       kek_check = excluded.kek_check, created_us = excluded.created_us`,
  );
  const insert = db.prepare(
    `INSERT INTO hour_key (camera, day, hour, wrapped, epoch, created_us)
     VALUES (@camera, @day, @hour, @wrapped, @epoch, @createdUs) ON CONFLICT DO NOTHING`,
  );
  return {
    epoch: () => epoch.get(),
    find: (camera, day, hour) => find.get(camera, day, hour),
    hoursOf: (camera, day) => hours.all(camera, day) as number[],
    count: () => Number(count.get()),
    rows: () => all.all(),
    bytesOf: (epoch) => bytes.get(epoch) as string,
    foreignChanges: () => Number(db.pragma('data_version', { simple: true })),
    setEpoch: (row) => void setEpoch.run(row),
    insert: (row) => void insert.run(row),
    clear: () => db.exec('DELETE FROM hour_key; DELETE FROM epoch'),
    write: (work) => writeImmediate(db, work),
    read: (work) => db.transaction(work).deferred(),
    close: () => db.close(),
  };
}
