import { storageFolders } from '../config/folders.ts';
import { createTaskRows } from '../db/site/task-rows.ts';
import { createSiteTime, type SiteTime } from '../lib/site-time.ts';
import { confirmErasing, documentOf, enterNotInOrder } from '../oversight/erasing-confirmation.ts';
import { failedIn } from '../oversight/examination.ts';
import { examine } from '../oversight/examining.ts';
import { createKeptReports } from '../oversight/kept-reports.ts';
import { isMonthOver, type Month } from '../oversight/months.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT } from './exit-code.ts';
import { BY, NOTE, personalText, WITNESS } from './persons.ts';
import { reportText, taskOf } from './task-examining.ts';
import { openWritingLedger } from './writing-ledger.ts';

export const taskConfirm: Command = {
  name: 'task confirm',
  summary: {
    ko: '파기를 확인합니다: 다시 살펴보고, 맞으면 관리대장의 파기 칸을 채웁니다.',
    en: 'Confirms erasing: looks once more and, if it is in order, fills the line in the management ledger.',
  },
  usage: 'TASK --by NAME [--witness NAME] [--note TEXT] [--not-in-order]',
  examples: [
    "npm run -s girok -- task confirm erasing-2026-10 --by '송은서' --witness '김입회'",
    "npm run -s girok -- task confirm erasing-2026-10 --by '송은서' --not-in-order --note '2번 디스크 점검 요청'",
  ],
  options: {
    by: BY,
    witness: WITNESS,
    note: NOTE,
    'not-in-order': {
      type: 'boolean',
      help: {
        ko: '어긋난 것을 부적합으로 기록하고 경보를 세움',
        en: 'enter what failed as found not in order, with an alarm',
      },
    },
  },
  positionals: { min: 1, max: 1 },
  json: '{ task, state: "done"|"done_before"|"failed"|"not_in_order", failed: string[], report: sha256, entry?, row? }; exit code 1 unless done',
  async run(context) {
    const { words, options } = context;
    const config = context.config();
    const said = words.oversight.task;
    const by = personalText(context, 'by');
    if (by === undefined) throw context.usageError(words.oversight.needsWho);
    const who = {
      actor: 'process:cli' as const,
      by,
      witness: personalText(context, 'witness'),
      note: personalText(context, 'note'),
    };
    const { db, ledger, close } = await openWritingLedger(config, context);
    try {
      const task = taskOf(db, context);
      if (task.doneUs !== null) {
        const outcome = { task: task.id, state: 'done_before', failed: [], entry: task.doneSeq };
        context.result(outcome, said.doneBefore({ task: task.id, entry: task.doneSeq ?? 0 }));
        return EXIT.failure;
      }
      assertOver(task.month as Month, createSiteTime(config.site.timeZone), context);
      const report = await examine({ config, env: context.env, clock: context.clock, db }, task);
      const { sha256 } = documentOf(report);
      const failed = failedIn(report);
      const isFault = options.flag('not-in-order');
      if (isFault && failed.length === 0) throw context.usageError(said.isInOrder);
      const page = reportText(report, context);
      if (failed.length > 0 && !isFault) {
        // Nothing is entered in silence, and nothing is confirmed that is not so.
        context.result(
          { task: task.id, state: 'failed', failed, report: sha256 },
          [page, '', said.refused({ task: task.id })].join('\n'),
        );
        return EXIT.failure;
      }
      await createKeptReports(storageFolders(config).retention).keep(report);
      const entry = isFault ? enterNotInOrder(ledger, report, who) : undefined;
      if (entry !== undefined) {
        context.result(
          { task: task.id, state: 'not_in_order', failed, report: sha256, entry },
          [page, '', said.enteredNotInOrder({ entry })].join('\n'),
        );
        return EXIT.failure;
      }
      const done = isFault ? ({ state: 'done_before' } as const) : confirmErasing(ledger, report, who);
      if (done.state === 'done_before') {
        const first = createTaskRows(db).find(task.id)?.doneSeq ?? 0;
        context.result(
          { task: task.id, state: done.state, failed, report: sha256, entry: first },
          said.doneBefore({ task: task.id, entry: first }),
        );
        return EXIT.failure;
      }
      context.result(
        { task: task.id, state: done.state, failed, report: sha256, entry: done.seq, row: done.row },
        [page, '', said.done({ task: task.id, entry: done.seq, sha256 })].join('\n'),
      );
      return EXIT.ok;
    } finally {
      close();
    }
  },
};

/** A task that a wrong clock opened early is confirmed when its month is over. */
function assertOver(month: Month, siteTime: SiteTime, { clock, usageError, words }: CommandContext): void {
  if (!isMonthOver(month, clock.utcUs(), siteTime)) throw usageError(words.oversight.task.notOver({ month }));
}
