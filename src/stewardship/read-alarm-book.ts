import type { RecorderStatus } from '../contract/recorder-status.ts';
import { type AlarmRow, createAlarmRows } from '../db/site/alarm-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { isoFromUs } from '../lib/clock.ts';
import { isGirokError, systemCode } from '../lib/errors.ts';
import { severityOf } from './alarm-severity.ts';

type StatusAlarm = RecorderStatus['alarms'][number];

/** What stands by the book; empty where there is none, or where it cannot be read: that is an alarm of the steward. */
export function readAlarmBook(path: string): AlarmRow[] {
  try {
    const db = openSiteForReading(path);
    try {
      return createAlarmRows(db).standing();
    } finally {
      db.close();
    }
  } catch (error) {
    if (isGirokError(error) || systemCode(error)?.startsWith('SQLITE_')) return [];
    throw error;
  }
}

/**
 * The alarms of all processes: of the recorder what it says itself while it runs, since the book hears of it later.
 *
 * @param recorder what it says; undefined while it does not answer
 */
export function allAlarms(
  recorder: readonly StatusAlarm[] | undefined,
  book: readonly AlarmRow[],
): (StatusAlarm & { readonly process: string; readonly severity: string; readonly id?: string })[] {
  const nameOf = (code: string, subject: string) => `${code} ${subject}`;
  const own = new Map(
    book
      .filter(({ process }) => process === 'recorder')
      .map((row) => [nameOf(row.alarm, row.subject), row.id]),
  );
  const others = book.filter(({ process }) => recorder === undefined || process !== 'recorder');
  return [
    ...(recorder ?? []).map((alarm) => {
      const id = own.get(nameOf(alarm.code, alarm.subject));
      return {
        ...alarm,
        process: 'recorder',
        severity: severityOf(alarm.code),
        ...(id !== undefined && { id }),
      };
    }),
    ...others.map((row) => ({
      code: row.alarm,
      subject: row.subject,
      since: isoFromUs(row.sinceUs),
      facts: JSON.parse(row.facts) as StatusAlarm['facts'],
      process: row.process,
      severity: severityOf(row.alarm),
      id: row.id,
    })),
  ].sort((a, b) => (a.since < b.since ? -1 : 1));
}
