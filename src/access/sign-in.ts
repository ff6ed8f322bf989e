import { z } from 'zod';
import type { AccountRow } from '../db/site/account-rows.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { DAY_US, MINUTE_US, SECOND_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { FactorKind, Factors, Held, Shown } from './factors.ts';
import { suspensionOf } from './lapses.ts';
import { type AccessParts, nameOf } from './parts.ts';
import { newToken, tokenHash } from './secrets.ts';
import type { Sessions } from './sessions.ts';
import { type Attempt, FORGOTTEN_US, type SignInLimits } from './sign-in-limits.ts';

export interface SignInCall {
  readonly login: string;
  readonly password: string;
  /** IP address. */
  readonly address: string;
  /** What this browser was given when somebody signed in from it before. */
  readonly device?: string | undefined;
}

/** Tokens are for the browser alone, and nowhere else kept. */
export type SignedIn =
  | {
      readonly state: 'signed_in';
      readonly token: string;
      readonly session: string;
      /** To be kept by the browser for {@link DEVICE_KEPT_US}. */
      readonly device: string;
    }
  /** The password is right; one of these is still to be shown. */
  | { readonly state: 'factor'; readonly ceremony: string; readonly kinds: readonly FactorKind[] };

export interface SecondFactorCall {
  readonly ceremony: string;
  readonly shown: { readonly totp: string } | { readonly recovery: string } | { readonly passkey: unknown };
  readonly address: string;
  readonly device?: string | undefined;
}

export type Proof = { readonly password: string } | { readonly totp: string };
export type ProofFor = 'right' | 'export' | 'approval' | 'account';

export interface SignIn {
  /**
   * @throws GirokError `address_refused`, `sign_in_locked` {seconds}, `sign_in_busy`, `sign_in_refused`; behind a right
   *   password `account_suspended`; the ledger's errors, and then nobody is signed in
   */
  signIn(call: SignInCall): Promise<SignedIn>;
  /** What the browser needs to show a passkey. @throws GirokError `factor_refused`, `passkeys_off` */
  askPasskey(ceremony: string): Promise<object>;
  /** @throws GirokError `factor_refused`, `account_suspended` */
  secondFactor(call: SecondFactorCall): Promise<SignedIn>;
  /**
   * Shows once more who sits there. Counts towards the same limits as signing in.
   *
   * @throws GirokError `proof_refused`, `sign_in_locked`
   */
  prove(session: string, proof: Proof, what: ProofFor): Promise<void>;
  /** Removes what is over, and enters what was only counted; to be called every minute. */
  sweep(): void;
}

export const DEVICE_KEPT_US = 90 * DAY_US;
const FACTOR_WITHIN_US = 5 * MINUTE_US;
const MOST_DEVICES = 20;
const MOST_TRIES = 5;
/** Of what comes in masses: one entry a minute, with how many there were. */
const FOLDED_US = MINUTE_US;
const MOST_FOLDED = 1000;

const ceremonyData = z.strictObject({ challenge: z.string().optional() });
type Refused = 'unknown' | 'password' | 'factor' | 'locked' | 'suspended' | 'closed' | 'address' | 'too_many';

