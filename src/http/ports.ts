import type { Principal } from '../access/policy.ts';
import type { Language } from '../i18n/language.ts';
import type { Actor } from '../ledger/entry.ts';
import type { LedgerEvent } from '../ledger/events.ts';

/** What the server needs of the others, each as little as it needs. Errors are GirokError everywhere. */

/** Whose session it is. Never its token. */
export interface Session {
  readonly id: string;
  readonly account: string;
  /** Name of the person, as shown and as sealed beside entries. */
  readonly name: string;
  readonly language?: Language | undefined;
  readonly principal: Principal;
}

export interface Sessions {
  /**
   * Read afresh each time, so that what is revoked is over at once.
   *
   * @param token as the cookie brings it: anything up to 256 characters
   * @param from `unasked`: a page asks by itself; that does not count as use
   * @returns undefined for none, and for one that is over or idle for too long
   */
  session(token: string, from: Caller & { readonly unasked?: boolean }): Session | undefined;
}

/** From where somebody asks. */
export interface Caller {
  /** IP address, of a proxy that is named in the configuration the one that it tells. */
  readonly address: string;
}

export interface NewEntry {
  readonly event: LedgerEvent;
  /** `person:ID` or `process:web`. */
  readonly actor: Actor;
  readonly personal?: Readonly<Record<string, string>>;
}

export interface AccessLog {
  /** On disk when this returns. @throws GirokError or the system's error when it cannot be: then nothing happened */
  enter(entry: NewEntry): void;
}
