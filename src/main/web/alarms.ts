import { VIEW_ALARMS } from '../../cameras/view/view-alarms.ts';
import type { AlarmRows } from '../../db/site/alarm-rows.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/logger.ts';
import { type Alarms, createAlarms, type StandingAlarm } from '../../stewardship/alarms.ts';
import { createSpool } from '../../stewardship/spool.ts';

/** Alarms of the web process. */
export interface WebAlarms {
  readonly alarms: Alarms;
  /** To be called once site.db is open: what an earlier process left standing is over, or is raised again. */
  opened(book: Pick<AlarmRows, 'standing'>): void;
  settled(): Promise<boolean>;
}

const SETTLED_MS = 2000;
/** What is raised here, beside what follows from entries. */
const OURS: ReadonlySet<string> = new Set(['viewing_unrecorded', ...VIEW_ALARMS]);

/**
 * They go the recorder's way: by the spool to the steward, who enters and tells them. What the web process has to
 * raise an alarm about is first of all that it cannot write the ledger itself.
 */
export function createWebAlarms(deps: {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}): WebAlarms {
  const { folder, clock, log } = deps;
  const spool = createSpool({
    folder,
    clock,
    writer: 'web',
    trouble: (standing) => void (standing && log.error('spool.blocked', standing)),
  });
  const tell = (event: 'alarm.raised' | 'alarm.cleared', alarm: string, subject: string) =>
    spool.append({ event, facts: { alarm, subject } });
  const listened = (event: 'alarm.raised' | 'alarm.cleared') => (alarm: StandingAlarm) => {
    log.warn(event, { alarm: alarm.code, subject: alarm.subject, ...alarm.facts });
    tell(event, alarm.code, alarm.subject);
  };
  const alarms = createAlarms({
    clock,
    listener: { raised: listened('alarm.raised'), cleared: listened('alarm.cleared') },
  });
  return {
    alarms,
    opened(book) {
      for (const { process, alarm, subject } of book.standing())
        if (process === 'web' && OURS.has(alarm)) tell('alarm.cleared', alarm, subject);
    },
    settled: () => spool.settled(SETTLED_MS),
  };
}
