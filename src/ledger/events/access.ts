import { z } from 'zod';
import { account, count, kind, word } from './shapes.ts';

const SIGN_IN_REFUSALS = [
  'unknown',
  'password',
  'factor',
  'locked',
  'suspended',
  'closed',
  'address',
  'too_many',
] as const;

/** `ended`: at its longest time, or with the server. */
const SIGN_OUT_CAUSES = ['asked', 'idle', 'ended', 'revoked'] as const;

/** Second factors. */
const FACTORS = ['totp', 'webauthn', 'recovery'] as const;

const FACTOR_CHANGES = ['added', 'removed', 'reset'] as const;

/** What a person had to prove themselves again for. */
const REAUTHENTICATED_FOR = ['right', 'export', 'approval', 'account'] as const;

/** Registers that name people, by the names of `girok ledger show`. */
export const LOG_VIEWS = ['management', 'viewing', 'access', 'rights'] as const;

/** Other lists that name people: the alarm book, what was handed out, the hold book; one entry with all that it says. */
const LISTS = ['alarms', 'items', 'holds', 'entry'] as const;

export const LOG_FORMATS = ['screen', 'csv', 'xlsx', 'json', 'pdf'] as const;

/**
 * Who was at the system, from where (접속기록). The actor is whose account it was; before that is known, the process.
 * Personal fields: name, ip. Nothing that was typed by somebody unknown is kept: it may be a password.
 */
export const ACCESS = [
  kind('access.signed_in', { session: word, factor: z.enum(FACTORS).optional(), outside: z.boolean() }),
  /** `count`: so many more like the one before it, within a minute or so. */
  kind('access.refused', {
    account: account.optional(),
    why: z.enum(SIGN_IN_REFUSALS),
    count: count.optional(),
  }),
  kind('access.signed_out', { session: word, why: z.enum(SIGN_OUT_CAUSES) }),
  kind('access.locked', { account, failures: count }),
  kind('access.unlocked', { account }),
  kind('access.reauthenticated', { session: word, for: z.enum(REAUTHENTICATED_FOR) }),
  kind('access.password_changed', { account }),
  kind('access.factor_changed', { account, factor: z.enum(FACTORS), change: z.enum(FACTOR_CHANGES) }),
  /** Somebody who is signed in asked for what they may not. `work`: method and route, never what was asked of it. */
  kind('access.denied', { session: word, work: word, why: word }),
  /** What concerns people was read or changed, and no other entry says so. */
  kind('access.handled', { session: word, work: word }),
  /** Such a register or list was shown or taken out with its personal texts opened; personal field: by. */
  kind('log.exported', {
    view: z.enum([...LOG_VIEWS, ...LISTS]),
    formats: z.array(z.enum(LOG_FORMATS)).min(1).max(LOG_FORMATS.length),
    rows: count,
    /** Numbers of the entries that the first and the last of these rows begin with, where it was not all of them. */
    first: count.optional(),
    last: count.optional(),
  }),
] as const;