export function createSignIn(
  parts: AccessParts,
  { sessions, factors, limits }: { sessions: Sessions; factors: Factors; limits: SignInLimits },
): SignIn {
  const { ledger, clock, config, rows, secrets, passwords } = parts;
  const unusedUs = config.unusedDays * DAY_US;
  const deviceKey = (device: string) => secrets.hash('device', device);
  const addressKey = (account: string, address: string) => secrets.hash('address', `${account}\0${address}`);
  const loginOf = (typed: string) => typed.slice(0, 64).normalize('NFKC').trim().toLowerCase();

  const attemptOf = (
    account: AccountRow | undefined,
    login: string,
    { address, device }: Pick<SignInCall, 'address' | 'device'>,
  ): Attempt => {
    const sinceUs = clock.utcUs() - DEVICE_KEPT_US;
    const id = account?.id ?? '';
    if (device !== undefined && device.length <= 64 && rows.signIns.knows(deviceKey(device), id, sinceUs))
      return { login, address, known: `device ${deviceKey(device).toString('hex')}` };
    if (rows.signIns.knows(addressKey(id, address), id, sinceUs))
      return { login, address, known: `address ${address}` };
    return { login, address };
  };

  /** Since when, and how many, of what was not entered one by one. */
  const folded = new Map<
    string,
    { sinceUs: number; count: number; account?: string | undefined; why: Refused }
  >();
  const enter = (
    tx: LedgerTransaction,
    why: Refused,
    account: string | undefined,
    address: string,
    times = 1,
  ) =>
    tx.append(
      {
        event: 'access.refused',
        facts: { why, ...(account !== undefined && { account }), ...(times > 1 && { count: times }) },
        actor: 'process:web',
      },
      address === '' ? {} : { personal: { ip: address } },
    );
  /** The first is entered at once, the rest of its minute together. */
  const fold = (why: Refused, account: string | undefined, address: string) => {
    // That the machine has enough to do is no one address's doing: a flood from a thousand is one entry, not a thousand.
    const key = why === 'too_many' ? why : `${why} ${account ?? address}`;
    const before = folded.get(key) ?? folded.get(why);
    if (before && Math.abs(clock.utcUs() - before.sinceUs) < FOLDED_US) {
      before.count += 1;
      return;
    }
    folded.set(folded.size < MOST_FOLDED ? key : why, { sinceUs: clock.utcUs(), count: 0, account, why });
    ledger.write((tx) => enter(tx, why, account, address));
  };

  /** What is turned away because too many wait is entered. */
  const orTooMany = async <T>(work: () => Promise<T>, account: string | undefined, address: string) => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GirokError) fold('too_many', account, address);
      throw error;
    }
  };

  const assertOpen = (attempt: Attempt, account: AccountRow | undefined) => {
    const nowUs = clock.utcUs();
    const untilUs = limits.shutUntil(attempt, nowUs);
    if (untilUs <= nowUs) return;
    fold('locked', account?.id, attempt.address);
    throw new GirokError('sign_in_locked', { seconds: Math.ceil((untilUs - nowUs) / SECOND_US) });
  };

  const failed = (tx: LedgerTransaction, attempt: Attempt, account: AccountRow | undefined, why: Refused) => {
    enter(tx, why, account?.id, attempt.address);
    const { failures, shut } = limits.failed(attempt, clock.utcUs());
    if (shut && account)
      tx.append({
        event: 'access.locked',
        facts: { account: account.id, failures },
        actor: 'process:web',
      });
  };

  const suspend = (
    tx: LedgerTransaction,
    account: AccountRow,
    why: 'failures' | 'unused' | 'training' | 'contract',
  ) => {
    rows.accounts.change(account.id, { state: 'suspended', suspendedFor: why, factorFailures: 0 });
    tx.append(
      { event: 'right.suspended', facts: { account: account.id, why }, actor: 'process:web' },
      { personal: { name: nameOf(parts, account) } },
    );
    sessions.endAll(tx, account.id, undefined);
  };

  /** Inside a transaction. */
  const open = (
    tx: LedgerTransaction,
    account: AccountRow,
    call: Pick<SignInCall, 'address' | 'device'>,
    attempt: Attempt,
    factor: FactorKind | undefined,
  ): SignedIn => {
    const nowUs = clock.utcUs();
    limits.succeeded(attempt);
    const { token, session } = sessions.open(tx, { account, address: call.address, factor: factor ?? null });
    rows.accounts.change(account.id, { usedUs: nowUs, factorFailures: 0 });
    const device =
      attempt.known?.startsWith('device ') && call.device !== undefined ? call.device : newToken().token;
    rows.signIns.addKnown(deviceKey(device), account.id, nowUs, MOST_DEVICES);
    rows.signIns.addKnown(addressKey(account.id, call.address), account.id, nowUs, MOST_DEVICES);
    tx.append(
      {
        event: 'access.signed_in',
        facts: { session: session.id, ...(factor && { factor }), outside: session.outside === 1 },
        actor: `person:${account.id}`,
      },
      { personal: { name: nameOf(parts, account), ip: call.address } },
    );
    return { state: 'signed_in', token, session: session.id, device };
  };

  /** What a right password finds behind it. Inside a transaction. @returns an error to throw once it is committed */
  const refusedAccount = (
    tx: LedgerTransaction,
    account: AccountRow,
    address: string,
  ): GirokError | undefined => {
    const why = suspensionOf(account, unusedUs, clock.utcUs());
    if (why === undefined) return undefined;
    if (account.state === 'active') suspend(tx, account, why as 'unused' | 'training' | 'contract');
    enter(tx, 'suspended', account.id, address);
    return new GirokError('account_suspended');
  };

  const ceremonyOf = (token: string) => {
    const row = token.length <= 64 ? rows.signIns.ceremony(tokenHash(token)) : undefined;
    if (row?.kind !== 'sign_in' || !(clock.utcUs() < row.endsUs) || row.tries >= MOST_TRIES)
      throw new GirokError('factor_refused');
    const account = rows.accounts.find(row.account);
    if (!account) throw new GirokError('factor_refused');
    return { row, account, data: ceremonyData.parse(JSON.parse(row.data)) };
  };

  return {
    async signIn(call) {
      const { address, password } = call;
      const login = loginOf(call.login);
      if (!sessions.networks.mayTry(address)) {
        fold('address', undefined, address);
        throw new GirokError('address_refused');
      }
      await orTooMany(async () => passwords.assertRoom(), undefined, address);
      const account = rows.accounts.byLogin(login);
      const attempt = attemptOf(account, login, call);
      assertOpen(attempt, account);
      const done = limits.begin(attempt);
      const isRight = await orTooMany(
        () => passwords.verify(account?.password ?? undefined, password),
        account?.id,
        address,
      ).finally(done);
      const outcome = ledger.write((tx): SignedIn | GirokError => {
        // Read again: it may have been changed, suspended or closed while the password was looked at.
        const now = account && rows.accounts.find(account.id);
        const nowUs = clock.utcUs();
        const isStill =
          now?.password === account?.password && !(now?.passwordUntilUs && nowUs >= now.passwordUntilUs);
        if (!now || !isRight || !isStill) {
          failed(tx, attempt, now, now ? 'password' : 'unknown');
          return new GirokError('sign_in_refused');
        }
        const refused = refusedAccount(tx, now, address);
        if (refused) return refused;
        const kinds = factors.kindsOf(now.id);
        if (kinds.length === 0) return open(tx, now, call, attempt, undefined);
        const { token, hash } = newToken();
        const endsUs = nowUs + FACTOR_WITHIN_US;
        rows.signIns.addCeremony(
          { token: hash, kind: 'sign_in', account: now.id, data: '{}', tries: 0, endsUs },
          5,
        );
        return { state: 'factor', ceremony: token, kinds };
      });
      if (outcome instanceof GirokError) throw outcome;
      return outcome;
    },

    async askPasskey(ceremony) {
      const { row } = ceremonyOf(ceremony);
      const { challenge, options } = await factors.passkeyQuestion(row.account);
      ledger.write(() => rows.signIns.setCeremony(row.token, JSON.stringify({ challenge })));
      return options;
    },

    async secondFactor({ ceremony, shown, address, device }) {
      const { row, account, data } = ceremonyOf(ceremony);
      const attempt = attemptOf(account, account.login ?? '', { address, device });
      assertOpen(attempt, account);
      // Counted before it is looked at: many at once are no way around the few tries there are.
      ledger.write(() => {
        rows.signIns.tried(row.token);
        if ('passkey' in shown) rows.signIns.setCeremony(row.token, '{}');
      });
      const question: Shown = 'passkey' in shown ? { ...shown, challenge: data.challenge ?? '' } : shown;
      const held: Held | undefined =
        'passkey' in shown && data.challenge === undefined
          ? undefined
          : await factors.check(account.id, question);
      const outcome = ledger.write((tx): SignedIn | GirokError => {
        const now = rows.accounts.find(account.id);
        const begun = rows.signIns.ceremony(row.token);
        if (!now || !begun || now.password !== account.password) return new GirokError('factor_refused');
        const refused = refusedAccount(tx, now, address);
        if (refused) return refused;
        if (held?.use() && rows.signIns.endCeremony(row.token))
          return open(tx, now, { address, device }, attempt, held.kind);
        failed(tx, attempt, now, 'factor');
        const failures = now.factorFailures + 1;
        rows.accounts.change(now.id, { factorFailures: failures });
        // Only who knows the password gets here: it is known to somebody else, and nothing less than a person mends that.
        if (failures >= config.lockAfter && attempt.known === undefined) {
          suspend(tx, now, 'failures');
          rows.signIns.endCeremoniesOf(now.id);
          return new GirokError('account_suspended');
        }
        return new GirokError('factor_refused');
      });
      if (outcome instanceof GirokError) throw outcome;
      return outcome;
    },

    async prove(session, proof, what) {
      const row = rows.sessions.find(session);
      const account = row && rows.accounts.find(row.account);
      if (!row || !account) throw new GirokError('proof_refused');
      // Of this session alone: whoever guesses elsewhere holds up nobody here.
      const attempt: Attempt = {
        login: account.login ?? '',
        address: row.address,
        known: `session ${session}`,
      };
      assertOpen(attempt, account);
      const done = limits.begin(attempt);
      let held: Held | undefined;
      let isRight: boolean;
      try {
        held = 'totp' in proof ? await factors.check(account.id, proof) : undefined;
        isRight =
          'totp' in proof
            ? held !== undefined
            : await passwords.verify(account.password ?? undefined, proof.password);
      } finally {
        done();
      }
      const ok = ledger.write((tx) => {
        const now = rows.accounts.find(account.id);
        const isStill = now?.state === 'active' && now.password === account.password;
        if (!isStill || !rows.sessions.find(session) || !isRight || (held && !held.use())) {
          failed(tx, attempt, account, 'totp' in proof ? 'factor' : 'password');
          return false;
        }
        rows.signIns.forgetFailure(secrets.hash('failure-place', `${attempt.login}\0${attempt.known}`));
        rows.sessions.proven(session, clock.utcUs());
        tx.append({
          event: 'access.reauthenticated',
          facts: { session, for: what },
          actor: `person:${account.id}`,
        });
        return true;
      });
      if (!ok) throw new GirokError('proof_refused');
    },

    sweep() {
      const nowUs = clock.utcUs();
      const due = [...folded].filter(([, { sinceUs }]) => Math.abs(nowUs - sinceUs) >= FOLDED_US);
      ledger.write((tx) => {
        for (const [, { why, account, count }] of due) if (count > 0) enter(tx, why, account, '', count);
        rows.signIns.sweep(nowUs, nowUs - FORGOTTEN_US, nowUs - DEVICE_KEPT_US);
      });
      // Only once it is entered: what could not be stays counted.
      for (const [key] of due) folded.delete(key);
    },
  };
}
