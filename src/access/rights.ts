import type { AccountRow } from '../db/site/account-rows.ts';
import type { RightRow } from '../db/site/right-rows.ts';
import { DAY_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Role } from './actions.ts';
import { suspensionOf } from './lapses.ts';
import { type AccessParts, nameOf } from './parts.ts';
import { factsOfTerms, proposalOf, type RightTerms, rightOf, termsFault, termsOf } from './right-terms.ts';

/** A right as it is shown. Instants in µs UTC. */
export interface ListedRight extends RightTerms {
  readonly id: string;
  readonly account: string;
  readonly state: RightRow['state'];
  /** A change that waits for somebody. */
  readonly proposed?: RightTerms;
  readonly proposedBy?: string;
  readonly requestedBy: string;
  readonly approvedBy?: string;
  readonly requestedUs: number;
  readonly decidedUs?: number;
}

/**
 * `by`: id of the account of whoever does it; that their session may is the caller's to have asked. What is asked here
 * besides is what no single question can say: that nobody decides on what is their own.
 */
export interface Rights {
  list(account?: string): ListedRight[];
  /** @returns the right's id; it allows nothing yet. @throws GirokError `right_refused` {why}, `account_unknown` */
  request(request: { account: string; terms: RightTerms; reason: string }, by: string): string;
  /** Asks that a right that stands may be another one; until that is approved it stays as it is. */
  requestChange(right: string, change: { terms: RightTerms; reason: string }, by: string): void;
  /**
   * Grants what waits. By another person than whose it is, always; by another than who asked, where the site has one:
   * where it has none it is entered as approved by its own requester, and a verifier of the ledger says so.
   */
  approve(right: string, by: string): void;
  refuse(right: string, by: string): void;
  /** At once, and whoever may manage people may; nobody has to agree that somebody sees less. */
  revoke(right: string, by: string): void;
}

const LEAST_REASON = 10;
const LONGEST_REASON = 500;

