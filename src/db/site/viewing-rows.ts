import type { Database } from '../open.ts';

/** Instants: µs UTC. */
export interface GrantRow {
  readonly id: string;
  readonly account: string;
  readonly kind: 'recorded' | 'live';
  readonly state: 'requested' | 'made' | 'refused' | 'revoked';
  /** Null until it is made. */
  readonly basis: 'right' | 'approval' | 'breakglass' | null;
  readonly purpose: string;
  /** JSON array of ids. */
  readonly cameras: string;
  /** The footage's own time; null for live pictures. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  readonly askedUs: number;
  readonly madeUs: number | null;
  readonly untilUs: number | null;
  readonly approvedBy: string | null;
  /** Of the night without an officer: when it was reviewed. */
  readonly reviewedUs: number | null;
  /** The entry that has its reason sealed beside it. */
  readonly seq: number;
}

export interface ViewingRow {
  readonly id: string;
  readonly grantId: string;
  readonly account: string;
  readonly kind: 'recorded' | 'live' | 'shift';
  readonly openedUs: number;
  /** Null while it is open. */
  readonly closedUs: number | null;
  readonly outcome: string | null;
  /** JSON: what was handed out and is not entered yet, as of the last few seconds. */
  readonly unentered: string;
}

/** Statements only; whoever writes brings the transaction, with the entry that accounts for it. */
export interface ViewingRows {
  grant(id: string): GrantRow | undefined;
  /** Newest first. */
  grants(filter: { account?: string; state?: GrantRow['state'] }, limit: number): GrantRow[];
  /** Made without an officer, and nobody has looked at them yet; oldest first. */
  unreviewed(): GrantRow[];
  addGrant(row: GrantRow): void;
  /** @returns whether it stood in `from` */
  moveGrant(id: string, from: GrantRow['state'], to: GrantRow['state']): boolean;
  made(id: string, made: Pick<GrantRow, 'basis' | 'madeUs' | 'untilUs' | 'approvedBy'>): void;
  reviewed(id: string, reviewedUs: number): void;
  viewing(id: string): ViewingRow | undefined;
  /** Newest first. */
  viewings(filter: { account?: string }, limit: number): ViewingRow[];
  openViewings(): ViewingRow[];
  addViewing(row: Pick<ViewingRow, 'id' | 'grantId' | 'account' | 'kind' | 'openedUs'>): void;
  keepUnentered(id: string, unentered: string): void;
  /** @returns whether it was open */
  closeViewing(id: string, closedUs: number, outcome: string): boolean;
}

const GRANT =
  'id, account, kind, state, basis, purpose, cameras, from_us as fromUs, to_us as toUs, asked_us as askedUs, made_us as madeUs, until_us as untilUs, approved_by as approvedBy, reviewed_us as reviewedUs, seq';
const VIEWING =
  'id, grant_id as grantId, account, kind, opened_us as openedUs, closed_us as closedUs, outcome, unentered';

export function createViewingRows(db: Database): ViewingRows {
  const grant = db.prepare<[string], GrantRow>(`select ${GRANT} from viewing_grant where id = ?`);
  const grants = db.prepare<[object], GrantRow>(
    `select ${GRANT} from viewing_grant where (@account is null or account = @account)
     and (@state is null or state = @state) order by id desc limit @limit`,
  );
  const unreviewed = db.prepare<[], GrantRow>(
    `select ${GRANT} from viewing_grant where basis = 'breakglass' and reviewed_us is null order by id`,
  );
  const addGrant = db.prepare(
    `insert into viewing_grant (id, account, kind, state, basis, purpose, cameras, from_us, to_us, asked_us, made_us,
     until_us, approved_by, reviewed_us, seq) values (@id, @account, @kind, @state, @basis, @purpose, @cameras, @fromUs,
     @toUs, @askedUs, @madeUs, @untilUs, @approvedBy, @reviewedUs, @seq)`,
  );
  const moveGrant = db.prepare('update viewing_grant set state = @to where id = @id and state = @from');
  const made = db.prepare(
    'update viewing_grant set basis = @basis, made_us = @madeUs, until_us = @untilUs, approved_by = @approvedBy where id = @id',
  );
  const reviewed = db.prepare('update viewing_grant set reviewed_us = ? where id = ?');
  const viewing = db.prepare<[string], ViewingRow>(`select ${VIEWING} from viewing where id = ?`);
  const viewings = db.prepare<[object], ViewingRow>(
    `select ${VIEWING} from viewing where @account is null or account = @account order by id desc limit @limit`,
  );
  const openViewings = db.prepare<[], ViewingRow>(
    `select ${VIEWING} from viewing where closed_us is null order by id`,
  );
  const addViewing = db.prepare(
    'insert into viewing (id, grant_id, account, kind, opened_us) values (@id, @grantId, @account, @kind, @openedUs)',
  );
  const keepUnentered = db.prepare('update viewing set unentered = ? where id = ? and closed_us is null');
  const closeViewing = db.prepare(
    `update viewing set closed_us = ?, outcome = ?, unentered = '[]' where id = ? and closed_us is null`,
  );
  return {
    grant: (id) => grant.get(id),
    grants: ({ account = null, state = null }, limit) => grants.all({ account, state, limit }),
    unreviewed: () => unreviewed.all(),
    addGrant: (row) => void addGrant.run(row),
    moveGrant: (id, from, to) => moveGrant.run({ id, from, to }).changes === 1,
    made: (id, facts) => void made.run({ id, ...facts }),
    reviewed: (id, reviewedUs) => void reviewed.run(reviewedUs, id),
    viewing: (id) => viewing.get(id),
    viewings: ({ account = null }, limit) => viewings.all({ account, limit }),
    openViewings: () => openViewings.all(),
    addViewing: (row) => void addViewing.run(row),
    keepUnentered: (id, unentered) => void keepUnentered.run(unentered, id),
    closeViewing: (id, closedUs, outcome) => closeViewing.run(closedUs, outcome, id).changes === 1,
  };
}
