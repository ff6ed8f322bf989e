import { RECORD_CLASSES, type RecordClass } from '../contract/record-classes.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { personalKeyOf } from '../vault/personal-keys.ts';
import type { HourKeyName } from '../vault/wrapping.ts';

/** Whole years for which the personal texts of each class of record can be opened. */
export type RecordYears = Readonly<Record<RecordClass, number>>;

/** The personal texts of a class of record and a month whose time is over. */
export interface DueRecords {
  readonly class: RecordClass;
  /** `YYYY-MM`, of when they were entered. */
  readonly month: string;
  /** The instant from which on they had to go, µs UTC. */
  readonly dueUs: number;
}

/** As cameras.yml has them. */
export const recordYearsOf = (records: Readonly<Record<`${RecordClass}Years`, number>>): RecordYears =>
  Object.fromEntries(RECORD_CLASSES.map((each) => [each, records[`${each}Years`]])) as RecordYears;

/**
 * What was entered in a month goes at the first instant of the month after the same month, so many years later: the
 * last that was entered in it has had its years in full then (days without a date in a year included). µs UTC.
 */
export function recordsDueUs(month: string, years: number, siteTime: SiteTime): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const [dueYear, dueMonth] = number === 12 ? [year + years + 1, 1] : [year + years, number + 1];
  const text = (value: number, digits: number) => String(value).padStart(digits, '0');
  return siteTime.startOf(`${text(dueYear, 4)}-${text(dueMonth, 2)}-01` as LocalDay);
}

/** Of the keys of a keyring those of personal texts whose time is over, oldest first. Pure. */
export function dueRecords(input: {
  readonly nowUs: number;
  readonly siteTime: SiteTime;
  readonly years: RecordYears;
  readonly names: readonly HourKeyName[];
}): DueRecords[] {
  const { nowUs, siteTime, years } = input;
  return input.names
    .flatMap((name): DueRecords[] => {
      const key = personalKeyOf(name);
      const of = RECORD_CLASSES.find((each) => each === key?.class);
      // A class that only a newer program knows is kept until that one says how long.
      if (!key || !of) return [];
      return [{ class: of, month: key.month, dueUs: recordsDueUs(key.month, years[of], siteTime) }];
    })
    .filter(({ dueUs }) => nowUs >= dueUs)
    .sort((a, b) => a.dueUs - b.dueUs || (a.class < b.class ? -1 : 1));
}
