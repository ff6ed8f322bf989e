import type { Fault } from '../config/fault.ts';
import type { Facts, GirokError } from '../lib/errors.ts';
import { en } from './en.ts';
import { ko, type Sentences } from './ko.ts';
import type { Language } from './language.ts';

export const sentencesIn = (language: Language): Sentences => (language === 'ko' ? ko : en);

/** What went wrong and what to do, for a person. */
export const sentence = (error: GirokError, language: Language): string =>
  sentencesIn(language).errors[error.code](error.facts);

/** What stands, what it means and what to do; a code that this version does not know is shown as it is. */
export function alarmText(words: Sentences, alarm: string, subject: string, facts: Facts): string {
  return Object.hasOwn(words.alarms, alarm)
    ? words.alarms[alarm as keyof Sentences['alarms']](subject, facts)
    : [alarm, subject].filter(Boolean).join(' ');
}

/** `cameras.yml:12:5 cameras[0].zone.class: …` */
export function faultLine(fault: Fault, language: Language): string {
  const where = `${fault.file}:${fault.line}:${fault.column}${fault.path === '' ? '' : ` ${fault.path}`}`;
  return `${where}: ${faultSentence(fault, language)}`;
}

/** The same without the place. */
export const faultSentence = ({ kind, facts }: Fault, language: Language): string =>
  sentencesIn(language).config.faults[kind](facts);
