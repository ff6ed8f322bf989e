import type { ACTIONS, ROLES } from '../../contract/roles.ts';
import type { VIEWING_KINDS } from '../../contract/viewing-kinds.ts';
import type { SUSPENSIONS } from '../events/rights.ts';
import type { VIEWING_OUTCOMES } from '../events/viewing.ts';
import type { LedgerEventName } from '../events.ts';

interface Register {
  readonly name: string;
  readonly titles: readonly string[];
}

type Words<Of extends readonly string[]> = Readonly<Record<Of[number], string>>;

/** Titles and words of the printed registers, in one language. */
export interface ViewWords {
  readonly management: Register & {
    readonly kinds: Readonly<Record<'USE' | 'PROVISION' | 'ACCESS' | 'DESTRUCTION', string>>;
    /** Stands behind what a later entry has set right. */
    readonly corrected: (facts: { entry: number }) => string;
  };
  readonly destruction: Register & { readonly states: Readonly<Record<'complete' | 'incomplete', string>> };
  readonly viewing: Register & {
    readonly kinds: Words<typeof VIEWING_KINDS>;
    readonly outcomes: Words<typeof VIEWING_OUTCOMES>;
    /** Of one that nobody has closed yet. */
    readonly open: string;
    readonly masked: string;
    readonly unmasked: string;
  };
  readonly access: Register & { readonly refused: string };
  readonly rights: Register & {
    readonly roles: Words<typeof ROLES>;
    readonly actions: Words<typeof ACTIONS>;
    readonly suspensions: Words<typeof SUSPENSIONS>;
  };
  readonly entries: Register;
  readonly events: Readonly<Record<LedgerEventName, string>>;
  /** What stands for a personal field: not opened; past its time; not what was entered, or taken away before it. */
  readonly sealed: string;
  readonly erased: string;
  readonly damaged: string;
}
