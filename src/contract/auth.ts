import { z } from 'zod';
import { ROLES } from './roles.ts';

/** Signing in, as the API answers it. Instants: ISO 8601, UTC. */

export const FACTOR_KINDS = ['totp', 'webauthn', 'recovery'] as const;

export const signedInSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('signed_in') }),
  z.strictObject({ state: z.literal('factor'), ceremony: z.string(), kinds: z.array(z.enum(FACTOR_KINDS)) }),
]);
export type SignedIn = z.infer<typeof signedInSchema>;

/** What `navigator.credentials` is given: read by the library that made it. */
export const passkeyQuestionSchema = z.strictObject({ options: z.looseObject({}) });

/** What one proves oneself again for. */
export const PROOF_REASONS = ['right', 'export', 'approval', 'account'] as const;
export type ProofReason = (typeof PROOF_REASONS)[number];

export const languageSchema = z.enum(['ko', 'en']);

export const meSchema = z.strictObject({
  account: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  /** In which this person reads, where they have chosen one. */
  language: languageSchema.optional(),
  /** What comes before anything else opens: another password, or a second factor. */
  asked: z.enum(['password', 'factor']).optional(),
  session: z.strictObject({
    id: z.string(),
    ends: z.iso.datetime(),
    factor: z.boolean(),
    outside: z.boolean(),
    mustChangePassword: z.boolean(),
    proven: z.iso.datetime(),
  }),
});
export type Me = z.infer<typeof meSchema>;

export const recoveryCodesSchema = z.strictObject({ recoveryCodes: z.array(z.string()) });
export const totpSchema = z.strictObject({ uri: z.string(), secret: z.string() });
export const passkeyBegunSchema = z.strictObject({ ceremony: z.string(), options: z.looseObject({}) });
