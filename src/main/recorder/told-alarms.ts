import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/logger.ts';
import { type Alarms, createAlarms } from '../../stewardship/alarms.ts';
import type { Spool, SpooledEvent } from '../../stewardship/spool.ts';

export interface ToldAlarms {
  readonly alarms: Alarms;
  /** Tells what the alarms were until now, and from now on at once. */
  tellTo(spool: Pick<Spool, 'append'>): void;
}

/**
 * Alarms of which the log and the ledger hear. A recorder's start ends the alarms of the one before it, so that its own
 * can only come after that: what is raised earlier waits.
 */
export function createToldAlarms({ clock, log }: { clock: Clock; log: Log }): ToldAlarms {
  const early: SpooledEvent[] = [];
  let spool: Pick<Spool, 'append'> | undefined;
  const tell = (event: SpooledEvent) => void (spool ? spool.append(event) : early.push(event));
  const alarms = createAlarms({
    clock,
    listener: {
      raised: ({ code, subject, facts }) => {
        log.warn('alarm.raised', { alarm: code, subject, ...facts });
        tell({ event: 'alarm.raised', facts: { alarm: code, subject } });
      },
      cleared: ({ code, subject }) => {
        log.info('alarm.cleared', { alarm: code, subject });
        tell({ event: 'alarm.cleared', facts: { alarm: code, subject } });
      },
    },
  });
  return {
    alarms,
    tellTo(given) {
      spool = given;
      for (const event of early.splice(0)) tell(event);
    },
  };
}
