import type { ErrorCode, Facts } from '../lib/errors.ts';
import type { ChangeResult } from './apply.ts';
import type { CatalogueChange } from './changes.ts';

/**
 * What the recorder's main thread and its catalogue worker say to each other. Both ends are the same build in
 * the same process, so the types hold without being checked again.
 */
export interface WorkerSettings {
  readonly path: string;
  /** How long one attempt waits for another process's write lock. */
  readonly busyTimeoutMs: number;
  /** Pause between two attempts. */
  readonly retryMs: number;
}

export type ToWorker =
  | { readonly kind: 'batch'; readonly changes: readonly CatalogueChange[] }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The database could not be opened at all: the worker has ended. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly facts: Facts }
  /** The batch is durable, except for changes that cannot be applied. */
  | { readonly kind: 'committed'; readonly outcomes: readonly ChangeOutcome[] }
  /** The batch waits; the worker tries again by itself. */
  | { readonly kind: 'waiting'; readonly sqlite: string };

export type ChangeOutcome =
  | { readonly ok: true; readonly result: ChangeResult }
  | { readonly ok: false; readonly fault: string };
