import { timingSafeEqual } from 'node:crypto';
import type { AccountRow } from '../db/site/account-rows.ts';
import type { FactorRow } from '../db/site/factor-rows.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { MINUTE_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { newTotpSecret, totpAddress, totpStep } from './codes.ts';
import { type AccessParts, nameOf } from './parts.ts';
import type { Passkeys } from './passkeys.ts';
import { PROOF_GOOD_US } from './policy.ts';
import { newToken, readableCode, readCode, tokenHash } from './secrets.ts';
import { assertProven } from './sessions.ts';

/** What a person shows as a second factor. `passkey`: the browser's response to the challenge before it. */
export type Shown =
  | { readonly totp: string }
  | { readonly recovery: string }
  | { readonly passkey: unknown; readonly challenge: string };

export type FactorKind = FactorRow['kind'];

/** What was shown holds; `use` marks it as used inside a transaction, once. */
export interface Held {
  readonly kind: FactorKind;
  /** @returns false where somebody was first with it */
  use(): boolean;
}

export interface ListedFactor {
  readonly id: string;
  readonly kind: FactorKind;
  readonly sinceUs: number;
  readonly usedUs?: number;
}

export interface Factors {
  list(account: string): ListedFactor[];
  /** Kinds that can be shown; empty: none is needed to sign in. */
  kindsOf(account: string): FactorKind[];
  /** Whether what is shown holds, at this moment and for this account. Nothing is used by it. */
  check(account: string, shown: Shown): Promise<Held | undefined>;
  /** A secret for the session's person, of no use before `confirmTotp`. @throws GirokError `proof_refused` */
  beginTotp(session: string): { readonly uri: string; readonly secret: string };
  /**
   * The first code shows that it works. From here on it is asked for, and the session has a factor.
   *
   * @returns recovery codes, shown this once; empty where there were some. @throws GirokError `factor_refused`
   */
  confirmTotp(session: string, code: string): string[];
  /** @throws GirokError `passkeys_off`, `proof_refused` */
  beginPasskey(session: string): Promise<{ readonly ceremony: string; readonly options: object }>;
  /** @returns as `confirmTotp` */
  finishPasskey(session: string, ceremony: string, response: unknown): Promise<string[]>;
  /** New codes in place of the old. */
  newRecoveryCodes(session: string): string[];
  remove(session: string, factor: string): void;
  passkeyQuestion(account: string): Promise<{ readonly challenge: string; readonly options: object }>;
}

const RECOVERY_CODES = 10;
const MOST_PASSKEYS = 10;
const CEREMONY_US = 5 * MINUTE_US;

