import { storageFolders } from '../config/folders.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { createTaskRows } from '../db/site/task-rows.ts';
import { isoFromUs } from '../lib/clock.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { columns } from './columns.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';

export const taskList: Command = {
  name: 'task list',
  summary: {
    ko: '사람을 기다리는 일을 보여 줍니다: 매월의 파기 확인.',
    en: 'Lists what waits for a person: the monthly confirmation of erasing.',
  },
  usage: '[--all]',
  examples: ['npm run -s girok -- task list', 'npm run -s girok -- task list --all --json'],
  options: { all: { type: 'boolean', help: { ko: '끝난 것도', en: 'those that are done too' } } },
  positionals: { min: 0, max: 0 },
  json: '[{ task, kind, month, opened, due, done?, entry?, foundNotInOrder?, overdue: boolean }]; exit code 1 while one is overdue or was found not in order',
  async run(context) {
    const config = context.config();
    const { task: said } = context.words.oversight;
    const nowUs = context.clock.utcUs();
    const siteTime = createSiteTime(config.site.timeZone);
    const db = openSiteForReading(storageFolders(config).site);
    try {
      const rows = createTaskRows(db)
        .list()
        .filter(({ doneUs }) => doneUs === null || context.options.flag('all'))
        .map((row) => ({ ...row, overdue: row.doneUs === null && nowUs >= row.dueUs }));
      const stateOf = ({ doneUs, faultedUs, overdue }: (typeof rows)[number]) => {
        if (doneUs !== null) return said.state.done;
        if (faultedUs !== null) return said.state.notInOrder;
        return overdue ? said.state.overdue : said.state.open;
      };
      context.result(
        rows.map(({ id, kind, month, openedUs, dueUs, doneUs, doneSeq, faultedUs, overdue }) => ({
          task: id,
          kind,
          month,
          opened: isoFromUs(openedUs),
          due: isoFromUs(dueUs),
          ...(doneUs === null ? {} : { done: isoFromUs(doneUs), entry: doneSeq }),
          ...(faultedUs === null ? {} : { foundNotInOrder: isoFromUs(faultedUs) }),
          overdue,
        })),
        rows.length === 0
          ? said.none
          : columns([
              [said.column.task, said.column.what, said.column.month, said.column.due, said.column.state],
              ...rows.map((row) => [
                row.id,
                said.erasingConfirmation,
                row.month,
                siteTime.label(row.dueUs),
                stateOf(row),
              ]),
            ]),
      );
      const isPressing = rows.some(
        ({ overdue, doneUs, faultedUs }) => overdue || (doneUs === null && faultedUs !== null),
      );
      return isPressing ? EXIT.failure : EXIT.ok;
    } finally {
      db.close();
    }
  },
};
