import { z } from 'zod';
import type { ProofReason } from '../../../src/contract/auth.ts';
import { cameraSchema } from '../../../src/contract/cameras.ts';
import {
  accountSchema,
  allRightsSchema,
  type rightSchema,
  sessionsSchema,
} from '../../../src/contract/people.ts';
import { ApiError } from '../../api/api-error.ts';
import { get, post, send } from '../../api/client.ts';
import { ProofDeclined, withProof } from '../../api/proof.ts';
import { words } from './words.ts';

/** What this page asks the server. All of it needs a fresh proof, looking too. */

export type Account = z.infer<typeof accountSchema>;
export type Right = z.infer<typeof rightSchema>;
export type Terms = Right['terms'];
export type Camera = z.infer<typeof cameraSchema>;
export type AllRights = z.infer<typeof allRightsSchema>;

/** As the API takes them: instants ISO 8601, UTC. */
export interface AskedTerms {
  readonly actions: readonly string[];
  readonly cameras: readonly string[];
  readonly lookBackHours?: number;
  readonly from: string;
  readonly until?: string;
}

const peopleSchema = z.strictObject({ people: z.array(accountSchema) });
const camerasSchema = z.strictObject({ cameras: z.array(cameraSchema) });
const passwordSchema = z.strictObject({ account: z.string(), password: z.string() });

export const askPeople = (signal: AbortSignal) =>
  proven('account', async () => (await get('/api/people', peopleSchema, { signal })).people);
export const askRights = (signal: AbortSignal) =>
  proven('right', () => get('/api/rights', allRightsSchema, { signal }));
export const askSessions = (id: string, signal: AbortSignal) =>
  proven(
    'account',
    async () => (await get(`/api/people/${id}/sessions`, sessionsSchema, { signal })).sessions,
  );
export const askCameras = async (signal: AbortSignal) =>
  (await get('/api/cameras', camerasSchema, { signal })).cameras;

export const makeAccount = (opening: object) =>
  withProof('account', () => post('/api/people', opening, passwordSchema));
export const newPassword = (id: string) =>
  withProof('account', () => post(`/api/people/${id}/reset-password`, {}, passwordSchema));
export const changeAccount = (
  id: string,
  step: 'close' | 'suspend' | 'restore' | 'unlock' | 'reset-factors',
) => withProof('account', () => send('POST', `/api/people/${id}/${step}`));
/** ISO 8601; null: no end. */
interface DatesOf {
  readonly contractUntil: string | null;
  readonly trainingUntil: string | null;
}

export const setTerms = (id: string, terms: DatesOf, seen: DatesOf) =>
  withProof('account', () => send('PUT', `/api/people/${id}/terms`, { ...terms, seen }));
export const endSession = (id: string, session: string) =>
  withProof('account', () => send('DELETE', `/api/people/${id}/sessions/${session}`));

export const requestRight = (account: string, terms: AskedTerms, reason: string) =>
  withProof('right', () =>
    post('/api/rights', { account, terms, reason }, z.strictObject({ right: z.string() })),
  );
export const requestChange = (right: string, terms: AskedTerms, reason: string) =>
  withProof('right', () => send('PUT', `/api/rights/${right}`, { terms, reason }));
export const decideOnRight = (right: string, step: 'approve' | 'refuse' | 'revoke') =>
  withProof('right', () => send('POST', `/api/rights/${right}/${step}`));

/** Where no proof is given there is nothing to be seen, and that is said. */
async function proven<T>(reason: ProofReason, work: () => Promise<T>): Promise<T> {
  try {
    return await withProof(reason, work);
  } catch (error) {
    if (!(error instanceof ProofDeclined)) throw error;
    throw new ApiError({ code: 'proof_needed', sentence: words().proofNeeded, status: 403 });
  }
}
