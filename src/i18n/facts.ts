import type { Facts } from '../lib/errors.ts';

/** ` "value"` of the first fact that is known, for the middle of a sentence; nothing when none is. */
export function quoted(facts: Facts, ...keys: string[]): string {
  const value = keys.map((key) => facts[key]).find((known) => known !== undefined && known !== '');
  return value === undefined ? '' : ` "${printable(value)}"`;
}

/** Where it happened: a file, a database or a folder, whichever the error names. */
export const place = (facts: Facts): string => quoted(facts, 'path', 'file', 'storage', 'folder');

/** ` (value, value)` of the named facts that are known. Sentences stay whole when a fact is missing. */
export function told(facts: Facts, ...keys: string[]): string {
  const values = keys
    .map((key) => facts[key])
    .filter((value) => value !== undefined && value !== '')
    .map((value) => printable(value as string | number | boolean));
  return values.length === 0 ? '' : ` (${values.join(', ')})`;
}

/** One fact as it is, or nothing. */
export const plain = (facts: Facts, key: string): string =>
  facts[key] === undefined ? '' : printable(facts[key]);

/** What a camera or a file said may hold control characters, which could forge lines of a terminal or a log. */
const printable = (value: string | number | boolean): string =>
  String(value)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\u00b7')
    .slice(0, 300);

/** The words for a reason out of a closed set; for one that this version does not know, those of `other`. */
export function reasonOf(words: { readonly other: string }, why: Facts[string]): string {
  const all: Readonly<Record<string, string>> = words;
  return typeof why === 'string' && Object.hasOwn(all, why) ? (all[why] ?? words.other) : words.other;
}
