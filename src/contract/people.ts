import { z } from 'zod';
import { FACTOR_KINDS } from './auth.ts';
import { ACTIONS, ROLES } from './roles.ts';
import { toldText } from './told-text.ts';

/** People, their sessions and rights as the API shows them. Instants: ISO 8601, UTC. */

export const sessionSchema = z.strictObject({
  id: z.string(),
  account: z.string(),
  since: z.iso.datetime(),
  used: z.iso.datetime(),
  ends: z.iso.datetime(),
  address: z.string(),
  outside: z.boolean(),
  factor: z.string().optional(),
});

export const sessionsSchema = z.strictObject({ sessions: z.array(sessionSchema) });

const factorSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(FACTOR_KINDS),
  since: z.iso.datetime(),
  used: z.iso.datetime().optional(),
});
export const factorsSchema = z.strictObject({ factors: z.array(factorSchema) });

/** An instant as it is sent: ISO 8601, UTC; µs inside. */
export const instantUs = z.iso.datetime().transform((text) => Date.parse(text) * 1000);

export const accountSchema = z.strictObject({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  kind: z.enum(['staff', 'trustee']),
  state: z.enum(['active', 'suspended', 'closed']),
  suspendedFor: z.string().optional(),
  contractUntil: z.iso.datetime().optional(),
  trainingUntil: z.iso.datetime().optional(),
  created: z.iso.datetime(),
  used: z.iso.datetime().optional(),
  mustChangePassword: z.boolean(),
});

/** A password to begin with: shown this once, good for three days, to be changed at the first sign-in. */
export const handedPasswordSchema = z.strictObject({ account: z.string(), password: z.string() });

const actions = z.array(z.enum(ACTIONS)).max(ACTIONS.length);
const lookBackHours = z.int().min(1).max(87_840);

export const rightTermsInput = z.strictObject({
  actions,
  cameras: z.array(z.string().max(32)).max(256),
  lookBackHours: lookBackHours.optional(),
  from: instantUs,
  until: instantUs.optional(),
});

const rightTerms = z.strictObject({
  actions,
  cameras: z.array(z.string()),
  lookBackHours: lookBackHours.optional(),
  from: z.iso.datetime(),
  until: z.iso.datetime().optional(),
});
export type RightTermsView = z.infer<typeof rightTerms>;

export const rightSchema = z.strictObject({
  id: z.string(),
  account: z.string(),
  state: z.string(),
  terms: rightTerms,
  /** A change that waits for somebody. */
  proposed: rightTerms.optional(),
  proposedBy: z.string().optional(),
  requestedBy: z.string(),
  requested: z.iso.datetime(),
  approvedBy: z.string().optional(),
  decided: z.iso.datetime().optional(),
  /** Why it, or the change that waits, was asked for; of what waits to be decided on, for whoever decides. */
  reason: toldText.optional(),
});

/** Everybody's rights, with who the accounts in them are: whoever decides has to know about whom. */
export const allRightsSchema = z.strictObject({
  rights: z.array(rightSchema),
  /** Without those that are closed: their names are forgotten. */
  people: z.array(z.strictObject({ id: z.string(), name: z.string(), role: z.enum(ROLES) })),
});
