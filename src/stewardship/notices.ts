import type { ToldRow } from '../db/site/alarm-rows.ts';
import { DAY_US } from '../lib/clock.ts';
import { FLAPPING_US } from './alarm-book.ts';
import { severityOf } from './alarm-severity.ts';
import type { AlarmCode } from './alarms.ts';

/** Something of an alarm that a person has to hear. */
export interface Notice {
  /** `passed`: it began and ended before anybody could be told. `again`: it still stands, and nobody took note. */
  readonly kind: 'raised' | 'again' | 'ended' | 'passed';
  readonly alarm: ToldRow;
}

const AGAIN_US = DAY_US;
/** Nobody's taking note makes the law wait. */
const AGAIN_IN_ANY_CASE: ReadonlySet<string> = new Set<AlarmCode>(['erasing_overdue']);

/**
 * What is due to be told now. There is no queue: what was not told stays due, and what came and went meanwhile is
 * one line, so that a way that was closed for three days is neither flooded nor misses anything.
 */
export const dueNotices = (rows: readonly ToldRow[], nowUs: number): Notice[] =>
  rows.flatMap((alarm): Notice[] => {
    const kind = severityOf(alarm.alarm) === 'note' ? undefined : kindOf(alarm, nowUs);
    return kind ? [{ kind, alarm }] : [];
  });

function kindOf(alarm: ToldRow, nowUs: number): Notice['kind'] | undefined {
  const { lastToldUs, endedUs, endToldUs } = alarm;
  if (endedUs !== null) {
    // Not before it is sure to stay away; a clock that was set back makes nobody wait.
    if (endToldUs !== null || Math.abs(nowUs - endedUs) < FLAPPING_US) return undefined;
    return lastToldUs === null ? 'passed' : 'ended';
  }
  if (lastToldUs === null) return 'raised';
  const isLeft = severityOf(alarm.alarm) === 'serious' && alarm.acknowledgedUs === null;
  if (!isLeft && !AGAIN_IN_ANY_CASE.has(alarm.alarm)) return undefined;
  return Math.abs(nowUs - lastToldUs) >= AGAIN_US ? 'again' : undefined;
}
