import type { ItemRow } from '../db/site/item-rows.ts';
import type { TaskRow } from '../db/site/task-rows.ts';
import type { SiteTime } from '../lib/site-time.ts';
import type { AlarmCode } from '../stewardship/alarms.ts';
import { overdueItems } from './handed-out.ts';

export const OVERSIGHT_ALARMS = [
  'task_overdue',
  'erasing_not_in_order',
  'item_overdue',
] as const satisfies readonly AlarmCode[];

export interface OversightAlarm {
  readonly code: (typeof OVERSIGHT_ALARMS)[number];
  /** Id of the task, number of the item. */
  readonly subject: string;
}

/** What has waited too long for a person, or was found not in order. Pure. */
export function oversightAlarms(
  { tasks, items }: { readonly tasks: readonly TaskRow[]; readonly items: readonly ItemRow[] },
  nowUs: number,
  siteTime: SiteTime,
): OversightAlarm[] {
  const open = tasks.filter(({ doneUs }) => doneUs === null);
  return [
    ...open
      .filter(({ dueUs }) => nowUs >= dueUs)
      .map(({ id }) => ({ code: 'task_overdue' as const, subject: id })),
    ...open
      .filter(({ faultedUs }) => faultedUs !== null)
      .map(({ id }) => ({ code: 'erasing_not_in_order' as const, subject: id })),
    ...overdueItems(items, siteTime.dayOf(nowUs)).map(({ number }) => ({
      code: 'item_overdue' as const,
      subject: number,
    })),
  ];
}