export function createRights(parts: AccessParts): Rights {
  const { ledger, clock, config, rows, cameras } = parts;
  const refused = (why: string) => new GirokError('right_refused', { why });
  const actor = (by: string) => `person:${by}` as const;
  const isActive = (account: AccountRow | undefined): account is AccountRow =>
    account?.state === 'active' &&
    suspensionOf(account, config.unusedDays * DAY_US, clock.utcUs()) === undefined;
  const active = (id: string): AccountRow => {
    const account = rows.accounts.find(id);
    if (!account) throw new GirokError('account_unknown', { account: id });
    if (!isActive(account)) throw refused('account_not_active');
    return account;
  };
  const find = (id: string): RightRow => {
    const row = rows.rights.find(id);
    if (!row) throw new GirokError('right_unknown', { right: id });
    return row;
  };
  const assertTerms = (terms: RightTerms, account: AccountRow) => {
    const why = termsFault(terms, account.role as Role, cameras, clock.utcUs());
    if (why) throw refused(why);
  };
  const assertReason = (reason: string) => {
    const { length } = [...reason.trim()];
    if (length < LEAST_REASON || length > LONGEST_REASON || !reason.isWellFormed() || /\p{Cc}/u.test(reason))
      throw refused('reason_bad');
  };
  /** Everybody who could approve something for this account. */
  const approversFor = (account: string): string[] => {
    const nowUs = clock.utcUs();
    const able = rows.rights
      .grantedToAnybody()
      .filter((row) => {
        const { actions, fromUs, untilUs } = rightOf(row);
        const stands = fromUs <= nowUs && (untilUs === undefined || nowUs < untilUs);
        return stands && (actions.includes('approve') || actions.includes('manage_people'));
      })
      .map((row) => row.account);
    return [...new Set(able)].filter((id) => id !== account && isActive(rows.accounts.find(id)));
  };
  const assertMayDecide = (account: string, requestedBy: string, by: string) => {
    if (account === by) throw refused('own');
    const able = approversFor(account);
    if (!able.includes(by)) throw refused('not_approver');
    if (requestedBy === by && able.some((id) => id !== by)) throw refused('requester');
  };
  const personal = (account: AccountRow, reason?: string) => ({
    personal: { name: nameOf(parts, account), ...(reason !== undefined && { reason: reason.trim() }) },
  });
  const factsOf = (right: string, account: AccountRow, terms: RightTerms) => ({
    right,
    account: account.id,
    role: account.role as Role,
    ...factsOfTerms(terms),
  });
  const plain = ({ actions, cameras: named, lookBackHours, fromUs, untilUs }: RightTerms) =>
    ({ actions, cameras: named, lookBackHours, fromUs, untilUs }) satisfies RightTerms;

  return {
    list: (account) =>
      rows.rights
        .list()
        .filter((row) => account === undefined || row.account === account)
        .map((row) => {
          const proposal = proposalOf(row);
          return {
            id: row.id,
            account: row.account,
            state: row.state,
            ...termsOf(row),
            ...(proposal && { proposed: proposal.terms, proposedBy: proposal.requestedBy }),
            requestedBy: row.requestedBy,
            ...(row.approvedBy !== null && { approvedBy: row.approvedBy }),
            requestedUs: row.requestedUs,
            ...(row.decidedUs !== null && { decidedUs: row.decidedUs }),
          };
        }),
    request: ({ account: id, terms, reason }, by) =>
      ledger.write((tx) => {
        const account = active(id);
        assertReason(reason);
        assertTerms(terms, account);
        const nowUs = clock.utcUs();
        const right = newId(nowUs);
        rows.rights.add({
          id: right,
          account: id,
          state: 'requested',
          terms: JSON.stringify(plain(terms)),
          proposal: null,
          requestedBy: by,
          approvedBy: null,
          requestedUs: nowUs,
          decidedUs: null,
        });
        tx.append(
          { event: 'right.requested', facts: factsOf(right, account, terms), actor: actor(by) },
          personal(account, reason),
        );
        return right;
      }),
    requestChange: (right, { terms, reason }, by) =>
      ledger.write((tx) => {
        const row = find(right);
        if (row.state !== 'granted') throw refused('not_open');
        if (row.proposal !== null) throw refused('waits_already');
        const account = active(row.account);
        assertReason(reason);
        assertTerms(terms, account);
        rows.rights.set({ ...row, proposal: JSON.stringify({ terms: plain(terms), requestedBy: by }) });
        tx.append(
          { event: 'right.requested', facts: factsOf(right, account, terms), actor: actor(by) },
          personal(account, reason),
        );
      }),
    approve: (right, by) =>
      ledger.write((tx) => {
        const row = find(right);
        const proposal = proposalOf(row);
        if (row.state !== 'requested' && !(row.state === 'granted' && proposal)) throw refused('not_open');
        const account = active(row.account);
        const requestedBy = proposal?.requestedBy ?? row.requestedBy;
        const terms = proposal?.terms ?? termsOf(row);
        assertMayDecide(row.account, requestedBy, by);
        // What was in order when it was asked for may not be any more.
        assertTerms(terms, account);
        rows.rights.set({
          ...row,
          state: 'granted',
          terms: JSON.stringify(terms),
          proposal: null,
          requestedBy,
          approvedBy: by,
          decidedUs: clock.utcUs(),
        });
        tx.append({
          event: 'right.approved',
          facts: { right, account: row.account },
          actor: actor(by),
        });
        tx.append(
          {
            event: proposal ? 'right.changed' : 'right.granted',
            facts: { ...factsOf(right, account, terms), requestedBy, approvedBy: by },
            actor: actor(by),
          },
          personal(account),
        );
      }),
    refuse: (right, by) =>
      ledger.write((tx) => {
        const row = find(right);
        const isChange = row.state === 'granted' && row.proposal !== null;
        if (row.state !== 'requested' && !isChange) throw refused('not_open');
        // One's own request may be taken back.
        const requestedBy = proposalOf(row)?.requestedBy ?? row.requestedBy;
        if (requestedBy !== by && !approversFor(row.account).includes(by)) throw refused('not_approver');
        rows.rights.set({
          ...row,
          proposal: null,
          ...(!isChange && { state: 'refused' as const, decidedUs: clock.utcUs() }),
        });
        tx.append({
          event: 'right.refused',
          facts: { right, account: row.account },
          actor: actor(by),
        });
      }),
    revoke: (right, by) =>
      ledger.write((tx) => {
        const row = find(right);
        if (row.state !== 'granted') throw refused('not_open');
        if (row.account !== by && !approversFor(row.account).includes(by)) throw refused('not_approver');
        const account = rows.accounts.find(row.account);
        rows.rights.set({ ...row, state: 'revoked', proposal: null, decidedUs: clock.utcUs() });
        tx.append(
          { event: 'right.revoked', facts: { right, account: row.account }, actor: actor(by) },
          account ? personal(account) : {},
        );
      }),
  };
}
