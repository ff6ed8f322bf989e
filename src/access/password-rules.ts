import type { PasswordRules } from '../config/config.ts';
import { isCommon } from './common-passwords.ts';
import type { AccessParts } from './parts.ts';
import { LONGEST_PASSWORD } from './passwords.ts';

export type PasswordFault = 'too_short' | 'too_long' | 'too_simple' | 'common' | 'personal';

/** Words that a password must not be made of. */
export interface PasswordOwner {
  readonly login: string;
  readonly name: string;
  readonly site: readonly string[];
}

/** Shorter words are in everything. */
const SHORTEST_WORD = 3;

/**
 * What is wrong with a password that somebody wants to set; undefined for a good one. Pure. Characters are counted as
 * people see them. NIST SP 800-63B-4 §3.1.1.2: length and a block list; kinds of characters only where the site asks.
 */
export function passwordFault(
  password: string,
  rules: PasswordRules,
  owner: PasswordOwner,
  hasFactor: boolean,
): PasswordFault | undefined {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length > LONGEST_PASSWORD) return 'too_long';
  if (length < (hasFactor ? rules.lengthWithFactor : rules.length)) return 'too_short';
  if (kindsIn(text) < rules.classes) return 'too_simple';
  if (isCommon(text)) return 'common';
  if (isMadeOf(text.toLowerCase(), owner)) return 'personal';
  return undefined;
}

/** The same by the rules and the names of this site. */
export const passwordFaultAt = (
  { config, site }: Pick<AccessParts, 'config' | 'site'>,
  password: string,
  { login, name }: Omit<PasswordOwner, 'site'>,
  hasFactor: boolean,
): PasswordFault | undefined =>
  passwordFault(
    password,
    config.password,
    { login, name, site: [site.id, ...Object.values(site.name)] },
    hasFactor,
  );

const kindsIn = (text: string): number =>
  [/\p{Lu}/u, /\p{Ll}|\p{Lo}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].filter((kind) => kind.test(text)).length;

/** Most of it is such a word, or the word stands in it with little else. */
function isMadeOf(text: string, { login, name, site }: PasswordOwner): boolean {
  const words = [login, name, ...name.split(/\s+/), ...site.flatMap((each) => [each, ...each.split(/\s+/)])]
    .map((word) => word.normalize('NFKC').toLowerCase().trim())
    .filter((word) => [...word].length >= SHORTEST_WORD);
  return words.some((word) => text.includes(word) && [...text].length - [...word].length < 8);
}
