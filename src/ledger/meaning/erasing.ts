import { DAY_US, HOUR_US, isoFromUs } from '../../lib/clock.ts';
import { createSiteTime, type LocalDay, type SiteTime } from '../../lib/site-time.ts';
import type { ErasedDays } from './erased-days.ts';
import type { Report, Rule, Told } from './finding.ts';
import type { Outages } from './outages.ts';

/** A run each hour, and a hold that still copies may put off an hour's key for another. */
const PATIENCE_US = 2 * HOUR_US;
/** Without undue delay, at the latest within five days of its end (표준지침 제41조). */
const RED_LINE_US = 5 * DAY_US;
/** A certificate each day, and two hours for a day that is longer or a run that took its time. */
const SILENCE_US = 26 * HOUR_US;
const MOST_OPEN = 1000;

type Result = Extract<Told, { event: 'erase.done' | 'erase.incomplete' }>;
type Day = Result['facts']['days'][number];

/** No erasure early, none late without an outage that explains it, each one finished, and an account each day. */
export function createErasingRule(deps: {
  report: Report;
  outages: Outages;
  erased: ErasedDays;
}): Rule & { siteTime(): SiteTime | undefined } {
  const { report, outages, erased } = deps;
  /** Runs that were announced or left unfinished, by id. */
  const open = new Map<string, { seq: number; atUs: number }>();
  let waitsSinceUs: number | undefined;
  let accounted: { readonly seq: number; readonly atUs: number } | undefined;
  let zone: SiteTime | undefined;

  const begin = (run: unknown, { seq, atUs }: Told) => {
    if (typeof run === 'string' && !open.has(run) && open.size < MOST_OPEN) open.set(run, { seq, atUs });
  };
  const siteTimeOf = (name: unknown): SiteTime | undefined => {
    if (typeof name !== 'string' || zone?.zone === name) return zone;
    try {
      zone = createSiteTime(name);
    } catch (error) {
      // A zone that this machine does not know: the times that stand in the certificate have to do.
      if (!(error instanceof RangeError)) throw error;
    }
    return zone;
  };

  /** The first instant at which it may go: what the certificate says, but not before what its own numbers say. */
  const dueOf = ({ day, dueAt }: Day, { retentionDays, timeZone }: Result['facts']): number | undefined => {
    const saidUs = typeof dueAt === 'string' ? Date.parse(dueAt) * 1000 : undefined;
    const siteTime = siteTimeOf(timeZone);
    if (!siteTime || !isDays(retentionDays)) return saidUs;
    const ownUs = siteTime.startOf(siteTime.addDays(day as LocalDay, retentionDays + 1));
    return Math.max(saidUs ?? ownUs, ownUs);
  };

  const look = (entry: Result) => {
    const startedUs = Math.min(Date.parse(entry.facts.startedAt) * 1000, entry.committedUs);
    const late = { days: 0, first: '', uncoveredUs: 0, hours: 0 };
    for (const one of entry.facts.days.flatMap(unfolded)) {
      const { camera, day } = one;
      const wasErased = erased.has(camera, day);
      erased.add(camera, day);
      const dueUs = dueOf(one, entry.facts);
      if (dueUs === undefined) continue;
      if (startedUs < dueUs)
        report({
          code: 'erased_early',
          severity: 'serious',
          entry: entry.seq,
          facts: { camera, day, due: isoFromUs(dueUs), began: isoFromUs(startedUs) },
        });
      // Its keys had gone before: what was left could not be opened any more.
      if (one.reason === 'left_over' || one.keys === 0 || wasErased || startedUs - dueUs <= PATIENCE_US)
        continue;
      late.days += 1;
      late.first ||= `${camera} ${day}`;
      late.hours = Math.max(late.hours, Math.round((startedUs - dueUs) / HOUR_US));
      late.uncoveredUs = Math.max(late.uncoveredUs, outages.uncoveredUs(dueUs, startedUs));
    }
    if (late.days === 0) return;
    const isExplained = late.uncoveredUs <= PATIENCE_US;
    report({
      code: isExplained ? 'erased_late_explained' : 'erased_late',
      severity: isExplained ? 'note' : late.hours * HOUR_US > RED_LINE_US ? 'serious' : 'warning',
      entry: entry.seq,
      facts: { days: late.days, first: late.first, hours: late.hours },
    });
  };

  const account = ({ seq, atUs }: Pick<Told, 'seq' | 'atUs'>) => {
    if (accounted && outages.uncoveredUs(accounted.atUs, atUs) > SILENCE_US)
      report({
        code: 'erase_silent',
        severity: 'warning',
        entry: accounted.seq,
        facts: { since: isoFromUs(accounted.atUs), until: isoFromUs(atUs) },
      });
    accounted = { seq, atUs };
  };

  const wentOn = (atUs: number) => {
    if (waitsSinceUs !== undefined) outages.add(waitsSinceUs, atUs);
    waitsSinceUs = undefined;
  };

  return {
    /** Of the last certificate. */
    siteTime: () => zone,
    events: [
      'ledger.begun',
      'erase.intent',
      'erase.done',
      'erase.incomplete',
      'erase.waits',
      'erase.confirmed',
    ],
    see(entry) {
      switch (entry.event) {
        case 'ledger.begun':
          return account(entry);
        case 'erase.waits':
          waitsSinceUs ??= entry.atUs;
          return;
        case 'erase.confirmed':
          return wentOn(entry.atUs);
        case 'erase.intent':
          return begin(entry.facts.run, entry);
        case 'erase.incomplete':
          begin(entry.facts.run, entry);
          wentOn(entry.atUs);
          account(entry);
          return look(entry);
        case 'erase.done':
          wentOn(entry.atUs);
          open.delete(entry.facts.run);
          // Ids of runs sort by time: this one made good all that were incomplete since.
          for (const run of open.keys())
            if (run >= (entry.facts.finishes?.since ?? '\uffff')) open.delete(run);
          account(entry);
          return look(entry);
      }
    },
    end({ committedUs }) {
      wentOn(committedUs);
      for (const { seq, atUs } of open.values())
        if (committedUs - atUs > SILENCE_US)
          report({
            code: 'erase_unfinished',
            severity: committedUs - atUs > RED_LINE_US ? 'serious' : 'warning',
            entry: seq,
            facts: { since: isoFromUs(atUs) },
          });
      account({ seq: 0, atUs: committedUs });
    },
  };
}

const isDays = (days: unknown): days is number =>
  Number.isInteger(days) && Number(days) >= 0 && Number(days) < 40_000;

const LONGEST_FOLD = 4000;

/** Each day of a range that was folded; of one with holes in it only its ends are known. */
function unfolded(one: Day): Day[] {
  const { day, to, days } = one;
  if (to === undefined || to <= day) return [one];
  const span = Math.round((Date.parse(to) - Date.parse(day)) / DAY_MS) + 1;
  if (span !== days || span > LONGEST_FOLD) return [one, { ...one, day: to }];
  return Array.from({ length: span }, (_, n) => ({
    ...one,
    day: new Date(Date.parse(day) + n * DAY_MS).toISOString().slice(0, 10),
  }));
}
const DAY_MS = 86_400_000;
