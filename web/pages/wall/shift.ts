import { type Signal, signal } from '@preact/signals';

/** A shift of this person that is open. In memory alone: reasons are a person's words, and no browser keeps them. */
export interface Shift {
  readonly viewing: string;
  /** Id. */
  readonly purpose: string;
  /** As it was written here; the server gives it to nobody but whoever has to judge it. */
  readonly reason?: string | undefined;
  readonly cameras: readonly string[];
  /** ISO 8601, UTC. */
  readonly since: string;
}

export type Now =
  /** `before`: what was written for the last one. */
  | { readonly at: 'none'; readonly before?: Shift }
  | { readonly at: 'watching'; readonly shift: Shift }
  | { readonly at: 'over'; readonly shift: Shift; readonly outcome: string };

export const now: Signal<Now> = signal({ at: 'none' });
