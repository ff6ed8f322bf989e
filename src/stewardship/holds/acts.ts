import { createHash } from 'node:crypto';
import { HOLD_DAYS, type HoldKind } from '../../contract/hold-kinds.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import { type Facts, GirokError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import type { Accounts } from '../../retention/accounts.ts';
import { nextReviewUs, RENEWABLE, rangeHeld, termsOf } from '../../retention/hold-terms.ts';
import { type Hold, type HoldBook, type HoldState, isLasting, type SeenIn } from '../../retention/holds.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { lockerKey, makeLockerKey } from '../../vault/locker-key.ts';
import { type HoldNote, readNote, writeNote } from './note.ts';

export interface HoldActsDeps {
  readonly book: Pick<HoldBook, 'begin' | 'change' | 'read'>;
  /** The narrow way to the ledger. */
  readonly accounts: Pick<Accounts, 'enter'>;
  /** Opened for making keys where something is made, the caller's to close. */
  readonly keyring: Pick<Keyring, 'hourKey' | 'sealingKey'>;
  readonly clock: Clock;
}

/** No hold is silent. Both are sealed: into the ledger as personal fields, into the book under the locker's key. */
export interface Holder {
  readonly by: string;
  readonly reason: string;
}

export interface HoldAsked {
  readonly kind: HoldKind;
  readonly cameras: readonly string[];
  /** What is asked for, a past range of at most a day; what is held is wider. Instants: µs UTC. */
  readonly fromUs: number;
  readonly toUs: number;
  /** The kind's usual time unless told. */
  readonly endUs?: number | undefined;
  readonly seenIn?: SeenIn | undefined;
}

/**
 * What a change was meant for: as {@link revisionOf} the hold that its person saw. Absent where nobody could have
 * changed it in between.
 */
export type Seen = string | undefined;

/**
 * Whatever persons do to holds. The ledger knows of each step before it is done.
 *
 * @throws on each: GirokError `hold_refused` {why}, `hold_unknown`, `hold_changed`, `hold_busy`, of the keyring; what
 *   `accounts.enter` throws, and then nothing has happened
 */
export interface HoldActs {
  /** Begins a hold; somebody who has the right to copies. */
  make(asked: HoldAsked, who: Holder): Promise<Hold>;
  /** A request or an order takes it over: kind and end change, the copies stay. */
  takeOver(
    id: string,
    to: { kind: HoldKind; endUs?: number | undefined },
    who: Holder,
    seen?: Seen,
  ): Promise<Hold>;
  /** For another term, with a reason of its own. */
  renew(id: string, to: { endUs?: number | undefined }, who: Holder, seen?: Seen): Promise<Hold>;
  /** Somebody has looked, and it is still needed. */
  review(id: string, who: Holder, seen?: Seen): Promise<Hold>;
  /** Its copies go with the next run of the purge. */
  end(id: string, who: Holder, seen?: Seen): Promise<Hold>;
}

/** Changes with whatever a person does to it, and not with how far the copying is. */
export const revisionOf = ({ kind, reviewUs, endUs, state }: Hold): string =>
  createHash('sha256')
    .update(`${kind} ${reviewUs} ${endUs} ${state === 'ended' || state === 'erased'}`)
    .digest('hex')
    .slice(0, 16);

export type HoldRefusal = 'over' | 'same_kind' | 'is_desk' | 'not_renewable' | 'end_bad' | 'range_bad';

const refused = (why: HoldRefusal, facts: Facts = {}) => new GirokError('hold_refused', { why, ...facts });

const MAY_CHANGE: readonly HoldState[] = ['copying', 'held'];

interface Change {
  readonly did: Exclude<HoldNote[number]['did'], 'made'>;
  readonly from: readonly HoldState[];
  /** What the hold becomes, and the facts that the ledger gets beside its id. */
  apply(hold: Hold, nowUs: number): { hold: Hold; facts?: Readonly<Record<string, string>> };
}

