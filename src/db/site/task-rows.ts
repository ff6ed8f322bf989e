import type { Database } from '../open.ts';

export interface TaskRow {
  readonly id: string;
  readonly kind: string;
  /** `YYYY-MM`, of the site. */
  readonly month: string;
  /** Instants: µs UTC. */
  readonly openedUs: number;
  readonly dueUs: number;
  /** Absent while it waits for a person. */
  readonly doneUs: number | null;
  /** The entry that says that it is done. */
  readonly doneSeq: number | null;
  /** When somebody last looked and found it not in order. */
  readonly faultedUs: number | null;
}

/** Statements only; whoever writes brings the transaction, with the entry that accounts for it. */
export interface TaskRows {
  find(id: string): TaskRow | undefined;
  /** By month. */
  list(): TaskRow[];
  open(row: Pick<TaskRow, 'id' | 'kind' | 'month' | 'openedUs' | 'dueUs'>): void;
  done(id: string, doneUs: number, doneSeq: number): void;
  faulted(id: string, faultedUs: number): void;
}

export function createTaskRows(db: Database): TaskRows {
  const columns =
    'id, kind, month, opened_us as openedUs, due_us as dueUs, done_us as doneUs, done_seq as doneSeq, faulted_us as faultedUs';
  const find = db.prepare<[string], TaskRow>(`select ${columns} from task where id = ?`);
  const list = db.prepare<[], TaskRow>(`select ${columns} from task order by month, id`);
  const open = db.prepare(
    'insert into task (id, kind, month, opened_us, due_us) values (@id, @kind, @month, @openedUs, @dueUs)',
  );
  const done = db.prepare('update task set done_us = ?, done_seq = ? where id = ?');
  const faulted = db.prepare('update task set faulted_us = ? where id = ?');
  return {
    find: (id) => find.get(id),
    list: () => list.all(),
    open: (row) => void open.run(row),
    done: (id, doneUs, doneSeq) => void done.run(doneUs, doneSeq, id),
    faulted: (id, faultedUs) => void faulted.run(faultedUs, id),
  };
}
