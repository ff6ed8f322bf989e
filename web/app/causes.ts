import { gaps as en } from '../../src/i18n/en/gaps.ts';
import { gaps as ko } from '../../src/i18n/ko/gaps.ts';
import { wordsOf } from './language.ts';

const words = wordsOf({ ko, en });

/** Why nothing is recorded, in words; a cause that this version does not know is an unknown one. */
export function causeText(cause: string): string {
  const known: Readonly<Record<string, string>> = words();
  return Object.hasOwn(known, cause) ? (known[cause] ?? cause) : words().unknown;
}
