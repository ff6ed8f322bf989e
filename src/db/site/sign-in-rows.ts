import type { Database } from '../open.ts';

/** What one request begins and another ends. Instants in µs UTC. */
export interface CeremonyRow {
  readonly token: Buffer;
  readonly kind: string;
  readonly account: string;
  /** JSON object. */
  readonly data: string;
  readonly tries: number;
  readonly endsUs: number;
}

/** Failures in a row under one keyed hash. */
export interface FailureRow {
  readonly count: number;
  readonly lastUs: number;
  readonly shutUntilUs: number;
}

export interface FirstCodeRow {
  readonly hash: Buffer;
  readonly endsUs: number;
  readonly tries: number;
}

/** Statements only; whoever writes several brings the transaction. */
export interface SignInRows {
  ceremony(token: Buffer): CeremonyRow | undefined;
  /** Of an account only the newest few of a kind stay. */
  addCeremony(row: CeremonyRow, most: number): void;
  tried(token: Buffer): void;
  setCeremony(token: Buffer, data: string): void;
  /** @returns false where somebody else has ended it */
  endCeremony(token: Buffer): boolean;
  endCeremoniesOf(account: string): void;
  failure(key: Buffer): FailureRow | undefined;
  /** @param most as many keys as are kept at all; the oldest go */
  setFailure(key: Buffer, row: FailureRow, most: number): void;
  forgetFailure(key: Buffer): void;
  knows(key: Buffer, account: string, sinceUs: number): boolean;
  /** Of an account only the newest few stay. */
  addKnown(key: Buffer, account: string, usedUs: number, most: number): void;
  forgetKnownOf(account: string): void;
  firstCode(): FirstCodeRow | undefined;
  setFirstCode(row: FirstCodeRow): void;
  triedFirstCode(): void;
  endFirstCode(): void;
  /** Whatever is over. */
  sweep(nowUs: number, failuresBeforeUs: number, knownBeforeUs: number): void;
}

export function createSignInRows(db: Database): SignInRows {
  const ceremony = db.prepare<[Buffer], CeremonyRow>(
    'select token, kind, account, data, tries, ends_us as endsUs from ceremony where token = ?',
  );
  const addCeremony = db.prepare(
    'insert into ceremony (token, kind, account, data, tries, ends_us) values (@token, @kind, @account, @data, @tries, @endsUs)',
  );
  const thinCeremonies = db.prepare(
    `delete from ceremony where account = @account and kind = @kind and token not in (
       select token from ceremony where account = @account and kind = @kind order by ends_us desc, token limit @most)`,
  );
  const tried = db.prepare('update ceremony set tries = tries + 1 where token = ?');
  const setCeremony = db.prepare('update ceremony set data = ? where token = ?');
  const endCeremony = db.prepare('delete from ceremony where token = ?');
  const endCeremoniesOf = db.prepare('delete from ceremony where account = ?');
  const failure = db.prepare<[Buffer], FailureRow>(
    'select count, last_us as lastUs, shut_until_us as shutUntilUs from sign_in_failure where key = ?',
  );
  const setFailure = db.prepare(
    `insert into sign_in_failure (key, count, last_us, shut_until_us) values (@key, @count, @lastUs, @shutUntilUs)
     on conflict (key) do update set count = @count, last_us = @lastUs, shut_until_us = @shutUntilUs`,
  );
  const failures = db.prepare('select count(*) from sign_in_failure').pluck();
  const thinFailures = db.prepare(
    'delete from sign_in_failure where key in (select key from sign_in_failure order by last_us limit ?)',
  );
  const forgetFailure = db.prepare('delete from sign_in_failure where key = ?');
  const knows = db
    .prepare('select 1 from known_device where key = ? and account = ? and used_us >= ?')
    .pluck();
  const addKnown = db.prepare(
    `insert into known_device (key, account, used_us) values (?, ?, ?)
     on conflict (key) do update set account = excluded.account, used_us = excluded.used_us`,
  );
  const thinKnown = db.prepare(
    `delete from known_device where account = @account and key not in (
       select key from known_device where account = @account order by used_us desc, key limit @most)`,
  );
  const forgetKnownOf = db.prepare('delete from known_device where account = ?');
  const firstCode = db.prepare<[], FirstCodeRow>('select hash, ends_us as endsUs, tries from first_code');
  const setFirstCode = db.prepare(
    `insert into first_code (one, hash, ends_us, tries) values (1, @hash, @endsUs, @tries)
     on conflict (one) do update set hash = @hash, ends_us = @endsUs, tries = @tries`,
  );
  const triedFirstCode = db.prepare('update first_code set tries = tries + 1');
  const endFirstCode = db.prepare('delete from first_code');
  const sweeps = [
    'ceremony where ends_us <= ?',
    'sign_in_failure where last_us < ?',
    'known_device where used_us < ?',
  ];
  const sweep = sweeps.map((what) => db.prepare<[number]>(`delete from ${what}`));
  return {
    ceremony: (token) => ceremony.get(token),
    addCeremony(row, most) {
      addCeremony.run(row);
      thinCeremonies.run({ account: row.account, kind: row.kind, most });
    },
    tried: (token) => void tried.run(token),
    setCeremony: (token, data) => void setCeremony.run(data, token),
    endCeremony: (token) => endCeremony.run(token).changes > 0,
    endCeremoniesOf: (account) => void endCeremoniesOf.run(account),
    failure: (key) => failure.get(key),
    setFailure(key, row, most) {
      setFailure.run({ key, ...row });
      const beyond = (failures.get() as number) - most;
      if (beyond > 0) thinFailures.run(beyond);
    },
    forgetFailure: (key) => void forgetFailure.run(key),
    knows: (key, account, sinceUs) => knows.get(key, account, sinceUs) !== undefined,
    addKnown(key, account, usedUs, most) {
      addKnown.run(key, account, usedUs);
      thinKnown.run({ account, most });
    },
    forgetKnownOf: (account) => void forgetKnownOf.run(account),
    firstCode: () => firstCode.get(),
    setFirstCode: (row) => void setFirstCode.run(row),
    triedFirstCode: () => void triedFirstCode.run(),
    endFirstCode: () => void endFirstCode.run(),
    sweep(...before) {
      for (const [at, statement] of sweep.entries()) statement.run(before[at] ?? 0);
    },
  };
}
