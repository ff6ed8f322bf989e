import { createHash } from 'node:crypto';
import { createTaskRows, type TaskRow } from '../db/site/task-rows.ts';
import { official, officialDay } from '../i18n/official.ts';
import type { Actor } from '../ledger/entry.ts';
import type { Ledger, LedgerTransaction } from '../ledger/ledger.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import type { SiteTime } from '../lib/site-time.ts';
import { type ErasingReport, failedIn } from './examination.ts';
import { monthsOver } from './months.ts';

export interface Confirming {
  readonly actor: Actor;
  /** Who did it. Like all below: into personal fields alone. */
  readonly by: string;
  readonly witness?: string | undefined;
  readonly note?: string | undefined;
}

const KIND = 'erasing_confirmation';
/** Days from the one on which a task is opened until the one at whose beginning it is overdue. */
const DAYS_TO_DO = 7;

/**
 * Opens the task of each month that is over and has none, each with its entry.
 *
 * @returns the ids of those that it opened
 * @throws GirokError `ledger_missing`; SQLite's errors, and then nothing has happened
 */
export function openErasingTasks({
  ledger,
  clock,
  siteTime,
}: {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
}): string[] {
  const nowUs = clock.utcUs();
  const begunUs = ledger.rows.log()?.begunUs;
  if (begunUs === undefined) return [];
  return ledger.write((tx) => {
    const tasks = createTaskRows(tx.db);
    const wanted = monthsOver(nowUs, begunUs, siteTime)
      .map((month) => ({ id: `erasing-${month}`, month }))
      .filter(({ id }) => !tasks.find(id));
    const dueUs = siteTime.startOf(siteTime.addDays(siteTime.dayOf(nowUs), DAYS_TO_DO));
    for (const { id, month } of wanted) {
      tasks.open({ id, kind: KIND, month, openedUs: nowUs, dueUs });
      tx.append({
        event: 'task.opened',
        facts: { task: id, kind: KIND, month, due: isoFromUs(dueUs) },
        actor: 'process:steward',
      });
    }
    return wanted.map(({ id }) => id);
  });
}

/** A report as it is kept, and what the ledger says of it. */
export function documentOf(report: ErasingReport): { text: string; sha256: string } {
  const text = `${canonicalJson(report)}\n`;
  return { text, sha256: createHash('sha256').update(text).digest('hex') };
}

export type Confirmed =
  | { readonly state: 'done'; readonly row: number; readonly seq: number }
  /** Somebody else was first. */
  | { readonly state: 'done_before' };

/**
 * Confirms a month's erasing: the task is done, and its line stands in the management ledger in official words. All
 * of it or nothing.
 *
 * @param report in order; it has been kept already
 * @throws TypeError for one that is not in order: that is {@link enterNotInOrder}'s
 */
export function confirmErasing(ledger: Ledger, report: ErasingReport, who: Confirming): Confirmed {
  if (failedIn(report).length > 0) throw new TypeError('not in order');
  return ledger.write((tx): Confirmed => {
    const tasks = createTaskRows(tx.db);
    if (!isOpen(tasks.find(report.task))) return { state: 'done_before' };
    const row = enterRow(tx, report, who);
    const seq = tx.append(
      {
        event: 'task.done',
        facts: { task: report.task, report: documentOf(report).sha256, row },
        actor: who.actor,
      },
      { personal: personalOf(who) },
    );
    tasks.done(report.task, usOf(report.at), seq);
    return { state: 'done', row, seq };
  });
}

/**
 * 부적합: somebody looked and found it not in order. The task stays open, and an alarm stands until it is confirmed.
 *
 * @returns the entry; undefined when somebody else has confirmed it meanwhile
 */
export function enterNotInOrder(ledger: Ledger, report: ErasingReport, who: Confirming): number | undefined {
  const failed = failedIn(report);
  return ledger.write((tx) => {
    const tasks = createTaskRows(tx.db);
    if (!isOpen(tasks.find(report.task))) return undefined;
    tasks.faulted(report.task, usOf(report.at));
    return tx.append(
      {
        event: 'task.not_in_order',
        facts: { task: report.task, report: documentOf(report).sha256, failed },
        actor: who.actor,
      },
      { personal: personalOf(who) },
    );
  });
}

/** The line of kind 파기, in the words of the form. */
function enterRow(tx: LedgerTransaction, report: ErasingReport, { actor, by }: Confirming): number {
  const { erased, retentionDays, restore, month, at } = report;
  const words = official.erasing;
  const { shotFrom, shotTo } = erased;
  return tx.append(
    {
      event: 'management.entered',
      facts: {
        kind: 'DESTRUCTION',
        appliedAt: at,
        fileNameForm:
          shotFrom === undefined || shotTo === undefined
            ? words.nothingErased({ month: `'${month.slice(2).replace('-', '.')}` })
            : words.fileNameForm({ ...erased, from: officialDay(shotFrom), to: officialDay(shotTo) }),
        purposeReason: words.purposeReason,
        legalBasis: words.legalBasis,
        form: official.none,
        period: words.period({ days: retentionDays }),
        result: words.result({
          on: officialDay(localDayOf(report)),
          tried: restore.cameraDays.length,
          late: erased.lateDays,
        }),
        safety: official.none,
      },
      actor,
    },
    { personal: { officer: by } },
  );
}

const localDayOf = ({ at, timeZone }: ErasingReport): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(at));

const personalOf = ({ by, witness, note }: Confirming): Record<string, string> => ({
  by,
  ...(witness !== undefined && { witness }),
  ...(note !== undefined && { note }),
});

const isOpen = (task: TaskRow | undefined): boolean => task?.doneUs === null;

const usOf = (iso: string): number => Date.parse(iso) * 1000;
