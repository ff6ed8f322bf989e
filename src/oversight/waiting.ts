import { type Answer, decide, type Principal, type Question } from '../access/policy.ts';
import type { WAITING_KINDS } from '../contract/today.ts';
import type { AccountRow } from '../db/site/account-rows.ts';
import type { ItemRow } from '../db/site/item-rows.ts';
import type { RightRow } from '../db/site/right-rows.ts';
import type { TaskRow } from '../db/site/task-rows.ts';
import type { GrantRow } from '../db/site/viewing-rows.ts';
import { DAY_US } from '../lib/clock.ts';
import type { SiteTime } from '../lib/site-time.ts';
import type { Hold } from '../retention/holds.ts';
import { overdueItems } from './handed-out.ts';

/** Something that waits for a person: how much of it, since when or until when, and which one where it is one. */
export interface Waiting {
  readonly kind: (typeof WAITING_KINDS)[number];
  readonly count: number;
  /** Since when the oldest of them waits, µs UTC. */
  readonly sinceUs?: number;
  /** By when the first of them has to be done, µs UTC. */
  readonly dueUs?: number;
  /** Its id, where it is one alone. */
  readonly subject?: string;
}

export interface WaitingInput {
  readonly requested: readonly GrantRow[];
  readonly unreviewed: readonly GrantRow[];
  readonly rights: readonly RightRow[];
  readonly accounts: readonly Pick<AccountRow, 'id' | 'state'>[];
  readonly tasks: readonly TaskRow[];
  readonly holds: readonly Hold[];
  /** Holds that somebody made out of a viewing, and no officer has looked at. */
  readonly incidents: readonly { readonly subject: string; readonly sinceUs: number }[];
  readonly items: readonly ItemRow[];
}

/** A request that nobody answers by then is over by itself (src/viewing/grants.ts). */
const ANSWERED_WITHIN_US = 3 * DAY_US;
const REVIEWED_WITHIN_US = DAY_US;
const SOON_US = DAY_US;

/**
 * What waits for this person, the most pressing first: of what they may decide, and what is not their own. Pure.
 *
 * A fresh proof is asked for when they do it; that it is missing now hides nothing.
 */
export function waitingFor(
  principal: Principal,
  input: WaitingInput,
  nowUs: number,
  siteTime: SiteTime,
): Waiting[] {
  const may = (question: Question) => isTheirs(decide(principal, question, nowUs));
  const own = principal.account;
  const approves = may({ action: 'approve' });
  const decidesRights = approves || may({ action: 'manage_people' });
  const when = (is: boolean, waiting: () => Waiting | undefined): Waiting[] => {
    const found = is ? waiting() : undefined;
    return found ? [found] : [];
  };
  const lasting = input.holds.filter(({ state }) => state === 'copying' || state === 'held');
  return [
    ...when(approves, () =>
      oneOf('incident', input.incidents, ({ subject, sinceUs }) => ({ subject, sinceUs })),
    ),
    ...when(approves || may({ action: 'read_logs' }), () =>
      oneOf('break_glass', notOwn(input.unreviewed, own), ({ id, askedUs }) => ({
        subject: id,
        sinceUs: askedUs,
        dueUs: askedUs + REVIEWED_WITHIN_US,
      })),
    ),
    ...when(approves, () =>
      oneOf(
        'grant',
        notOwn(input.requested, own).filter(({ askedUs }) => nowUs - askedUs <= ANSWERED_WITHIN_US),
        ({ id, askedUs }) => ({ subject: id, sinceUs: askedUs, dueUs: askedUs + ANSWERED_WITHIN_US }),
      ),
    ),
    ...when(decidesRights, () =>
      oneOf(
        'right',
        notOwn(input.rights, own).filter(
          ({ state, proposal, requestedBy }) =>
            requestedBy !== own && (state === 'requested' || (state === 'granted' && proposal !== null)),
        ),
        ({ id, requestedUs }) => ({ subject: id, sinceUs: requestedUs }),
      ),
    ),
    ...when(may({ action: 'manage_people' }), () =>
      oneOf(
        'account',
        input.accounts.filter(({ id, state }) => state === 'suspended' && id !== own),
        ({ id }) => ({ subject: id }),
      ),
    ),
    ...when(may({ action: 'confirm_erasure' }), () =>
      oneOf(
        'confirmation',
        input.tasks.filter(({ doneUs }) => doneUs === null),
        ({ id, openedUs, dueUs }) => ({ subject: id, sinceUs: openedUs, dueUs }),
      ),
    ),
    ...when(approves, () =>
      oneOf(
        'hold_review',
        lasting.filter(({ reviewUs, endUs }) => reviewUs < endUs && nowUs >= reviewUs - SOON_US),
        ({ id, reviewUs }) => ({ subject: id, dueUs: reviewUs }),
      ),
    ),
    ...when(approves, () =>
      oneOf(
        'hold_ending',
        lasting.filter(({ endUs }) => nowUs >= endUs - SOON_US),
        ({ id, endUs }) => ({ subject: id, dueUs: endUs }),
      ),
    ),
    ...when(may({ action: 'confirm_erasure' }), () =>
      oneOf('item', overdueItems(input.items, siteTime.dayOf(nowUs)), ({ number }) => ({ subject: number })),
    ),
  ];
}

/** What only asks for a fresh proof is theirs. */
const isTheirs = (answer: Answer): boolean => answer.allowed || answer.why === 'proof_needed';

const notOwn = <T extends { readonly account: string }>(all: readonly T[], own: string): T[] =>
  all.filter(({ account }) => account !== own);

function oneOf<T>(
  kind: Waiting['kind'],
  all: readonly T[],
  factsOf: (one: T) => Omit<Waiting, 'kind' | 'count'>,
): Waiting | undefined {
  const facts = all.map(factsOf);
  const [first] = facts;
  if (!first) return undefined;
  const least = (times: readonly (number | undefined)[]) => {
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  };
  const [sinceUs, dueUs] = [least(facts.map((each) => each.sinceUs)), least(facts.map((each) => each.dueUs))];
  return {
    kind,
    count: all.length,
    ...(sinceUs !== undefined && { sinceUs }),
    ...(dueUs !== undefined && { dueUs }),
    ...(all.length === 1 && first.subject !== undefined && { subject: first.subject }),
  };
}
