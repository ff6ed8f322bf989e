import type { Database } from '../open.ts';

/** Something handed out. What it is, and to whom, stands sealed beside its entry. */
export interface ItemRow {
  /** `YYYY-NNNN` */
  readonly number: string;
  readonly year: number;
  /** 1, 2, 3 … of the year, without gaps. */
  readonly ordinal: number;
  readonly kind: string;
  readonly hold: string | null;
  /** Local day. */
  readonly dueDay: string | null;
  readonly handedDay: string;
  /** The entry of the handing out. */
  readonly seq: number;
  readonly returnedDay: string | null;
  readonly destroyedDay: string | null;
  readonly method: string | null;
  /** The last entry that concerns it. */
  readonly lastSeq: number;
}

/** Statements only; whoever writes brings the transaction, with the entry that accounts for it. */
export interface ItemRows {
  find(number: string): ItemRow | undefined;
  list(): ItemRow[];
  /** The last ordinal of a year; 0 before its first. */
  last(year: number): number;
  add(row: ItemRow): void;
  returned(number: string, day: string, seq: number): void;
  destroyed(number: string, day: string, method: string, seq: number): void;
}

export function createItemRows(db: Database): ItemRows {
  const columns =
    'number, year, ordinal, kind, hold, due_day as dueDay, handed_day as handedDay, seq, returned_day as returnedDay, destroyed_day as destroyedDay, method, last_seq as lastSeq';
  const find = db.prepare<[string], ItemRow>(`select ${columns} from handed_out where number = ?`);
  const list = db.prepare<[], ItemRow>(`select ${columns} from handed_out order by year, ordinal`);
  const last = db.prepare('select coalesce(max(ordinal), 0) from handed_out where year = ?').pluck();
  const add = db.prepare(
    `insert into handed_out (number, year, ordinal, kind, hold, due_day, handed_day, seq, last_seq)
     values (@number, @year, @ordinal, @kind, @hold, @dueDay, @handedDay, @seq, @lastSeq)`,
  );
  const returned = db.prepare('update handed_out set returned_day = ?, last_seq = ? where number = ?');
  const destroyed = db.prepare(
    'update handed_out set destroyed_day = ?, method = ?, last_seq = ? where number = ?',
  );
  return {
    find: (number) => find.get(number),
    list: () => list.all(),
    last: (year) => last.get(year) as number,
    add: (row) => void add.run(row),
    returned: (number, day, seq) => void returned.run(day, seq, number),
    destroyed: (number, day, method, seq) => void destroyed.run(day, method, seq, number),
  };
}
