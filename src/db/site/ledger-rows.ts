import { HOUR_US } from '../../lib/clock.ts';
import type { Database } from '../open.ts';
import { createRegisterRows, type RegisterRows } from './register-rows.ts';

export interface LogRow {
  readonly site: string;
  readonly origin: string;
  readonly publicKey: Buffer;
  readonly sealedSeed: Buffer;
  readonly begunUs: number;
}

export interface EntryRow {
  readonly seq: number;
  /** Canonical JSON, UTF-8. */
  readonly body: Buffer;
}

export interface NewEntryRow {
  readonly seq: number;
  readonly event: string;
  readonly spooled: string | null;
  readonly body: string;
}

export interface PersonalRow {
  readonly seq: number;
  readonly field: string;
  readonly key: string;
  readonly sealed: Buffer;
}

export interface CheckpointRow {
  readonly size: number;
  readonly note: string;
  readonly madeUs: number;
}

/** The ledger's statements. Each is one short read or write; whoever writes several brings the transaction. */
export interface LedgerRows {
  log(): LogRow | undefined;
  begin(row: LogRow): void;
  /** Number of entries. */
  size(): number;
  entry(seq: number): EntryRow | undefined;
  /** Entries from…to (exclusive) in order; nothing is held in memory. */
  entries(from: number, to: number): IterableIterator<EntryRow>;
  entriesOf(events: readonly string[], from: number): IterableIterator<EntryRow>;
  /** The newest of these events. */
  lastOf(events: readonly string[]): EntryRow | undefined;
  /** Whether any of these events is among the entries from `from` on. */
  hasEvent(events: readonly string[], from: number): boolean;
  /** @returns the number of the entry that this spool file became */
  ofSpool(name: string): number | undefined;
  addEntry(row: NewEntryRow): void;
  hash(level: number, number: number): Buffer | undefined;
  addHash(level: number, number: number, hash: Buffer): void;
  addPersonal(row: PersonalRow): void;
  personal(seq: number): PersonalRow[];
  /** Names of the keys that anything is sealed under. */
  personalKeys(): string[];
  /** Removes at most `limit` rows that are sealed under this key. @returns how many */
  removePersonal(key: string, limit: number): number;
  lastCheckpoint(): CheckpointRow | undefined;
  checkpoints(): CheckpointRow[];
  /** The newest first. */
  newestCheckpoints(most: number): CheckpointRow[];
  addCheckpoint(row: CheckpointRow): void;
  setCheckpointNote(size: number, note: string): void;
  /** Of the checkpoints made before that moment, only the last of each hour stays. */
  thinCheckpoints(beforeUs: number): void;
  readonly registers: RegisterRows;
}

