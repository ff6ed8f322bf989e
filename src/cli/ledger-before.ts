import type { Sentences } from '../i18n/ko.ts';
import type { LogOver } from '../ledger/begin-anew.ts';

/** A log before this one, in a line for a person. */
export const beforeLine = (
  { origin, size, why, found, folder = '' }: LogOver,
  { ledger: said }: Sentences,
): string => said.before({ origin, size, why: said.brokenOff[why], found, folder });
