import type { Database } from '../open.ts';

/** One person who may sign in, or could once. Instants in µs UTC. */
export interface AccountRow {
  readonly id: string;
  /** null: closed. */
  readonly login: string | null;
  /** Sealed. null: closed. */
  readonly name: Buffer | null;
  readonly role: string;
  readonly kind: 'staff' | 'trustee';
  readonly state: 'active' | 'suspended' | 'closed';
  readonly suspendedFor: string | null;
  readonly contractUntilUs: number | null;
  readonly trainingUntilUs: number | null;
  readonly createdUs: number;
  readonly usedUs: number | null;
  readonly restoredUs: number | null;
  /** Argon2id in PHC form. */
  readonly password: string | null;
  /** Until when one that was handed out can be used. */
  readonly passwordUntilUs: number | null;
  readonly mustChange: 0 | 1;
  /** Wrong second factors in a row. */
  readonly factorFailures: number;
  /** null: as the browser wishes. */
  readonly language: 'ko' | 'en' | null;
}

export type AccountChange = Partial<Omit<AccountRow, 'id' | 'createdUs' | 'role' | 'kind'>>;

/** Statements only; whoever writes brings the transaction, with the entry that accounts for it. */
export interface AccountRows {
  find(id: string): AccountRow | undefined;
  byLogin(login: string): AccountRow | undefined;
  /** Oldest first. */
  list(): AccountRow[];
  add(row: AccountRow): void;
  change(id: string, change: AccountChange): void;
}

const COLUMNS = {
  id: 'id',
  login: 'login',
  name: 'name',
  role: 'role',
  kind: 'kind',
  state: 'state',
  suspendedFor: 'suspended_for',
  contractUntilUs: 'contract_until_us',
  trainingUntilUs: 'training_until_us',
  createdUs: 'created_us',
  usedUs: 'used_us',
  restoredUs: 'restored_us',
  password: 'password',
  passwordUntilUs: 'password_until_us',
  mustChange: 'must_change',
  factorFailures: 'factor_failures',
  language: 'language',
} as const satisfies Record<keyof AccountRow, string>;

export function createAccountRows(db: Database): AccountRows {
  const columns = Object.entries(COLUMNS).map(([name, column]) => `${column} as ${name}`);
  const find = db.prepare<[string], AccountRow>(`select ${columns} from account where id = ?`);
  const byLogin = db.prepare<[string], AccountRow>(`select ${columns} from account where login = ?`);
  const list = db.prepare<[], AccountRow>(`select ${columns} from account order by created_us, id`);
  const add = db.prepare(
    `insert into account (${Object.values(COLUMNS)}) values (${Object.keys(COLUMNS).map((name) => `@${name}`)})`,
  );
  return {
    find: (id) => find.get(id),
    byLogin: (login) => byLogin.get(login),
    list: () => list.all(),
    add: (row) => void add.run(row),
    change(id, change) {
      // Names out of the list above alone: nothing that anybody typed becomes a statement.
      const names = (Object.keys(COLUMNS) as (keyof AccountRow)[]).filter((name) => name in change);
      if (names.length === 0) return;
      const sets = names.map((name) => `${COLUMNS[name]} = @${name}`);
      db.prepare(`update account set ${sets} where id = @id`).run({ ...change, id });
    },
  };
}
