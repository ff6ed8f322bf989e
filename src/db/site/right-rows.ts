import type { Database } from '../open.ts';

export interface RightRow {
  readonly id: string;
  readonly account: string;
  readonly state: 'requested' | 'granted' | 'refused' | 'revoked';
  /** JSON object. */
  readonly terms: string;
  /** JSON object: a change that waits. */
  readonly proposal: string | null;
  /** Id of an account, or `first` for the first administrator's own. */
  readonly requestedBy: string;
  readonly approvedBy: string | null;
  /** µs UTC. */
  readonly requestedUs: number;
  readonly decidedUs: number | null;
}

/** Statements only; whoever writes brings the transaction, with the entry that accounts for it. */
export interface RightRows {
  find(id: string): RightRow | undefined;
  /** Those that stand. */
  granted(account: string): RightRow[];
  grantedToAnybody(): RightRow[];
  /** All there ever were, oldest first. */
  list(): RightRow[];
  add(row: RightRow): void;
  set(row: RightRow): void;
}

export function createRightRows(db: Database): RightRows {
  const columns =
    'id, account, state, terms, proposal, requested_by as requestedBy, approved_by as approvedBy, requested_us as requestedUs, decided_us as decidedUs';
  const find = db.prepare<[string], RightRow>(`select ${columns} from access_right where id = ?`);
  const granted = db.prepare<[string], RightRow>(
    `select ${columns} from access_right where account = ? and state = 'granted' order by id`,
  );
  const grantedToAnybody = db.prepare<[], RightRow>(
    `select ${columns} from access_right where state = 'granted' order by id`,
  );
  const list = db.prepare<[], RightRow>(`select ${columns} from access_right order by id`);
  const add = db.prepare(
    `insert into access_right (id, account, state, terms, proposal, requested_by, approved_by, requested_us, decided_us)
     values (@id, @account, @state, @terms, @proposal, @requestedBy, @approvedBy, @requestedUs, @decidedUs)`,
  );
  const set = db.prepare(
    `update access_right set state = @state, terms = @terms, proposal = @proposal, requested_by = @requestedBy,
       approved_by = @approvedBy, decided_us = @decidedUs where id = @id`,
  );
  return {
    find: (id) => find.get(id),
    granted: (account) => granted.all(account),
    grantedToAnybody: () => grantedToAnybody.all(),
    list: () => list.all(),
    add: (row) => void add.run(row),
    set: (row) => void set.run(row),
  };
}
