import { type AlarmRow, type AlarmRows, createAlarmRows } from '../db/site/alarm-rows.ts';
import type { LedgerEvent } from '../ledger/events.ts';
import type { CommandContext } from './command.ts';
import { personalText } from './persons.ts';
import { openWritingLedger } from './writing-ledger.ts';

export interface AlarmChange {
  readonly event: Extract<LedgerEvent['event'], 'alarm.assigned' | 'alarm.acknowledged'>;
  /** Inside the transaction of the entry. */
  change(rows: AlarmRows, alarm: AlarmRow, seq: number): void;
}

/**
 * Somebody takes an alarm on, or takes note of it: the book and the ledger say so together, and the name is sealed.
 *
 * @throws GirokError `usage` for an alarm that there is not, or that is over, and without a name
 */
export async function changeAlarm(
  context: CommandContext,
  { event, change }: AlarmChange,
): Promise<{ alarm: AlarmRow; entry: number }> {
  const { notices, oversight } = context.words;
  const [id = ''] = context.positionals;
  const [by, note] = [personalText(context, 'by'), personalText(context, 'note')];
  if (by === undefined) throw context.usageError(oversight.needsWho);
  const { db, ledger, close } = await openWritingLedger(context.config(), context);
  try {
    const rows = createAlarmRows(db);
    return ledger.write((tx) => {
      const alarm = rows.find(id);
      if (!alarm) throw context.usageError(notices.alarm.unknown({ id }));
      if (alarm.endedUs !== null) throw context.usageError(notices.alarm.over({ id }));
      const facts = { id, alarm: alarm.alarm, subject: alarm.subject };
      const personal = { by, ...(note !== undefined && { note }) };
      const entry = tx.append({ event, facts, actor: 'process:cli' }, { personal });
      change(rows, alarm, entry);
      return { alarm, entry };
    });
  } finally {
    close();
  }
}
