import type { Database } from '../open.ts';

/** Instants in µs UTC. */
export interface SessionRow {
  readonly id: string;
  /** SHA-256 of what the browser has. */
  readonly token: Buffer;
  readonly account: string;
  readonly createdUs: number;
  readonly usedUs: number;
  readonly endsUs: number;
  readonly provenUs: number;
  readonly factor: 'totp' | 'webauthn' | 'recovery' | null;
  readonly address: string;
  readonly outside: 0 | 1;
}

/** Statements only; whoever writes several brings the transaction. */
export interface SessionRows {
  find(id: string): SessionRow | undefined;
  byToken(token: Buffer): SessionRow | undefined;
  of(account: string): SessionRow[];
  /** Unused since, or at their end. */
  over(unusedSinceUs: number, nowUs: number): SessionRow[];
  add(row: SessionRow): void;
  used(id: string, atUs: number): void;
  proven(id: string, atUs: number): void;
  factor(id: string, factor: NonNullable<SessionRow['factor']> | null): void;
  /** @returns false where it was gone */
  remove(id: string): boolean;
}

export function createSessionRows(db: Database): SessionRows {
  const columns =
    'id, token, account, created_us as createdUs, used_us as usedUs, ends_us as endsUs, proven_us as provenUs, factor, address, outside';
  const find = db.prepare<[string], SessionRow>(`select ${columns} from session where id = ?`);
  const byToken = db.prepare<[Buffer], SessionRow>(`select ${columns} from session where token = ?`);
  const of = db.prepare<[string], SessionRow>(`select ${columns} from session where account = ? order by id`);
  const over = db.prepare<[number, number], SessionRow>(
    `select ${columns} from session where used_us <= ? or ends_us <= ? order by id limit 1000`,
  );
  const add = db.prepare(
    `insert into session (id, token, account, created_us, used_us, ends_us, proven_us, factor, address, outside)
     values (@id, @token, @account, @createdUs, @usedUs, @endsUs, @provenUs, @factor, @address, @outside)`,
  );
  const used = db.prepare('update session set used_us = ? where id = ?');
  const proven = db.prepare('update session set proven_us = ? where id = ?');
  const factor = db.prepare('update session set factor = ? where id = ?');
  const remove = db.prepare('delete from session where id = ?');
  return {
    find: (id) => find.get(id),
    byToken: (token) => byToken.get(token),
    of: (account) => of.all(account),
    over: (unusedSinceUs, nowUs) => over.all(unusedSinceUs, nowUs),
    add: (row) => void add.run(row),
    used: (id, atUs) => void used.run(atUs, id),
    proven: (id, atUs) => void proven.run(atUs, id),
    factor: (id, kind) => void factor.run(kind, id),
    remove: (id) => remove.run(id).changes > 0,
  };
}
