import type { LedgerEvent, LedgerEventName } from '../events.ts';

/** `serious`: a rule was broken. `warning`: somebody has to look. `note`: worth knowing, and explained. */
export type Severity = 'note' | 'warning' | 'serious';

/** What a ledger that is whole can tell against those who keep it. One sentence each in `i18n/`. */
export type FindingCode =
  | 'erased_early'
  | 'erased_late'
  | 'erased_late_explained'
  | 'erase_unfinished'
  | 'erase_silent'
  | 'evidence_after_erasure'
  | 'hour_without_evidence'
  | 'hold_endless'
  | 'hold_not_copied'
  | 'hold_not_erased'
  | 'hold_erased_early'
  | 'hold_unknown'
  | 'view_after_erasure'
  | 'view_without_right'
  | 'grant_unfounded'
  | 'approved_by_self'
  | 'emergency_unreviewed'
  | 'process_crashed'
  | 'process_away'
  | 'clock_back'
  | 'unknown_event';

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** The entry that it shows in; for something that never came, the one that promised it. */
  readonly entry: number;
  readonly facts: Readonly<Record<string, string | number>>;
}

export type Report = (finding: Finding) => void;

/** An entry as the rules see it. */
export type Told = LedgerEvent & {
  readonly seq: number;
  readonly actor: string;
  /** µs UTC. */
  readonly atUs: number;
  readonly committedUs: number;
};

/** The last thing that is known: until then something had time to happen. */
export interface End {
  readonly committedUs: number;
}

/**
 * One rule, as a walk over the entries in their order. It keeps a bounded amount for each thing that is open and
 * forgets what is closed, so that a ledger of any length can be read.
 */
export interface Rule {
  /** Which entries it needs to see. */
  readonly events: readonly LedgerEventName[];
  see(entry: Told): void;
  end(end: End): void;
}
