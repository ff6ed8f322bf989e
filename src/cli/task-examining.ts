import type { Database } from '../db/open.ts';
import { createTaskRows, type TaskRow } from '../db/site/task-rows.ts';
import { sizeText } from '../i18n/size-text.ts';
import { createSiteTime } from '../lib/site-time.ts';
import type { ErasingReport } from '../oversight/examination.ts';
import { columns } from './columns.ts';
import type { CommandContext } from './command.ts';

/** @throws GirokError `usage` for a task that is none */
export function taskOf(db: Database, { positionals, usageError, words }: CommandContext): TaskRow {
  const [id = ''] = positionals;
  const task = createTaskRows(db).find(id);
  if (!task) throw usageError(words.oversight.task.unknown({ task: id }));
  return task;
}

/** The report as a page of text, in the language of the interface. */
export function reportText(report: ErasingReport, { words }: CommandContext): string {
  const said = words.oversight.report;
  const siteTime = createSiteTime(report.timeZone);
  const label = (iso: string) => siteTime.label(Date.parse(iso) * 1000);
  const { erased, restore, elsewhere } = report;
  return [
    said.title({ month: report.month, at: label(report.at) }),
    ...report.checks.map(({ check, passed }) => said.check[check](passed)),
    '',
    report.cameras.length === 0
      ? said.noFootage
      : columns([
          [said.column.camera, said.column.oldestDay, said.column.age],
          ...report.cameras.map(({ camera, oldestDay, ageDays }) => [camera, oldestDay, String(ageDays)]),
        ]),
    ...report.tooOld.map((each) => said.tooOld({ ...each, dueAt: label(each.dueAt) })),
    ...report.lateComers.map(words.retention.keptLate),
    said.erased({ ...erased, size: sizeText(erased.bytes) }),
    ...(erased.shotFrom === undefined || erased.shotTo === undefined
      ? []
      : [said.shot({ from: erased.shotFrom, to: erased.shotTo })]),
    ...erased.incomplete.map((run) => said.incomplete({ run })),
    ...erased.late.map(({ camera, day, dueAt, erasedAt }) =>
      said.late({ camera, day, dueAt: label(dueAt), erasedAt: label(erasedAt) }),
    ),
    ...(erased.lateDays > erased.late.length
      ? [said.moreLate({ days: erased.lateDays - erased.late.length })]
      : []),
    ...(erased.daysWithoutRun.length > 0
      ? [said.daysWithoutRun({ days: erased.daysWithoutRun.join(' ') })]
      : []),
    ...erased.damagedCertificates.map((file) => said.damagedCertificate({ file })),
    ...report.holds.map(({ hold, end }) => said.hold({ hold, end: label(end) })),
    said.restore({ ...restore, days: restore.cameraDays.length, epochs: restore.epochs.join(', ') }),
    ...restore.unreadable.map((path) => said.unreadable({ path })),
    said.elsewhere(elsewhere),
    ...elsewhere.inClear.map((file) => words.retention.inClear({ file })),
    ...elsewhere.unknown.map((file) => words.retention.unknownFile({ file })),
  ].join('\n');
}
