import { z } from 'zod';
import { cameraSchema } from '../../../src/contract/cameras.ts';
import { decidedGrantSchema, grantSchema, purposeSchema } from '../../../src/contract/viewings.ts';
import { ApiError, isApiError } from '../../api/api-error.ts';
import { get, send } from '../../api/client.ts';
import { withProof } from '../../api/proof.ts';
import { words } from './words.ts';

export type DecidedGrant = z.infer<typeof decidedGrantSchema>;

const grantsSchema = z.strictObject({ grants: z.array(decidedGrantSchema) });
const ownSchema = z.strictObject({ grants: z.array(grantSchema) });
const camerasSchema = z.strictObject({ cameras: z.array(cameraSchema) });
const purposesSchema = z.strictObject({ purposes: z.array(purposeSchema) });

export const askGrants = async (signal: AbortSignal) =>
  (await get('/api/grants', grantsSchema, { signal })).grants;
export const askOwn = async (signal: AbortSignal) =>
  (await get('/api/me/grants', ownSchema, { signal })).grants;

/** What ids are called here. */
export async function askNames(signal: AbortSignal) {
  const [{ cameras }, { purposes }] = await Promise.all([
    get('/api/cameras', camerasSchema, { signal }),
    get('/api/purposes', purposesSchema, { signal }),
  ]);
  return { cameras, purposes };
}
export type Names = Awaited<ReturnType<typeof askNames>>;

export const approve = (grant: string, until: string) =>
  decided(() => send('POST', `/api/grants/${grant}/approve`, { until }));
export const refuse = (grant: string) => decided(() => send('POST', `/api/grants/${grant}/refuse`));
export const review = (grant: string, justified: boolean) =>
  decided(() => send('POST', `/api/grants/${grant}/review`, { justified }));

/** Others may have decided a moment ago; then that is said, in this page's words. */
async function decided(work: () => Promise<void>): Promise<void> {
  try {
    await withProof('approval', work);
  } catch (error) {
    if (!isApiError(error, 'viewing_over')) throw error;
    throw new ApiError({ code: error.code, sentence: words().stale, status: error.status });
  }
}
