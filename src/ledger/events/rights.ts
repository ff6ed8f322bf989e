import { z } from 'zod';
import { ACTIONS, ROLES } from '../../contract/roles.ts';
import { account, camera, count, instant, kind, word } from './shapes.ts';

const ACCOUNT_CHANGES = ['terms', 'password_reset', 'factors_reset'] as const;

export const SUSPENSIONS = ['failures', 'unused', 'training', 'contract', 'officer'] as const;

const right = {
  right: word,
  /** Whose it is. */
  account,
  role: z.enum(ROLES),
  /** None where it is about the site: reading logs, managing people. */
  cameras: z.array(camera).max(256),
  actions: z.array(z.enum(ACTIONS)).max(ACTIONS.length),
  /** How far back footage may be opened; absent: as far as there is any. */
  lookBackHours: count.optional(),
  from: instant,
  until: instant.optional(),
};

/**
 * Who may see what (접근권한 부여·변경·말소, kept three years). The actor is who asked, approved or changed it.
 * Personal fields: name (of whose right it is), reason.
 */
export const RIGHTS = [
  kind('right.requested', right),
  kind('right.approved', { right: word, account }),
  kind('right.refused', { right: word, account }),
  /** As it stands from now on. */
  kind('right.granted', { ...right, requestedBy: account.optional(), approvedBy: account.optional() }),
  kind('right.changed', { ...right, requestedBy: account.optional(), approvedBy: account.optional() }),
  kind('right.revoked', { right: word, account }),
  kind('right.suspended', { account, why: z.enum(SUSPENSIONS) }),
  kind('right.restored', { account }),
  kind('account.opened', { account, role: z.enum(ROLES) }),
  kind('account.closed', { account }),
  /** By somebody who manages people: until when it may be used, or what its person has to set anew. */
  kind('account.changed', {
    account,
    change: z.enum(ACCOUNT_CHANGES),
    contractUntil: instant.optional(),
    trainingUntil: instant.optional(),
  }),
  /** On the machine, while there is no administrator: whoever types this code becomes one. */
  kind('account.first_code', {}),
] as const;