export function createFactors(parts: AccessParts, passkeys: Passkeys): Factors {
  const { ledger, clock, rows, secrets, site } = parts;
  const confirmed = (account: string) => rows.factors.of(account).filter((row) => row.confirmed === 1);
  const placeOf = ({ id, account, kind }: Pick<FactorRow, 'id' | 'account' | 'kind'>) =>
    `factor/${account}/${kind}/${id}`;
  const opened = <T>(row: FactorRow, use: (secret: Buffer) => T): T => {
    const secret = secrets.open(row.secret, placeOf(row));
    try {
      return use(secret);
    } finally {
      secret.fill(0);
    }
  };
  const recoveryHash = (account: string, code: string) =>
    secrets.hash('recovery', `${account}\0${readCode(code)}`);
  const changed = (
    tx: LedgerTransaction,
    account: AccountRow,
    factor: FactorKind,
    change: 'added' | 'removed' | 'reset',
  ) =>
    tx.append(
      {
        event: 'access.factor_changed',
        facts: { account: account.id, factor, change },
        actor: `person:${account.id}`,
      },
      { personal: { name: nameOf(parts, account) } },
    );
  /** Who has a factor changes factors with one: a password alone must not be enough to put another in its place. */
  const mayChange = (session: string): AccountRow => {
    const row = assertProven(parts, session, PROOF_GOOD_US);
    const account = rows.accounts.find(row.account);
    if (account?.state !== 'active') throw new GirokError('proof_refused');
    if (row.factor === null && confirmed(account.id).length > 0) throw new GirokError('proof_refused');
    return account;
  };
  const addRecovery = (account: AccountRow, nowUs: number): string[] => {
    for (const row of rows.factors.of(account.id)) if (row.kind === 'recovery') rows.factors.remove(row.id);
    return Array.from({ length: RECOVERY_CODES }, () => {
      const code = readableCode(4, 4);
      rows.factors.add({
        id: newId(nowUs),
        account: account.id,
        kind: 'recovery',
        credential: null,
        secret: recoveryHash(account.id, code),
        counter: 0,
        confirmed: 1,
        createdUs: nowUs,
        usedUs: null,
      });
      return code;
    });
  };
  const hasRecovery = (account: string) => confirmed(account).some(({ kind }) => kind === 'recovery');
  const passkeyOf = (row: FactorRow) => ({
    credential: row.credential ?? '',
    publicKey: opened(row, (key) => new Uint8Array(key)),
    counter: row.counter,
  });

  return {
    list: (account) =>
      confirmed(account).map(({ id, kind, createdUs, usedUs }) => ({
        id,
        kind,
        sinceUs: createdUs,
        ...(usedUs !== null && { usedUs }),
      })),
    kindsOf(account) {
      const kinds = new Set(confirmed(account).map(({ kind }) => kind));
      // Codes to recover a factor with are none by themselves.
      return kinds.has('totp') || kinds.has('webauthn') ? [...kinds] : [];
    },
    async check(account, shown) {
      const nowUs = clock.utcUs();
      const factors = confirmed(account);
      if ('totp' in shown) {
        for (const row of factors.filter(({ kind }) => kind === 'totp')) {
          const step = opened(row, (secret) => totpStep(secret, shown.totp, nowUs));
          if (step !== undefined && step > row.counter)
            return { kind: 'totp', use: () => rows.factors.use(row.id, step, nowUs) };
        }
        return undefined;
      }
      if ('recovery' in shown) {
        const hash = recoveryHash(account, shown.recovery);
        const row = factors.find(({ kind, secret }) => kind === 'recovery' && timingSafeEqual(secret, hash));
        return row && { kind: 'recovery', use: () => rows.factors.remove(row.id) };
      }
      const credential = (shown.passkey as { id?: unknown } | null)?.id;
      const row = factors.find((one) => one.kind === 'webauthn' && one.credential === credential);
      if (!row) return undefined;
      const counter = await passkeys.answered(shown.challenge, passkeyOf(row), shown.passkey);
      if (counter === undefined) return undefined;
      return { kind: 'webauthn', use: () => rows.factors.use(row.id, counter, nowUs) };
    },
    beginTotp: (session) =>
      ledger.write(() => {
        const account = mayChange(session);
        const nowUs = clock.utcUs();
        rows.factors.removeUnconfirmed(account.id, 'totp');
        const secret = newTotpSecret();
        const row = { id: newId(nowUs), account: account.id, kind: 'totp' } as const;
        rows.factors.add({
          ...row,
          credential: null,
          secret: secrets.seal(secret, placeOf(row)),
          counter: 0,
          confirmed: 0,
          createdUs: nowUs,
          usedUs: null,
        });
        const address = totpAddress(secret, { site: site.name[site.language], login: account.login ?? '' });
        secret.fill(0);
        return address;
      }),
    confirmTotp: (session, code) =>
      ledger.write((tx) => {
        const account = mayChange(session);
        const nowUs = clock.utcUs();
        const row = rows.factors.of(account.id).find((one) => one.kind === 'totp' && one.confirmed === 0);
        const step = row && opened(row, (secret) => totpStep(secret, code, nowUs));
        if (!row || step === undefined) throw new GirokError('factor_refused');
        // One app at a time: the old one's codes end here.
        for (const old of confirmed(account.id)) if (old.kind === 'totp') rows.factors.remove(old.id);
        rows.factors.confirm(row.id, step, nowUs);
        rows.sessions.factor(session, 'totp');
        changed(tx, account, 'totp', 'added');
        return hasRecovery(account.id) ? [] : addRecovery(account, nowUs);
      }),
    async beginPasskey(session) {
      const account = mayChange(session);
      const known = confirmed(account.id).flatMap(({ credential }) => credential ?? []);
      if (known.length >= MOST_PASSKEYS) throw new GirokError('factor_refused');
      const { challenge, options } = await passkeys.register({
        id: account.id,
        login: account.login ?? '',
        name: nameOf(parts, account),
        known,
      });
      const { token, hash } = newToken();
      const data = JSON.stringify({ challenge, session });
      ledger.write(() =>
        rows.signIns.addCeremony(
          {
            token: hash,
            kind: 'passkey',
            account: account.id,
            data,
            tries: 0,
            endsUs: clock.utcUs() + CEREMONY_US,
          },
          3,
        ),
      );
      return { ceremony: token, options };
    },
    async finishPasskey(session, ceremony, response) {
      const hash = tokenHash(ceremony);
      const begun = rows.signIns.ceremony(hash);
      // Whatever comes of it, this challenge is used.
      if (begun) ledger.write(() => rows.signIns.endCeremony(hash));
      const { challenge, session: of } = JSON.parse(begun?.data ?? '{}') as Record<string, string>;
      if (begun?.kind !== 'passkey' || begun.endsUs <= clock.utcUs() || of !== session || !challenge)
        throw new GirokError('factor_refused');
      const made = await passkeys.registered(challenge, response);
      if (!made) throw new GirokError('factor_refused');
      return ledger.write((tx) => {
        const account = mayChange(session);
        const nowUs = clock.utcUs();
        const row = { id: newId(nowUs), account: account.id, kind: 'webauthn' } as const;
        rows.factors.add({
          ...row,
          credential: made.credential,
          secret: secrets.seal(Buffer.from(made.publicKey), placeOf(row)),
          counter: made.counter,
          confirmed: 1,
          createdUs: nowUs,
          usedUs: nowUs,
        });
        rows.sessions.factor(session, 'webauthn');
        changed(tx, account, 'webauthn', 'added');
        return hasRecovery(account.id) ? [] : addRecovery(account, nowUs);
      });
    },
    newRecoveryCodes: (session) =>
      ledger.write((tx) => {
        const account = mayChange(session);
        if (confirmed(account.id).every(({ kind }) => kind === 'recovery'))
          throw new GirokError('factor_refused');
        changed(tx, account, 'recovery', 'reset');
        return addRecovery(account, clock.utcUs());
      }),
    remove: (session, factor) =>
      ledger.write((tx) => {
        const account = mayChange(session);
        const row = rows.factors.find(factor);
        if (!row || row.account !== account.id || row.confirmed === 0) throw new GirokError('factor_refused');
        rows.factors.remove(factor);
        changed(tx, account, row.kind, 'removed');
        if (confirmed(account.id).some(({ kind }) => kind !== 'recovery')) return;
        // Without a factor the password has to be as long as one that stands alone, and nothing was shown any more.
        rows.factors.removeAllOf(account.id);
        rows.accounts.change(account.id, { mustChange: 1 });
        for (const { id } of rows.sessions.of(account.id)) rows.sessions.factor(id, null);
      }),
    passkeyQuestion: (account) =>
      passkeys.ask(confirmed(account).flatMap(({ credential }) => credential ?? [])),
  };
}
