import { storageFolders } from '../config/folders.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading } from '../db/site/open.ts';
import { readBody } from '../ledger/entry.ts';
import { documentOf } from '../oversight/erasing-confirmation.ts';
import { failedIn } from '../oversight/examination.ts';
import { examine } from '../oversight/examining.ts';
import { createKeptReports } from '../oversight/kept-reports.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { reportText, taskOf } from './task-examining.ts';

export const taskShow: Command = {
  name: 'task show',
  summary: {
    ko: '파기 확인 보고서를 보여 줍니다: 카메라마다 가장 오래된 영상, 그달의 파기, 복원 시도.',
    en: 'Shows the report on erasing: the oldest footage of each camera, the month, and an attempt to restore.',
  },
  usage: 'TASK',
  examples: ['npm run -s girok -- task show erasing-2026-10'],
  options: {},
  positionals: { min: 1, max: 1 },
  json: '{ report: { task, month, at, checks: [{ check, passed }], cameras, tooOld, lateComers, erased, holds, restore, elsewhere, … }, sha256, confirmed: boolean }; exit code 1 when a check fails',
  async run(context) {
    const config = context.config();
    const { task: said } = context.words.oversight;
    const folders = storageFolders(config);
    const reports = createKeptReports(folders.retention);
    const db = openSiteForReading(folders.site);
    try {
      const task = taskOf(db, context);
      const rows = createLedgerRows(db);
      const body = task.doneSeq === null ? undefined : rows.entry(task.doneSeq)?.body;
      const entry = body && readBody(body);
      const confirmed = entry?.event === 'task.done' ? entry.facts.report : undefined;
      const kept = confirmed === undefined ? undefined : await reports.read(confirmed);
      const report = kept ?? (await examine({ config, env: context.env, clock: context.clock, db }, task));
      const isInOrder = failedIn(report).length === 0;
      const lines = [
        reportText(report, context),
        '',
        ...(confirmed === undefined
          ? [(isInOrder ? said.toConfirm : said.refused)({ task: task.id })]
          : [said.confirmedAs({ entry: task.doneSeq ?? 0, sha256: confirmed })]),
        ...(confirmed !== undefined && !kept ? [said.reportGone] : []),
      ];
      context.result(
        { report, sha256: documentOf(report).sha256, confirmed: confirmed !== undefined },
        lines.join('\n'),
      );
      return isInOrder ? EXIT.ok : EXIT.failure;
    } finally {
      db.close();
    }
  },
};
