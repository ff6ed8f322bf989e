import { createItemRows } from '../../db/site/item-rows.ts';
import { createTaskRows } from '../../db/site/task-rows.ts';
import { openErasingTasks } from '../../oversight/erasing-confirmation.ts';
import { OVERSIGHT_ALARMS, oversightAlarms } from '../../oversight/oversight-alarms.ts';
import type { Duty } from '../../stewardship/schedule.ts';
import type { StewardParts } from './parts.ts';

/** What a command confirmed ends its alarm within so long. */
const EVERY_MS = 60_000;

/** Opens what waits for a person each month, and says what has waited too long. */
export function tasksDuty({ clock, siteTime, db, ledger, keeper, alarms, log }: StewardParts): Duty {
  const [tasks, items] = [createTaskRows(db), createItemRows(db)];
  return {
    name: 'tasks',
    when: { everyMs: EVERY_MS },
    atStart: true,
    async run() {
      if (!keeper.mayEnter) return;
      const opened = openErasingTasks({ ledger, clock, siteTime });
      if (opened.length > 0) log.info('tasks.opened', { tasks: opened.join(' ') });
      const now = oversightAlarms({ tasks: tasks.list(), items: items.list() }, clock.utcUs(), siteTime);
      for (const { code, subject } of now) alarms.raise(code, subject);
      for (const { code, subject } of alarms.standing()) {
        const isOurs = OVERSIGHT_ALARMS.some((each) => each === code);
        if (isOurs && !now.some((each) => each.code === code && each.subject === subject))
          alarms.clear(code, subject);
      }
    },
  };
}
