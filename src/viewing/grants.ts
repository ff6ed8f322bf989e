import type { Action } from '../access/actions.ts';
import { decide, type Principal } from '../access/policy.ts';
import type { Database } from '../db/open.ts';
import { createViewingRows, type GrantRow, type ViewingRow } from '../db/site/viewing-rows.ts';
import { readBody } from '../ledger/entry.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import { openPersonal, type PersonalOpening, type PersonalText } from '../ledger/personal.ts';
import { type Clock, DAY_US, HOUR_US, isoFromUs, MINUTE_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { type Grant, grantOf, refusalOf, type ViewingRefusal, type ViewingRules } from './rules.ts';
import type { ViewingWriting } from './writing.ts';

export interface GrantsDeps {
  readonly writing: ViewingWriting;
  /** site.db: the ledger's own connection. */
  readonly db: Database;
  readonly clock: Clock;
  readonly rules: ViewingRules;
}

/** What somebody wants to see, and why. Instants: µs UTC. */
export interface Asking {
  /** `shift`: the live wall of an operator, on to off. */
  readonly kind: 'recorded' | 'live' | 'shift';
  /** Of cameras.yml, and one that each of the cameras is installed for. */
  readonly purpose: string;
  /** At least ten characters. */
  readonly reason: string;
  /** Who asked for it, if anybody did. */
  readonly requester?: string | undefined;
  readonly cameras: readonly string[];
  /** The footage's own time; for `recorded` alone, and at most a week. */
  readonly range?: { readonly fromUs: number; readonly toUs: number } | undefined;
}

/** Who looks, as they are called now, and where they sit. */
export interface Seat {
  readonly viewer: string;
  readonly terminal: string;
}

export interface OpenedViewing {
  readonly viewing: string;
  readonly grant: string;
  readonly untilUs: number;
}

/** Purpose → grant: who may see what, why and until when. Each step commits with its entry, or does not happen. */
export interface Grants {
  /**
   * Opens a viewing at once, within the person's own rights.
   *
   * @throws GirokError `viewing_input` {field}; `viewing_refused` {why, mayAsk}; `viewing_unrecorded`
   */
  open(principal: Principal, asking: Asking, seat: Seat): OpenedViewing;
  /** Opens a viewing on a grant that stands. @throws as {@link open}; `viewing_unknown` */
  openGranted(principal: Principal, grant: string, seat: Seat): OpenedViewing;
  /** Asks an officer for what is beyond the person's own rights. @returns the grant's id */
  request(principal: Principal, asking: Asking): string;
  /** @param untilUs at most a week from now; a day unless told */
  approve(approver: Principal, grant: string, untilUs?: number): void;
  refuse(approver: Principal, grant: string): void;
  /** By an officer, or by whoever has it. What runs on it is cut by the gate. */
  revoke(by: Principal, grant: string): void;
  /**
   * The night without an officer: half an hour beyond one's rights, told to officer and auditor at once.
   *
   * @throws as {@link open}
   */
  breakGlass(principal: Principal, asking: Asking, seat: Seat): OpenedViewing;
  /** By an officer or auditor who is not whoever opened it. */
  review(reviewer: Principal, grant: string, justified: boolean): void;
  list(filter: { readonly account?: string; readonly state?: GrantRow['state'] }, limit: number): Grant[];
  viewings(filter: { readonly account?: string }, limit: number): ViewingRow[];
  /** @throws GirokError `viewing_unknown`, for somebody else's too */
  ownViewing(account: string, viewing: string): { readonly viewing: ViewingRow; readonly grant: Grant };
  /** Whether it is for this person to approve or review it. */
  mayReview(reader: Principal, grant: string): boolean;
  /** Reason and requester of what somebody asks for, for whoever has to approve or review it. */
  textsOf(reader: Principal, grant: string, opening: PersonalOpening): Readonly<Record<string, PersonalText>>;
}

const LEAST_REASON = 10;
const LONGEST_TEXT = 500;
const MOST_CAMERAS = 64;
const LONGEST_RANGE_US = 7 * DAY_US;
const OWN_RIGHT_US = 8 * HOUR_US;
const SHIFT_US = 13 * HOUR_US;
const APPROVED_US = DAY_US;
const LONGEST_APPROVED_US = 7 * DAY_US;
const BREAK_GLASS_US = 30 * MINUTE_US;
/** A request that nobody has answered by then is to be made anew. */
const ANSWERED_WITHIN_US = 3 * DAY_US;
const MOST_LISTED = 1000;

/** As the ledger takes them. */
const PURPOSE = /^[A-Z][A-Z0-9_]{0,31}$/;
const CAMERA = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** Beyond one's own rights, and so an officer's to decide. */
const ASKABLE: ReadonlySet<ViewingRefusal> = new Set(['no_right', 'beyond_look_back']);

export function createGrants({ writing, db, clock, rules }: GrantsDeps): Grants {
  const rows = createViewingRows(db);

  const actorOf = ({ account }: Principal) => `person:${account}` as const;
  const refused = (why: ViewingRefusal, mayAsk = false) => new GirokError('viewing_refused', { why, mayAsk });

  /** On the record: somebody wanted to see, and did not. */
  const turnAway = (
    principal: Principal,
    asking: Omit<Asking, 'reason' | 'purpose'>,
    why: ViewingRefusal,
  ) => {
    const { kind, cameras, range } = asking;
    const when = range && { from: isoFromUs(range.fromUs), to: isoFromUs(range.toUs) };
    writing.write((tx) =>
      tx.append({
        event: 'viewing.refused',
        facts: { kind, cameras: [...cameras], ...when, why },
        actor: actorOf(principal),
      }),
    );
  };

  const draftOf = (
    principal: Principal,
    asking: Asking,
    basis: Grant['basis'],
    lastsUs: number,
  ): Omit<Grant, 'seq'> => {
    checkAsking(asking, clock.utcUs());
    const nowUs = clock.utcUs();
    return {
      id: newId(nowUs),
      account: principal.account,
      kind: asking.kind === 'recorded' ? 'recorded' : 'live',
      state: 'made',
      basis,
      purpose: asking.purpose,
      cameras: asking.cameras,
      fromUs: asking.range?.fromUs ?? null,
      toUs: asking.range?.toUs ?? null,
      askedUs: nowUs,
      madeUs: nowUs,
      untilUs: nowUs + lastsUs,
      approvedBy: null,
      reviewedUs: null,
    };
  };

  const addGrant = (tx: LedgerTransaction, grant: Omit<Grant, 'seq'>, seq: number) =>
    createViewingRows(tx.db).addGrant({ ...grant, cameras: JSON.stringify(grant.cameras), seq });

  const addViewing = (
    tx: LedgerTransaction,
    principal: Principal,
    { grant, kind, personal }: { grant: Grant; kind: ViewingRow['kind']; personal: Record<string, string> },
  ): OpenedViewing => {
    const openedUs = clock.utcUs();
    const viewing = newId(openedUs);
    const link = grant.basis === 'breakglass' ? { breakglass: grant.id } : { grant: grant.id };
    tx.append(
      {
        event: 'viewing.opened',
        facts: { viewing, kind, ...scopeOf(grant), ...link },
        actor: actorOf(principal),
      },
      { personal },
    );
    const { account } = principal;
    createViewingRows(tx.db).addViewing({ id: viewing, grantId: grant.id, account, kind, openedUs });
    return { viewing, grant: grant.id, untilUs: grant.untilUs ?? openedUs };
  };

  const find = (id: string): Grant => {
    const row = rows.grant(id);
    if (!row) throw new GirokError('viewing_unknown');
    return grantOf(row);
  };

  /** Whether somebody may decide about all the cameras of a grant that is not their own. */
  const mayDecide = (
    by: Principal,
    { account, cameras }: Grant,
    action: Extract<Action, 'approve' | 'read_logs'>,
  ) =>
    by.account !== account &&
    cameras.every((camera) => {
      // A right that names no camera is about the site.
      const rights = by.rights.filter(({ cameras: of }) => of.length === 0 || of.includes(camera));
      return decide({ ...by, rights }, { action }, clock.utcUs()).allowed;
    });

  const mayReview = (by: Principal, grant: Grant): boolean =>
    mayDecide(by, grant, 'approve') || mayDecide(by, grant, 'read_logs');

  const decideOn = (by: Principal, id: string, then: (grant: Grant) => void) => {
    const grant = find(id);
    if (!mayDecide(by, grant, 'approve')) throw refused('no_right');
    if (clock.utcUs() - grant.askedUs > ANSWERED_WITHIN_US)
      throw new GirokError('viewing_over', { state: 'expired' });
    then(grant);
  };

  const move = (tx: LedgerTransaction, id: string, from: GrantRow['state'], to: GrantRow['state']) => {
    const inside = createViewingRows(tx.db);
    // Somebody else may have decided since it was looked up.
    if (!inside.moveGrant(id, from, to))
      throw new GirokError('viewing_over', { state: inside.grant(id)?.state });
    return inside;
  };

  return {
    open(principal, asking, seat) {
      const lastsUs = asking.kind === 'shift' ? SHIFT_US : OWN_RIGHT_US;
      const grant = draftOf(principal, asking, 'right', lastsUs);
      const why = refusalOf(principal, grant, grant.cameras, rules, clock.utcUs());
      if (why) {
        turnAway(principal, asking, why);
        throw refused(why, ASKABLE.has(why));
      }
      const personal = { ...textsFor(asking), ...seatOf(seat) };
      return writing.write((tx) => {
        const seq = tx.append({ event: 'grant.made', facts: madeFacts(grant), actor: actorOf(principal) });
        addGrant(tx, grant, seq);
        return addViewing(tx, principal, { grant: { ...grant, seq }, kind: asking.kind, personal });
      });
    },

    openGranted(principal, id, seat) {
      const grant = find(id);
      const kind = grant.kind;
      const why = refusalOf(principal, grant, grant.cameras, rules, clock.utcUs());
      if (why) {
        const range =
          grant.fromUs === null || grant.toUs === null
            ? undefined
            : { fromUs: grant.fromUs, toUs: grant.toUs };
        turnAway(principal, { kind, cameras: grant.cameras, range }, why);
        throw refused(why);
      }
      return writing.write((tx) => {
        if (createViewingRows(tx.db).grant(id)?.state !== 'made') throw refused('revoked');
        return addViewing(tx, principal, { grant, kind, personal: seatOf(seat) });
      });
    },

    request(principal, asking) {
      const draft = draftOf(principal, asking, 'approval', APPROVED_US);
      const why = refusalOf(principal, draft, draft.cameras, rules, clock.utcUs());
      if (why) {
        turnAway(principal, asking, why);
        throw refused(why);
      }
      const grant = { ...draft, state: 'requested', basis: null, madeUs: null, untilUs: null } as const;
      return writing.write((tx) => {
        const seq = tx.append(
          {
            event: 'grant.requested',
            facts: { grant: grant.id, ...scopeOf(grant) },
            actor: actorOf(principal),
          },
          { personal: textsFor(asking) },
        );
        addGrant(tx, grant, seq);
        return grant.id;
      });
    },

    approve(approver, id, untilUs) {
      decideOn(approver, id, (grant) => {
        const madeUs = clock.utcUs();
        const until = untilUs ?? madeUs + APPROVED_US;
        if (!(until > madeUs && until <= madeUs + LONGEST_APPROVED_US))
          throw new GirokError('viewing_input', { field: 'until' });
        const made = {
          ...grant,
          basis: 'approval' as const,
          madeUs,
          untilUs: until,
          approvedBy: approver.account,
        };
        writing.write((tx) => {
          move(tx, id, 'requested', 'made').made(id, made);
          tx.append({ event: 'grant.made', facts: madeFacts(made), actor: actorOf(approver) });
        });
      });
    },

    refuse(approver, id) {
      decideOn(approver, id, () =>
        writing.write((tx) => {
          move(tx, id, 'requested', 'refused');
          tx.append({ event: 'grant.refused', facts: { grant: id }, actor: actorOf(approver) });
        }),
      );
    },

    revoke(by, id) {
      const grant = find(id);
      if (by.account !== grant.account && !mayDecide(by, grant, 'approve')) throw refused('no_right');
      writing.write((tx) => {
        move(tx, id, 'made', 'revoked');
        tx.append({ event: 'grant.revoked', facts: { grant: id }, actor: actorOf(by) });
      });
    },

    breakGlass(principal, asking, seat) {
      if (asking.kind !== 'recorded' || !asking.range)
        throw new GirokError('viewing_input', { field: 'kind' });
      const { range } = asking;
      const grant = draftOf(principal, asking, 'breakglass', BREAK_GLASS_US);
      const why = refusalOf(principal, grant, grant.cameras, rules, clock.utcUs());
      if (why) {
        turnAway(principal, asking, why);
        throw refused(why);
      }
      const texts = textsFor(asking);
      return writing.write((tx) => {
        const facts = {
          breakglass: grant.id,
          cameras: [...grant.cameras],
          from: isoFromUs(range.fromUs),
          to: isoFromUs(range.toUs),
          until: isoFromUs(grant.untilUs ?? 0),
        };
        const { terminal, viewer } = seatOf(seat);
        const seq = tx.append(
          { event: 'breakglass.opened', facts, actor: actorOf(principal) },
          { personal: { reason: texts.reason, terminal } },
        );
        addGrant(tx, grant, seq);
        const personal = { ...texts, viewer, terminal };
        return addViewing(tx, principal, { grant: { ...grant, seq }, kind: 'recorded', personal });
      });
    },

    review(reviewer, id, justified) {
      const grant = find(id);
      if (!mayReview(reviewer, grant)) throw refused('no_right');
      writing.write((tx) => {
        const inside = createViewingRows(tx.db);
        const now = inside.grant(id);
        if (now?.basis !== 'breakglass' || now.reviewedUs !== null)
          throw new GirokError('viewing_over', { state: now?.state });
        inside.reviewed(id, clock.utcUs());
        tx.append({
          event: 'breakglass.reviewed',
          facts: { breakglass: id, justified },
          actor: actorOf(reviewer),
        });
      });
    },

    list: (filter, limit) => rows.grants(filter, Math.min(limit, MOST_LISTED)).map(grantOf),
    viewings: (filter, limit) => rows.viewings(filter, Math.min(limit, MOST_LISTED)),

    ownViewing(account, id) {
      const viewing = rows.viewing(id);
      if (viewing?.account !== account) throw new GirokError('viewing_unknown');
      return { viewing, grant: find(viewing.grantId) };
    },

    mayReview: (reader, id) => mayReview(reader, find(id)),

    textsOf(reader, id, opening) {
      const grant = find(id);
      if (!mayReview(reader, grant)) throw refused('no_right');
      const { ledgerRows } = writing;
      const entry = ledgerRows.entry(grant.seq);
      return entry ? openPersonal(readBody(entry.body), ledgerRows, opening) : {};
    },
  };
}

const scopeOf = ({ purpose, cameras, fromUs, toUs }: Omit<Grant, 'seq'>) => ({
  purpose,
  cameras: [...cameras],
  ...(fromUs === null || toUs === null ? {} : { from: isoFromUs(fromUs), to: isoFromUs(toUs) }),
  masked: false,
});

const madeFacts = (grant: Omit<Grant, 'seq'>) => ({
  grant: grant.id,
  account: grant.account,
  basis: grant.basis ?? 'right',
  ...scopeOf(grant),
  until: isoFromUs(grant.untilUs ?? 0),
  ...(grant.approvedBy === null ? {} : { approvedBy: grant.approvedBy }),
});

const textsFor = ({ reason, requester }: Asking) => ({
  reason: reason.trim(),
  ...(requester !== undefined && { requester: requester.trim() }),
});

const seatOf = ({ viewer, terminal }: Seat) => {
  for (const [field, text] of Object.entries({ viewer, terminal })) checkText(field, text, 1);
  return { viewer, terminal };
};

function checkAsking({ kind, purpose, reason, requester, cameras, range }: Asking, nowUs: number): void {
  const fault = (field: string) => new GirokError('viewing_input', { field });
  if (!PURPOSE.test(purpose)) throw fault('purpose');
  checkText('reason', reason, LEAST_REASON);
  if (requester !== undefined) checkText('requester', requester, 1);
  if (cameras.length === 0 || cameras.length > MOST_CAMERAS || new Set(cameras).size < cameras.length)
    throw fault('cameras');
  if (!cameras.every((camera) => CAMERA.test(camera))) throw fault('cameras');
  if ((kind === 'recorded') !== (range !== undefined)) throw fault('range');
  if (!range) return;
  const { fromUs, toUs } = range;
  if (!Number.isSafeInteger(fromUs) || !Number.isSafeInteger(toUs) || fromUs < 0) throw fault('range');
  if (toUs <= fromUs || toUs - fromUs > LONGEST_RANGE_US || fromUs > nowUs) throw fault('range');
}

/** Characters as people count them; blanks around it are none. */
function checkText(field: string, text: string, least: number): void {
  const length = [...text.trim()].length;
  if (length < least || text.length > LONGEST_TEXT) throw new GirokError('viewing_input', { field });
}
