import type { AlarmRow } from '../db/site/alarm-rows.ts';
import { handleAlarm } from '../stewardship/alarm-handling.ts';
import type { CommandContext } from './command.ts';
import { personalText } from './persons.ts';
import { openWritingLedger } from './writing-ledger.ts';

/**
 * Somebody takes an alarm on, or takes note of it: the book and the ledger say so together, and the name is sealed.
 *
 * @throws GirokError `alarm_unknown`, `alarm_over`; `usage` without a name
 */
export async function changeAlarm(
  context: CommandContext,
  does: 'take' | 'acknowledge',
): Promise<{ alarm: AlarmRow; entry: number }> {
  const [id = ''] = context.positionals;
  const [by, note] = [personalText(context, 'by'), personalText(context, 'note')];
  if (by === undefined) throw context.usageError(context.words.oversight.needsWho);
  const { ledger, close } = await openWritingLedger(context.config(), context);
  try {
    const personal = { by, ...(note !== undefined && { note }) };
    return handleAlarm({ ledger, clock: context.clock }, { id, does, actor: 'process:cli', personal });
  } finally {
    close();
  }
}