export function createLedgerRows(db: Database): LedgerRows {
  const log = db.prepare<[], LogRow>(
    `select site, origin, public_key as publicKey, sealed_seed as sealedSeed, begun_us as begunUs from ledger_log`,
  );
  const begin = db.prepare(
    `insert into ledger_log (one, site, origin, public_key, sealed_seed, begun_us)
     values (1, @site, @origin, @publicKey, @sealedSeed, @begunUs)`,
  );
  const size = db.prepare('select coalesce(max(seq) + 1, 0) from ledger_entry').pluck();
  // As bytes: a text that is no longer UTF-8 must not be mended on the way to being checked.
  const entry = db.prepare<[number], EntryRow>(
    'select seq, cast(body as blob) as body from ledger_entry where seq = ?',
  );
  const entries = db.prepare<[number, number], EntryRow>(
    'select seq, cast(body as blob) as body from ledger_entry where seq >= ? and seq < ? order by seq',
  );
  const ofEvents = db.prepare<[string, number], EntryRow>(
    `select seq, cast(body as blob) as body from ledger_entry
     where event in (select value from json_each(?)) and seq >= ? order by seq`,
  );
  const lastOf = db.prepare<[string], EntryRow>(
    `select seq, cast(body as blob) as body from ledger_entry
     where seq = (select max(last) from (
       select (select max(seq) from ledger_entry where event = value) as last from json_each(?)))`,
  );
  const hasEvent = db
    .prepare(
      `select exists (select 1 from ledger_entry where event in (select value from json_each(?)) and seq >= ?)`,
    )
    .pluck();
  const ofSpool = db.prepare('select seq from ledger_entry where spooled = ?').pluck();
  const addEntry = db.prepare(
    'insert into ledger_entry (seq, event, spooled, body) values (@seq, @event, @spooled, @body)',
  );
  const hash = db.prepare('select hash from ledger_hash where level = ? and number = ?').pluck();
  const addHash = db.prepare('insert into ledger_hash (level, number, hash) values (?, ?, ?)');
  const addPersonal = db.prepare(
    'insert into ledger_personal (seq, field, key, sealed) values (@seq, @field, @key, @sealed)',
  );
  const personal = db.prepare<[number], PersonalRow>(
    'select seq, field, key, sealed from ledger_personal where seq = ? order by field',
  );
  const personalKeys = db
    .prepare(
      `with recursive known (key) as (
         select min(key) from ledger_personal
         union all
         select (select min(key) from ledger_personal where key > known.key) from known where known.key is not null
       ) select key from known where key is not null`,
    )
    .pluck();
  const removePersonal = db.prepare(
    `delete from ledger_personal where (seq, field) in
       (select seq, field from ledger_personal where key = ? limit ?)`,
  );
  const columns = 'size, note, made_us as madeUs';
  const last = db.prepare<[], CheckpointRow>(
    `select ${columns} from ledger_checkpoint order by size desc limit 1`,
  );
  const checkpoints = db.prepare<[], CheckpointRow>(`select ${columns} from ledger_checkpoint order by size`);
  const newest = db.prepare<[number], CheckpointRow>(
    `select ${columns} from ledger_checkpoint order by size desc limit ?`,
  );
  const addCheckpoint = db.prepare(
    'insert into ledger_checkpoint (size, note, made_us) values (@size, @note, @madeUs)',
  );
  const setNote = db.prepare('update ledger_checkpoint set note = ? where size = ?');
  const thin = db.prepare(
    `delete from ledger_checkpoint where made_us < ?
     and size not in (select max(size) from ledger_checkpoint group by made_us / ${HOUR_US})`,
  );
  let registers: RegisterRows | undefined;
  return {
    get registers() {
      registers ??= createRegisterRows(db);
      return registers;
    },
    log: () => log.get(),
    begin: (row) => void begin.run(row),
    size: () => size.get() as number,
    entry: (seq) => entry.get(seq),
    entries: (from, to) => entries.iterate(from, to),
    entriesOf: (events, from) => ofEvents.iterate(JSON.stringify(events), from),
    lastOf: (events) => lastOf.get(JSON.stringify(events)),
    hasEvent: (events, from) => hasEvent.get(JSON.stringify(events), from) === 1,
    ofSpool: (name) => ofSpool.get(name) as number | undefined,
    addEntry: (row) => void addEntry.run(row),
    hash: (level, number) => hash.get(level, number) as Buffer | undefined,
    addHash: (level, number, value) => void addHash.run(level, number, value),
    addPersonal: (row) => void addPersonal.run(row),
    personal: (seq) => personal.all(seq),
    personalKeys: () => personalKeys.all() as string[],
    removePersonal: (key, limit) => removePersonal.run(key, limit).changes,
    lastCheckpoint: () => last.get(),
    checkpoints: () => checkpoints.all(),
    newestCheckpoints: (most) => newest.all(most),
    addCheckpoint: (row) => void addCheckpoint.run(row),
    setCheckpointNote: (size, note) => void setNote.run(note, size),
    thinCheckpoints: (beforeUs) => void thin.run(beforeUs),
  };
}
