import { z } from 'zod';
import { VIEWING_KINDS } from '../../contract/viewing-kinds.ts';
import { account, camera, cameras, count, instant, kind, stream, word } from './shapes.ts';

/** A purpose as cameras.yml names it: what the cameras are installed for, or how a request is handled. */
const purpose = z.string().regex(/^[A-Z][A-Z0-9_]{0,31}$/);

/** `incident`: something was seen. The others end a viewing in which nobody said what was seen. */
export const VIEWING_OUTCOMES = [
  'no_finding',
  'incident',
  'signed_out',
  'idle',
  'revoked',
  'expired',
  'lost',
] as const;

/** Why footage was not shown. `unrecorded`: the ledger could not take the entry. */
const VIEWING_REFUSALS = [
  'no_right',
  'beyond_look_back',
  'out_of_purpose',
  'operating_room',
  'not_approved',
  'revoked',
  'expired',
  'unrecorded',
] as const;

/** What a grant rests on: the person's own right, an officer's approval, or the night without an officer. */
const GRANT_BASES = ['right', 'approval', 'breakglass'] as const;

const scope = {
  purpose,
  cameras,
  /** The footage's own time; absent for live pictures. */
  from: instant.optional(),
  to: instant.optional(),
  masked: z.boolean(),
  /** The request that is being handled. */
  request: word.optional(),
};

/**
 * Who looked at what (열람기록): no row, no pixels. The actor is who looked; personal fields: viewer (name and role as
 * they were), reason, requester, terminal.
 */
export const VIEWING = [
  kind('viewing.opened', {
    viewing: word,
    kind: z.enum(VIEWING_KINDS),
    ...scope,
    grant: word.optional(),
    breakglass: word.optional(),
  }),
  /** What was really handed out since the last such entry. from, to: the footage's own time. */
  kind('viewing.delivered', {
    viewing: word,
    camera,
    stream,
    from: instant,
    to: instant,
    bytes: count,
    startedAt: instant,
    endedAt: instant,
  }),
  /** Whoever looks marks a moment of it; `at`: the footage's own time. Personal field, where there is one: note. */
  kind('viewing.marked', { viewing: word, camera, at: instant }),
  kind('viewing.closed', { viewing: word, outcome: z.enum(VIEWING_OUTCOMES), incident: word.optional() }),
  kind('viewing.refused', {
    kind: z.enum(VIEWING_KINDS),
    cameras,
    from: instant.optional(),
    to: instant.optional(),
    why: z.enum(VIEWING_REFUSALS),
  }),
  /** Asked for by the actor; personal fields: reason, requester. */
  kind('grant.requested', { grant: word, ...scope }),
  kind('grant.made', {
    grant: word,
    account,
    basis: z.enum(GRANT_BASES),
    ...scope,
    until: instant,
    /** Absent where nobody had to approve. */
    approvedBy: account.optional(),
  }),
  kind('grant.refused', { grant: word }),
  kind('grant.revoked', { grant: word }),
  /** Opened by the actor beyond their rights; personal fields: reason, terminal. */
  kind('breakglass.opened', { breakglass: word, cameras, from: instant, to: instant, until: instant }),
  kind('breakglass.reviewed', { breakglass: word, justified: z.boolean() }),
] as const;
