import type { Certificate, ErasedDay } from '../contract/purge-outcome.ts';
import type { KeptCertificate } from './accounts.ts';

/**
 * What the ledger gets of a certificate: never more than about 100 kB, whatever the run was like. The SHA-256 of the
 * whole file binds what is left out.
 */

/** A day each of as many camera-days; of more, each camera's days from – to. */
const MOST_DAYS = 200;
const MOST_RANGES = 500;
const MOST = 100;
const LONGEST = 200;

/** Days of one camera that follow on each other, or all of them where that is still too many. */
export interface DayRange {
  readonly camera: string;
  /** The first. */
  readonly day: string;
  /** The last. */
  readonly to: string;
  readonly days: number;
  readonly keys: number;
  readonly files: number;
  readonly bytes: number;
}

/** Camera-days as they are, or folded; `omitted` counts those of cameras beyond the most that fit. */
export function daysFacts(days: readonly ErasedDay[]): {
  readonly days: readonly (ErasedDay | DayRange)[];
  readonly daysOmitted?: number;
} {
  if (days.length <= MOST_DAYS) return { days };
  const byCamera = Map.groupBy(days, ({ camera }) => camera);
  const sorted = [...byCamera.values()].map((all) => [...all].sort((a, b) => (a.day < b.day ? -1 : 1)));
  const runs = sorted.flatMap((all) => unbroken(all).map(rangeOf));
  const ranges = runs.length <= MOST_RANGES ? runs : sorted.map(rangeOf);
  const omitted = ranges.slice(MOST_RANGES).reduce((sum, each) => sum + each.days, 0);
  return { days: ranges.slice(0, MOST_RANGES), ...(omitted > 0 && { daysOmitted: omitted }) };
}

const DAY_MS = 86_400_000;

function unbroken(days: readonly ErasedDay[]): ErasedDay[][] {
  const runs: ErasedDay[][] = [];
  for (const each of days) {
    const last = runs.at(-1)?.at(-1);
    if (last && Date.parse(each.day) - Date.parse(last.day) === DAY_MS) runs.at(-1)?.push(each);
    else runs.push([each]);
  }
  return runs;
}

function rangeOf(days: readonly ErasedDay[]): DayRange {
  const sum = (of: (day: ErasedDay) => number) => days.reduce((total, day) => total + of(day), 0);
  return {
    camera: days[0]?.camera ?? '',
    day: days[0]?.day ?? '',
    to: days.at(-1)?.day ?? '',
    days: days.length,
    keys: sum(({ hours }) => hours.length),
    files: sum(({ files }) => files),
    bytes: sum(({ bytes }) => bytes),
  };
}

/** The first of a list, and how many there were where that is not all. */
function first<Name extends string, Item>(name: Name, items: readonly Item[]): Record<string, unknown> {
  return {
    [name]: items.slice(0, MOST),
    ...(items.length > MOST && { [`${name}Count`]: items.length }),
  };
}

/** Facts of `erase.done` and `erase.incomplete`. */
export function resultFacts({ certificate, sha256 }: KeptCertificate): Readonly<Record<string, unknown>> {
  const { days, failures, deferred, late, lockers, records, keys, ...rest } = certificate;
  return {
    ...rest,
    ...daysFacts(days),
    ...first('failures', failures.map(shortened)),
    ...first('deferred', deferred),
    ...first('late', late),
    ...first('lockers', lockers),
    ...first('records', records),
    ...(keys && { keys: { ...keys, ...first('damaged', keys.damaged) } }),
    certificateSha256: sha256,
  };
}

const shortened = ({ file, code }: Certificate['failures'][number]) => ({
  file: file.slice(0, LONGEST),
  code: code.slice(0, LONGEST),
});

/** Facts of `erase.intent`. */
export const intentFacts = (intent: {
  readonly run: string;
  readonly fromEpoch: number;
  readonly days: readonly ErasedDay[];
  readonly lockers: Certificate['lockers'];
  readonly records: Certificate['records'];
}): Readonly<Record<string, unknown>> => ({
  run: intent.run,
  fromEpoch: intent.fromEpoch,
  ...daysFacts(intent.days),
  ...first('lockers', intent.lockers),
  ...first('records', intent.records),
});
