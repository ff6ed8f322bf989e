import type { AlarmRow, ToldRow } from '../../src/db/site/alarm-rows.ts';

export const ALARM_SINCE_US = Date.parse('2026-11-22T02:59:31Z') * 1000;

/** A row of the alarm book that nobody has been told of. */
export const alarmRow = (changes: Partial<ToldRow> = {}): AlarmRow & ToldRow => ({
  id: '06h0a72vta2hwxnh',
  process: 'steward',
  alarm: 'ledger_blocked',
  subject: '',
  sinceUs: ALARM_SINCE_US,
  raisedUs: ALARM_SINCE_US,
  count: 1,
  endedUs: null,
  facts: '{}',
  takenSeq: null,
  acknowledgedSeq: null,
  acknowledgedUs: null,
  toldUs: null,
  lastToldUs: null,
  endToldUs: null,
  ...changes,
});
