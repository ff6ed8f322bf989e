import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { storageFolders } from '../config/folders.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import type { Database } from '../db/open.ts';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { createTaskRows, type TaskRow } from '../db/site/task-rows.ts';
import { GirokError } from '../lib/errors.ts';
import { readIfThere } from '../lib/read-file.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { certificatesOf } from '../oversight/certificates.ts';
import { documentOf } from '../oversight/erasing-confirmation.ts';
import { type ErasingReport, reportOf } from '../oversight/examination.ts';
import type { Month } from '../oversight/months.ts';
import { attemptRestore } from '../oversight/restore-attempt.ts';
import { createFootageFolders } from '../vault/erase-files.ts';
import { loadRootKey } from '../vault/root-key.ts';
import { columns } from './columns.ts';
import type { CommandContext } from './command.ts';
import { lookAtRetention } from './retention-look.ts';
import { sizeText } from './size-text.ts';

/** @throws GirokError `usage` for a task that is none */
export function taskOf(db: Database, { positionals, usageError, words }: CommandContext): TaskRow {
  const [id = ''] = positionals;
  const task = createTaskRows(db).find(id);
  if (!task) throw usageError(words.oversight.task.unknown({ task: id }));
  return task;
}

/**
 * Looks at everything that a month's confirmation vouches for, and tries to bring back what was erased.
 *
 * @throws GirokError of keyring, root key and hold book; the system's error
 */
export async function examine(
  config: Config,
  context: CommandContext,
  db: Database,
  task: TaskRow,
): Promise<ErasingReport> {
  const folders = storageFolders(config);
  const siteTime = createSiteTime(config.site.timeZone);
  const month = task.month as Month;
  const { status, holds, keyrings } = await lookAtRetention(config, context);
  const found = await certificatesOf(join(folders.retention, 'certificates'), month, siteTime);
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, context.env), { createIfAbsent: false });
  try {
    const restore = await attemptRestore(
      {
        keyrings,
        slots: [folders.keys, folders.keysMirror].map((place) => join(place, 'epoch.slots')),
        rootKey,
        folders: createFootageFolders(folders.vault),
        random: (below) => randomInt(below),
      },
      found.certificates,
    );
    return reportOf({
      task: task.id,
      site: config.site.id,
      month,
      nowUs: context.clock.utcUs(),
      siteTime,
      begunUs: createLedgerRows(db).log()?.begunUs ?? 0,
      status,
      found,
      holds,
      restore,
    });
  } finally {
    rootKey.fill(0);
  }
}

/** Where a report is kept, by its hash: what the ledger names is found again. */
export const reportPath = (config: Config, sha256: string): string =>
  join(storageFolders(config).retention, 'confirmations', `${sha256}.json`);

/**
 * The report that the ledger vouches for.
 *
 * @returns undefined when it is gone. @throws GirokError `database_damaged` for one that was changed
 */
export async function keptReport(config: Config, sha256: string): Promise<ErasingReport | undefined> {
  const path = reportPath(config, sha256);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const damaged = new GirokError('database_damaged', { path });
  try {
    const report = JSON.parse(text) as ErasingReport;
    if (documentOf(report).sha256 === sha256) return report;
  } catch (error) {
    throw new GirokError('database_damaged', { path }, { cause: error });
  }
  throw damaged;
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
