import type { Certificate } from '../contract/purge-outcome.ts';
import { ERASING_CHECKS } from '../ledger/events/oversight.ts';
import { DAY_US, isoFromUs } from '../lib/clock.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import type { Hold } from '../retention/holds.ts';
import type { RetentionStatus } from '../retention/status.ts';
import type { MonthOfCertificates } from './certificates.ts';
import { firstDayOf, type Month, monthAfter } from './months.ts';
import type { RestoreAttempt } from './restore-attempt.ts';

export type ErasingCheck = (typeof ERASING_CHECKS)[number];

/** 파기 확인 보고서: what a person sees before confirming, as a document for ever. */
export interface ErasingReport {
  readonly v: 1;
  readonly task: string;
  readonly site: string;
  readonly timeZone: string;
  /** `YYYY-MM`: whatever was erased in this month. */
  readonly month: string;
  readonly at: string;
  readonly retentionDays: number;
  readonly checks: readonly { readonly check: ErasingCheck; readonly passed: boolean }[];
  /** Of each camera the oldest day that can be decrypted, now. */
  readonly cameras: readonly {
    readonly camera: string;
    readonly oldestDay: string;
    readonly ageDays: number;
  }[];
  /** Of those, what is older than it may be. */
  readonly tooOld: readonly { readonly camera: string; readonly day: string; readonly dueAt: string }[];
  /** Older by its name, and younger by when it came; kept on purpose. */
  readonly lateComers: RetentionStatus['late'];
  readonly erased: ErasedInMonth;
  readonly holds: readonly { readonly hold: string; readonly kind: string; readonly end: string }[];
  readonly restore: RestoreAttempt;
  /** What else could hold footage, and does not. */
  readonly elsewhere: Pick<RetentionStatus['survey'], 'inClear' | 'unknown' | 'unknownFiles'> & {
    readonly filesRead: number;
    readonly keysOnlyInBackups: number;
    readonly oldSecrets: number;
    readonly strayLockers: number;
  };
}

interface ErasedInMonth {
  readonly runs: number;
  readonly cameras: number;
  readonly cameraDays: number;
  readonly keys: number;
  readonly files: number;
  readonly bytes: number;
  /** Of when it was. */
  readonly shotFrom?: string;
  readonly shotTo?: string;
  /** Runs that could not finish; the next one had to. */
  readonly incomplete: readonly string[];
  /** Erased more than a day after it was due: the first hundred. */
  readonly late: readonly {
    readonly camera: string;
    readonly day: string;
    readonly dueAt: string;
    readonly erasedAt: string;
  }[];
  readonly lateDays: number;
  /** Days of the month in which no run ended. */
  readonly daysWithoutRun: readonly string[];
  readonly damagedCertificates: readonly string[];
}

export interface Examined {
  readonly task: string;
  readonly site: string;
  readonly month: Month;
  readonly nowUs: number;
  readonly siteTime: SiteTime;
  /** When the site's ledger began: before it there was nothing to erase. µs UTC. */
  readonly begunUs: number;
  readonly status: RetentionStatus;
  readonly found: MonthOfCertificates;
  readonly holds: readonly Hold[];
  readonly restore: RestoreAttempt;
}

const MOST_LATE = 100;

/** Judges what was looked at. Pure. */
export function reportOf(examined: Examined): ErasingReport {
  const { task, site, month, nowUs, siteTime, status, found, restore } = examined;
  const today = siteTime.dayOf(nowUs);
  // A day is allowed for the run: footage may be as old as the retention and one day.
  const tooOld = status.overdue.filter(({ dueAt }) => siteTime.dayOf(Date.parse(dueAt) * 1000) < today);
  const passed: Record<ErasingCheck, boolean> = {
    oldest: tooOld.length === 0,
    certificates:
      found.damaged.length === 0 &&
      found.newest?.state === 'complete' &&
      found.certificates.every(({ keys }) => (keys?.proof.opened ?? 0) === 0),
    restore: restore.opened === 0 && restore.files === 0 && restore.unreadable.length === 0,
    control: restore.control !== 'failed',
    monitor: status.inOrder,
  };
  const { inClear, unknown, unknownFiles, files } = status.survey;
  return {
    v: 1,
    task,
    site,
    timeZone: siteTime.zone,
    month,
    at: isoFromUs(nowUs),
    retentionDays: status.retentionDays,
    checks: ERASING_CHECKS.map((check) => ({ check, passed: passed[check] })),
    cameras: status.cameras.map(({ camera, oldestDay }) => ({
      camera,
      oldestDay,
      ageDays: daysBetween(oldestDay, today),
    })),
    tooOld,
    lateComers: status.late,
    erased: erasedOf(examined),
    holds: examined.holds
      .filter(({ state }) => state !== 'erased')
      .map(({ id, kind, endUs }) => ({ hold: id, kind, end: isoFromUs(endUs) })),
    restore,
    elsewhere: {
      inClear,
      unknown,
      unknownFiles,
      filesRead: files.keys + files.databases + files.accounts + files.running + files.temporary,
      keysOnlyInBackups: status.onlyInBackups,
      oldSecrets: status.oldSecrets.length,
      strayLockers: status.strayLockers.length,
    },
  };
}

/** What failed, in the order of {@link ERASING_CHECKS}. */
export const failedIn = ({ checks }: ErasingReport): ErasingCheck[] =>
  checks.filter(({ passed }) => !passed).map(({ check }) => check);

function erasedOf({ found, month, siteTime, begunUs }: Examined): ErasedInMonth {
  const { certificates } = found;
  const days = certificates.flatMap(({ days: erased, finishedAt }) =>
    erased.map((day) => ({ ...day, erasedAt: finishedAt })),
  );
  const late = days.filter(
    ({ dueAt, erasedAt }) => (Date.parse(erasedAt) - Date.parse(dueAt)) * 1000 > DAY_US,
  );
  const shot = days.map(({ day }) => day).sort();
  const sum = (of: 'files' | 'bytes') => days.reduce((total, day) => total + day[of], 0);
  const [shotFrom, shotTo] = [shot[0], shot.at(-1)];
  return {
    runs: certificates.length,
    cameras: new Set(days.map(({ camera }) => camera)).size,
    cameraDays: new Set(days.map(({ camera, day }) => `${camera}/${day}`)).size,
    keys: certificates.reduce((total, { keys }) => total + (keys?.erased ?? 0), 0),
    files: sum('files'),
    bytes: sum('bytes'),
    ...(shotFrom !== undefined && { shotFrom }),
    ...(shotTo !== undefined && { shotTo }),
    incomplete: certificates.filter(({ state }) => state === 'incomplete').map(({ run }) => run),
    late: late
      .slice(0, MOST_LATE)
      .map(({ camera, day, dueAt, erasedAt }) => ({ camera, day, dueAt, erasedAt })),
    lateDays: late.length,
    daysWithoutRun: daysWithoutRun(certificates, month, siteTime, begunUs),
    damagedCertificates: found.damaged,
  };
}

function daysWithoutRun(
  certificates: readonly Certificate[],
  month: Month,
  siteTime: SiteTime,
  begunUs: number,
): LocalDay[] {
  const ran = new Set(certificates.map(({ finishedAt }) => siteTime.dayOf(Date.parse(finishedAt) * 1000)));
  const begun = siteTime.dayOf(begunUs);
  const missing: LocalDay[] = [];
  const end = firstDayOf(monthAfter(month));
  for (let day = firstDayOf(month); day < end; day = siteTime.addDays(day, 1))
    if (day >= begun && !ran.has(day)) missing.push(day);
  return missing;
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / (DAY_US / 1000));
