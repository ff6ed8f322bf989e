import type { Database } from '../open.ts';

/** One row of a register, as it is found. */
export interface RegisterRow {
  /** The entry that it begins with. */
  readonly seq: number;
  readonly number: number;
  readonly kind: string;
  readonly person: string | null;
  readonly outcome: string | null;
  readonly bytes: number;
}

export interface NewRegisterRow {
  readonly seq: number;
  /** µs UTC. */
  readonly atUs: number;
  /** Entered more than a minute after it happened. */
  readonly late: boolean;
  readonly kind: string;
  readonly person?: string | undefined;
  readonly outcome?: string | undefined;
  readonly cameras?: readonly string[] | undefined;
}

/** Which rows. All that is given must be so. */
export interface RowsWanted {
  /** Entries from…to (exclusive). */
  readonly fromSeq: number;
  readonly toSeq: number;
  /** When it happened, µs UTC, from…to (exclusive). */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly kind?: string | undefined;
  readonly person?: string | undefined;
  readonly outcome?: string | undefined;
  readonly camera?: string | undefined;
  readonly order: 'newest' | 'oldest';
  readonly most: number;
}

/** The statements of the registers' index. Whoever writes brings the transaction of the entry that it is about. */
export interface RegisterRows {
  /** How many entries have been read into it. */
  read(): number;
  setRead(entries: number): void;
  add(register: string, row: NewRegisterRow): void;
  /** The row that this entry begins or says more of. */
  rowOf(register: string, seq: number): number | undefined;
  attach(register: string, row: number, seq: number): void;
  attached(register: string, row: number): number[];
  setOutcome(register: string, row: number, outcome: string): void;
  addBytes(register: string, row: number, bytes: number): void;
  named(register: string, name: string): number | undefined;
  setName(register: string, name: string, seq: number): void;
  /** Rows of the whole register. */
  count(register: string): number;
  find(register: string, wanted: RowsWanted): RegisterRow[];
  /** The last of those that happened in this time and were entered late. */
  lastLate(register: string, fromUs: number, toUs: number): number | undefined;
  /** What there is of one column, sorted. */
  kinds(register: string): string[];
  persons(register: string): string[];
  outcomes(register: string): string[];
  cameras(register: string): string[];
}

const COLUMNS = 'r.seq, r.number, r.kind, r.person, r.outcome, r.bytes';

export function createRegisterRows(db: Database): RegisterRows {
  const read = db.prepare('select entries from register_read').pluck();
  const setRead = db.prepare('update register_read set entries = ?');
  const last = db
    .prepare('select number from register_row where register = ? order by seq desc limit 1')
    .pluck();
  const add = db.prepare(
    `insert into register_row (register, seq, number, at_us, late, person, kind, outcome)
     values (@register, @seq, @number, @atUs, @late, @person, @kind, @outcome)`,
  );
  const addCamera = db.prepare(
    'insert or ignore into register_camera (register, camera, seq) values (?, ?, ?)',
  );
  const has = db.prepare('select seq from register_row where register = ? and seq = ?').pluck();
  const owner = db
    .prepare('select row_seq from register_more where register = ? and seq = ? limit 1')
    .pluck();
  const attach = db.prepare('insert or ignore into register_more (register, seq, row_seq) values (?, ?, ?)');
  const attached = db
    .prepare('select seq from register_more where register = ? and row_seq = ? order by seq')
    .pluck();
  const setOutcome = db.prepare('update register_row set outcome = ? where register = ? and seq = ?');
  const addBytes = db.prepare('update register_row set bytes = bytes + ? where register = ? and seq = ?');
  const named = db.prepare('select seq from register_name where register = ? and name = ?').pluck();
  const setName = db.prepare('insert or replace into register_name (register, name, seq) values (?, ?, ?)');
  const lastLate = db
    .prepare('select max(seq) from register_row where register = ? and late = 1 and at_us >= ? and at_us < ?')
    .pluck();
  /** Each value costs one look-up, however many rows have it. */
  const valuesOf = (table: string, column: string) => {
    const next = `select min(${column}) from ${table} where register = @register`;
    return db
      .prepare(
        `with recursive known (value) as (
           ${next}
           union all
           select (${next} and ${column} > known.value) from known where known.value is not null
         ) select value from known where value is not null`,
      )
      .pluck();
  };
  const values = {
    kinds: valuesOf('register_row', 'kind'),
    persons: valuesOf('register_row', 'person'),
    outcomes: valuesOf('register_row', 'outcome'),
    cameras: valuesOf('register_camera', 'camera'),
  };
  const finding = new Map<string, ReturnType<typeof db.prepare<[object], RegisterRow>>>();
  const statement = (text: string) => {
    const known = finding.get(text) ?? db.prepare<[object], RegisterRow>(text);
    finding.set(text, known);
    return known;
  };
  return {
    read: () => read.get() as number,
    setRead: (entries) => void setRead.run(entries),
    add(register, { seq, atUs, late, person, kind, outcome, cameras = [] }) {
      const number = ((last.get(register) as number | undefined) ?? 0) + 1;
      add.run({
        register,
        seq,
        number,
        atUs,
        late: late ? 1 : 0,
        person: person ?? null,
        kind,
        outcome: outcome ?? null,
      });
      for (const camera of cameras) addCamera.run(register, camera, seq);
    },
    rowOf: (register, seq) => (has.get(register, seq) ?? owner.get(register, seq)) as number | undefined,
    attach: (register, row, seq) => void attach.run(register, seq, row),
    attached: (register, row) => attached.all(register, row) as number[],
    setOutcome: (register, row, outcome) => void setOutcome.run(outcome, register, row),
    addBytes: (register, row, bytes) => void addBytes.run(bytes, register, row),
    named: (register, name) => named.get(register, name) as number | undefined,
    setName: (register, name, seq) => void setName.run(register, name, seq),
    count: (register) => (last.get(register) as number | undefined) ?? 0,
    find: (register, { order, ...wanted }) => statement(findText(wanted, order)).all({ register, ...wanted }),
    lastLate: (register, fromUs, toUs) =>
      (lastLate.get(register, fromUs, toUs) as number | null | undefined) ?? undefined,
    kinds: (register) => values.kinds.all({ register }) as string[],
    persons: (register) => values.persons.all({ register }) as string[],
    outcomes: (register) => values.outcomes.all({ register }) as string[],
    cameras: (register) => values.cameras.all({ register }) as string[],
  };
}

/** In the order of an index each time, so that a page ends as soon as it is full. */
function findText(wanted: Omit<RowsWanted, 'order'>, order: RowsWanted['order']): string {
  const conditions = [
    'r.register = @register and r.seq >= @fromSeq and r.seq < @toSeq',
    ...(wanted.fromUs === undefined ? [] : ['r.at_us >= @fromUs']),
    ...(wanted.toUs === undefined ? [] : ['r.at_us < @toUs']),
    ...(['kind', 'person', 'outcome'] as const).flatMap((column) =>
      wanted[column] === undefined ? [] : [`r.${column} = @${column}`],
    ),
  ].join(' and ');
  const direction = order === 'newest' ? 'desc' : 'asc';
  if (wanted.camera === undefined)
    return `select ${COLUMNS} from register_row r where ${conditions} order by r.seq ${direction} limit @most`;
  return `select ${COLUMNS} from register_camera c cross join register_row r on r.register = c.register and r.seq = c.seq
    where c.register = @register and c.camera = @camera and c.seq >= @fromSeq and c.seq < @toSeq and ${conditions}
    order by c.seq ${direction} limit @most`;
}
