import type { Database } from '../open.ts';

export interface FactorRow {
  readonly id: string;
  readonly account: string;
  readonly kind: 'totp' | 'webauthn' | 'recovery';
  /** Of a passkey: its id, base64url. */
  readonly credential: string | null;
  readonly secret: Buffer;
  readonly counter: number;
  readonly confirmed: 0 | 1;
  /** µs UTC. */
  readonly createdUs: number;
  readonly usedUs: number | null;
}

/** Statements only; whoever writes brings the transaction. */
export interface FactorRows {
  find(id: string): FactorRow | undefined;
  /** All of an account, oldest first. */
  of(account: string): FactorRow[];
  add(row: FactorRow): void;
  confirm(id: string, counter: number, atUs: number): void;
  /** @returns false where the counter is there or beyond already: somebody was first */
  use(id: string, counter: number, atUs: number): boolean;
  remove(id: string): boolean;
  removeAllOf(account: string): void;
  /** Those that were begun and never shown to work. */
  removeUnconfirmed(account: string, kind: FactorRow['kind']): void;
}

export function createFactorRows(db: Database): FactorRows {
  const columns =
    'id, account, kind, credential, secret, counter, confirmed, created_us as createdUs, used_us as usedUs';
  const find = db.prepare<[string], FactorRow>(`select ${columns} from factor where id = ?`);
  const of = db.prepare<[string], FactorRow>(
    `select ${columns} from factor where account = ? order by created_us, id`,
  );
  const add = db.prepare(
    `insert into factor (id, account, kind, credential, secret, counter, confirmed, created_us, used_us)
     values (@id, @account, @kind, @credential, @secret, @counter, @confirmed, @createdUs, @usedUs)`,
  );
  const confirm = db.prepare('update factor set confirmed = 1, counter = ?, used_us = ? where id = ?');
  // Many passkeys count nothing and say 0 for ever: their challenge is what is used once.
  const use = db.prepare(
    "update factor set counter = @counter, used_us = @atUs where id = @id and (counter < @counter or (kind = 'webauthn' and counter = 0 and @counter = 0))",
  );
  const remove = db.prepare('delete from factor where id = ?');
  const removeAllOf = db.prepare('delete from factor where account = ?');
  const removeUnconfirmed = db.prepare('delete from factor where account = ? and kind = ? and confirmed = 0');
  return {
    find: (id) => find.get(id),
    of: (account) => of.all(account),
    add: (row) => void add.run(row),
    confirm: (id, counter, atUs) => void confirm.run(counter, atUs, id),
    use: (id, counter, atUs) => use.run({ id, counter, atUs }).changes > 0,
    remove: (id) => remove.run(id).changes > 0,
    removeAllOf: (account) => void removeAllOf.run(account),
    removeUnconfirmed: (account, kind) => void removeUnconfirmed.run(account, kind),
  };
}
