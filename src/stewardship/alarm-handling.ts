import { type AlarmRow, createAlarmRows } from '../db/site/alarm-rows.ts';
import type { Actor } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';

export interface AlarmHandling {
  readonly id: string;
  /** Takes it on, or takes note of it. */
  readonly does: 'take' | 'acknowledge';
  /** `person:ID` or `process:cli`. */
  readonly actor: Actor;
  /** Sealed beside the entry. */
  readonly personal: { readonly by: string; readonly note?: string };
}

/**
 * Somebody deals with an alarm: the book and the ledger say so together, and the name is sealed.
 *
 * @throws GirokError `alarm_unknown`, `alarm_over`, and as {@link Ledger.write}
 */
export function handleAlarm(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
  { id, does, actor, personal }: AlarmHandling,
): { alarm: AlarmRow; entry: number } {
  return ledger.write((tx) => {
    const rows = createAlarmRows(tx.db);
    const alarm = rows.find(id);
    if (!alarm) throw new GirokError('alarm_unknown', { id });
    if (alarm.endedUs !== null) throw new GirokError('alarm_over', { id });
    const event = does === 'take' ? 'alarm.assigned' : 'alarm.acknowledged';
    const facts = { id, alarm: alarm.alarm, subject: alarm.subject };
    const entry = tx.append({ event, facts, actor }, { personal });
    if (does === 'take') rows.take(id, entry);
    else rows.acknowledge(id, entry, clock.utcUs());
    return { alarm, entry };
  });
}
