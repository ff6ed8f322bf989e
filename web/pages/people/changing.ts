import { ApiError, isApiError } from '../../api/api-error.ts';
import { words } from './words.ts';

/** What somebody else may have done a moment ago, in the server's words for why it did not do it once more. */
const OVERTAKEN: ReadonlySet<string> = new Set(['not_so', 'changed', 'not_open', 'waits_already']);

const isOvertaken = (error: unknown): boolean =>
  isApiError(error, 'right_unknown') ||
  isApiError(error, 'account_unknown') ||
  (isApiError(error) && error.status === 409 && OVERTAKEN.has(error.why ?? ''));

/**
 * Changes something that others may change too. Where they were first, the page shows how it stands now, and says so.
 *
 * @throws ApiError, ProofDeclined
 */
export async function changing(work: () => Promise<unknown>, reload: () => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    // Decided already: whoever asked says so in their own words.
    if (isApiError(error, 'viewing_over')) reload();
    if (!isOvertaken(error) || !(error instanceof ApiError)) throw error;
    reload();
    throw new ApiError({ code: error.code, sentence: words().stale, status: error.status, why: error.why });
  }
}
