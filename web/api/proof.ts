import { type Signal, signal } from '@preact/signals';
import type { ProofReason } from '../../src/contract/auth.ts';
import { isApiError } from './api-error.ts';

/** Somebody is asked to prove once more who they are; answered by `ui/proof-dialog`. */
export interface ProofAsked {
  readonly reason: ProofReason;
  /** true: it was given. */
  answer(given: boolean): void;
}

export const proofAsked: Signal<ProofAsked | undefined> = signal(undefined);

/** Was asked to prove who they are, and did not. Nothing happened. */
export class ProofDeclined extends Error {
  override readonly name = 'ProofDeclined';
}

/**
 * Does what needs a fresh proof, and asks for one where the server says so; then does it once more. The server did
 * nothing the first time.
 *
 * @throws ApiError, {@link ProofDeclined}
 */
export async function withProof<T>(reason: ProofReason, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!wantsProof(error)) throw error;
  }
  if (!(await (asking ?? ask(reason)))) throw new ProofDeclined();
  return work();
}

/** Several things of a page may want it at once: it is given once. */
let asking: Promise<boolean> | undefined;

function ask(reason: ProofReason): Promise<boolean> {
  asking = new Promise<boolean>((answer) => {
    proofAsked.value = { reason, answer };
  }).finally(() => {
    proofAsked.value = undefined;
    asking = undefined;
  });
  return asking;
}

/** `proof_refused` of what asks for no proof in its body: changing factors (access/factors). */
const wantsProof = (error: unknown): boolean =>
  (isApiError(error, 'not_allowed') && error.why === 'proof_needed') || isApiError(error, 'proof_refused');