export function createHoldActs({ book, accounts, keyring, clock }: HoldActsDeps): HoldActs {
  /** One whose key is gone is over, and nothing about persons is kept of it any more. */
  const noteAfter = (hold: Hold, line: HoldNote[number]): string => {
    const note = readNote(keyring, hold);
    if (note.length === 0) return '';
    const key = lockerKey(keyring, hold.id);
    try {
      return writeNote(key, hold.id, [...note, line]);
    } finally {
      key.fill(0);
    }
  };

  const change = async (id: string, { by, reason }: Holder, seen: Seen, { did, from, apply }: Change) => {
    // A name that was never given away leaves no lock behind.
    if (!(await book.read(id))) throw new GirokError('hold_unknown', { hold: id });
    const changed = await book.change(id, ALL, async (hold) => {
      if (seen !== undefined && revisionOf(hold) !== seen) throw new GirokError('hold_changed', { hold: id });
      if (!from.includes(hold.state)) throw refused('over');
      const nowUs = clock.utcUs();
      const { hold: after, facts = {} } = apply(hold, nowUs);
      const note = noteAfter(hold, { at: isoFromUs(nowUs), did, by, reason });
      await accounts.enter({ event: `hold.${did}`, facts: { hold: id, ...facts }, personal: { by, reason } });
      return { ...after, note };
    });
    if (!changed) throw new GirokError('hold_unknown', { hold: id });
    return changed;
  };

  const newTerms = (hold: Hold, kind: HoldKind, nowUs: number, endUs: number | undefined) => {
    const terms = termsOf(kind, nowUs, endUs);
    if (!terms) throw refused('end_bad', { most: HOLD_DAYS[kind].most });
    const facts = { review: isoFromUs(terms.reviewUs), end: isoFromUs(terms.endUs) };
    return { hold: { ...hold, kind, ...terms }, facts };
  };

  const lasting = (hold: Hold, nowUs: number) => {
    if (!isLasting(hold, nowUs)) throw refused('over');
  };

  return {
    async make({ kind, cameras, seenIn, ...asked }, { by, reason }) {
      const madeUs = clock.utcUs();
      const range = rangeHeld(asked.fromUs, asked.toUs, madeUs);
      if (!range) throw refused('range_bad');
      const terms = termsOf(kind, madeUs, asked.endUs);
      if (!terms) throw refused('end_bad', { most: HOLD_DAYS[kind].most });
      const id = newId(madeUs);
      const of = { kind, cameras: [...new Set(cameras)] };
      const page: Hold = {
        v: 1,
        id,
        ...of,
        ...range,
        madeUs,
        ...terms,
        ...(seenIn && { seenIn }),
        state: 'beginning',
        note: '',
      };
      // No hold is silent: the ledger knows of it before anything is copied.
      await accounts.enter({
        event: 'hold.made',
        facts: {
          hold: id,
          ...of,
          from: isoFromUs(range.fromUs),
          to: isoFromUs(range.toUs),
          review: isoFromUs(terms.reviewUs),
          end: isoFromUs(terms.endUs),
          ...seenIn,
        },
        personal: { by, reason },
      });
      return book.begin(page, async () => {
        const key = makeLockerKey(keyring, id);
        try {
          const note = writeNote(key, id, [{ at: isoFromUs(madeUs), did: 'made', by, reason }]);
          return { ...page, state: 'copying', note };
        } finally {
          key.fill(0);
        }
      });
    },

    takeOver: (id, { kind, endUs }, who, seen) =>
      change(id, who, seen, {
        did: 'taken_over',
        from: MAY_CHANGE,
        apply(hold, nowUs) {
          lasting(hold, nowUs);
          if (kind === 'desk') throw refused('is_desk');
          if (hold.kind === kind) throw refused('same_kind');
          const { hold: after, facts } = newTerms(hold, kind, nowUs, endUs);
          return { hold: after, facts: { kind, ...facts } };
        },
      }),

    renew: (id, { endUs }, who, seen) =>
      change(id, who, seen, {
        did: 'renewed',
        from: MAY_CHANGE,
        apply(hold, nowUs) {
          lasting(hold, nowUs);
          if (!RENEWABLE.includes(hold.kind)) throw refused('not_renewable');
          return newTerms(hold, hold.kind, nowUs, endUs);
        },
      }),

    review: (id, who, seen) =>
      change(id, who, seen, {
        did: 'reviewed',
        from: MAY_CHANGE,
        apply(hold, nowUs) {
          lasting(hold, nowUs);
          const reviewUs = nextReviewUs(nowUs, hold.endUs);
          return { hold: { ...hold, reviewUs }, facts: { review: isoFromUs(reviewUs) } };
        },
      }),

    end: (id, who, seen) =>
      change(id, who, seen, {
        did: 'ended',
        from: ['beginning', ...MAY_CHANGE],
        apply: (hold) => ({ hold: { ...hold, state: 'ended' } }),
      }),
  };
}

/** Whatever state it is in is looked at under its lock, so that it is said which. */
const ALL: readonly HoldState[] = ['beginning', 'copying', 'held', 'ended', 'erased'];
