import { type LocalDay, parseLocalDay } from '../lib/site-time.ts';
import type { ItemEnding, ItemRefusal } from '../oversight/handed-out.ts';
import type { CommandContext, CommandOption } from './command.ts';
import { personalText } from './persons.ts';

export const ON: CommandOption = {
  type: 'string',
  value: 'DAY',
  help: { ko: '그날 (기본: 오늘)', en: 'the day of it (default: today)' },
};

/** @returns undefined when it was not given. @throws GirokError `usage` for what is no day, or outside of the bounds */
export function dayOption(
  { options, usageError, words }: CommandContext,
  name: string,
  bounds: { readonly from?: LocalDay; readonly to?: LocalDay },
): LocalDay | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const { from, to } = bounds;
  const wrong = () =>
    usageError(words.cli.badValue({ option: `--${name}`, expected: words.oversight.day({ from, to }) }));
  let day: LocalDay;
  try {
    day = parseLocalDay(text);
  } catch (error) {
    if (error instanceof RangeError) throw wrong();
    throw error;
  }
  if ((from !== undefined && day < from) || (to !== undefined && day > to)) throw wrong();
  return day;
}

/** What `item returned` and `item destroyed` have in common. @throws GirokError `usage` */
export function endingOf(context: CommandContext, today: LocalDay): ItemEnding {
  const by = personalText(context, 'by');
  if (by === undefined) throw context.usageError(context.words.oversight.needsWho);
  const [witness, note] = [personalText(context, 'witness'), personalText(context, 'note')];
  return { on: dayOption(context, 'on', { to: today }) ?? today, by, witness, note };
}

/** Nothing was entered, said as a wrong argument. */
export function refusedItem({ usageError, words }: CommandContext, item: string, why: ItemRefusal): Error {
  return usageError(words.oversight.item.refused[why]({ item }));
}
