import type { RecorderStatus } from '../contract/recorder-status.ts';
import type { Sentences } from '../i18n/ko.ts';
import { alarmText } from '../i18n/sentences.ts';

/** The sentence of an alarm, with what is behind it in the reader's language. */
export function alarmSentence(
  { code, subject, facts }: RecorderStatus['alarms'][number],
  words: Sentences,
): string {
  const known = typeof facts.why === 'string' ? { ...facts, why: troubleWord(facts.why, words) } : facts;
  return alarmText(words, code, subject, known);
}

/** What the recorder says of a camera it cannot pull, in the reader's language. */
export const troubleWord = (trouble: string, words: Sentences): string =>
  trouble
    .split(': ')
    .map((part) => words.troubles[part] ?? gapWord(part, words))
    .join(': ');

/** A gap's cause in words; one that this version does not know is shown as it is. */
export const gapWord = (cause: string, words: Sentences): string =>
  Object.hasOwn(words.gaps, cause) ? words.gaps[cause as keyof Sentences['gaps']] : cause;
