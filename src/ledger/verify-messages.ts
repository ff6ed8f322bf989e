import type { ErrorCode, Facts } from '../lib/errors.ts';
import type { Findings } from './meaning/meaning.ts';
import type { Verdict } from './verification.ts';

/** What the thread that verifies is given: keys and notes as texts, since objects lose their class on the way. */
export interface VerifyTask {
  /** site.db */
  readonly path: string;
  readonly log: string;
  readonly witnesses: readonly string[];
  /** Checkpoints that were kept elsewhere. */
  readonly kept: readonly string[];
  /** Nobody waits for it: everything else on this machine goes first. */
  readonly isPatient?: boolean;
  /** One number: other than 0 once nobody waits any more. */
  readonly stop: SharedArrayBuffer;
}

export type FromVerifier =
  | { readonly kind: 'progress'; readonly entries: number }
  | { readonly kind: 'done'; readonly verdict: Omit<Verdict, 'heard'>; readonly findings: Findings }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly facts: Facts };
