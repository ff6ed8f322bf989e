import type { TaskRow } from '../db/site/task-rows.ts';
import { type Clock, MINUTE_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { SiteTime } from '../lib/site-time.ts';
import { type Confirmed, type Confirming, documentOf } from './erasing-confirmation.ts';
import { type ErasingReport, failedIn } from './examination.ts';
import type { KeptReports } from './kept-reports.ts';
import { isMonthOver, type Month } from './months.ts';

export interface ConfirmingDeps {
  find(task: string): TaskRow | undefined;
  /** What the ledger names as the report of a task that is done. */
  confirmedReport(task: TaskRow): string | undefined;
  /** Looks anew; takes seconds to minutes. */
  examine(task: TaskRow): Promise<ErasingReport>;
  readonly reports: KeptReports;
  confirm(report: ErasingReport, who: Confirming): Confirmed;
  notInOrder(report: ErasingReport, who: Confirming): number | undefined;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  /** Told why a look failed, for the log. */
  failed(error: unknown): void;
}

export type TaskRefusal = 'done_before' | 'not_over' | 'not_in_order' | 'in_order' | 'report_over';

/** How a look at a month stands. A look takes longer than anybody waits for one answer. */
export type Look =
  | { readonly state: 'looking'; readonly sinceUs: number }
  | { readonly state: 'failed'; readonly atUs: number }
  | {
      readonly state: 'looked';
      readonly report: ErasingReport;
      readonly sha256: string;
      /** By an entry of the ledger, and since then unchanged. */
      readonly confirmed: boolean;
    };

/** What a person saw, and what became of it. */
export interface ConfirmedSeen {
  readonly report: string;
  readonly entry: number;
  /** The line of the management ledger; absent for what was found not in order. */
  readonly row?: number;
}

export interface ErasingConfirmation {
  /**
   * The report of a task: the one that was confirmed, else the last look, else one is begun.
   *
   * @param anew begins another look
   * @throws GirokError `task_unknown`, `database_damaged` for a confirmed report that was changed
   */
  look(task: string, anew?: boolean): Promise<Look>;
  /**
   * Confirms exactly what the person saw; nothing is confirmed that is not so.
   *
   * @param seen the report's SHA-256. @throws GirokError `task_unknown`, `task_refused` {why}; as the ledger
   */
  confirm(task: string, seen: string, who: Confirming): Promise<ConfirmedSeen>;
  /** 부적합: enters that it was looked at and is not in order. @throws as {@link confirm} */
  enterNotInOrder(task: string, seen: string, who: Confirming): Promise<ConfirmedSeen>;
}

/** What was seen so long ago may be otherwise now. */
const GOOD_US = 15 * MINUTE_US;

/** Looks and confirmations of one process; one look at a time goes on for a task, whoever asks. */
export function createErasingConfirmation(deps: ConfirmingDeps): ErasingConfirmation {
  const { clock, siteTime, reports } = deps;
  const looks = new Map<string, Look>();
  const refused = (why: TaskRefusal) => new GirokError('task_refused', { why });

  const find = (id: string): TaskRow => {
    const task = deps.find(id);
    if (!task) throw new GirokError('task_unknown', { task: id });
    return task;
  };
  const begin = (task: TaskRow): Look => {
    const begun: Look = { state: 'looking', sinceUs: clock.utcUs() };
    looks.set(task.id, begun);
    void deps.examine(task).then(
      (report) =>
        looks.set(task.id, {
          state: 'looked',
          report,
          sha256: documentOf(report).sha256,
          confirmed: false,
        }),
      (error: unknown) => {
        deps.failed(error);
        looks.set(task.id, { state: 'failed', atUs: clock.utcUs() });
      },
    );
    return begun;
  };
  const isGood = ({ at }: ErasingReport) => Math.abs(clock.utcUs() - Date.parse(at) * 1000) <= GOOD_US;

  /** The report that was seen, of a task that is still open. */
  const seenOf = (id: string, seen: string): ErasingReport => {
    const task = find(id);
    if (task.doneUs !== null) throw refused('done_before');
    if (!isMonthOver(task.month as Month, clock.utcUs(), siteTime)) throw refused('not_over');
    const look = looks.get(id);
    if (look?.state !== 'looked' || look.sha256 !== seen || !isGood(look.report))
      throw refused('report_over');
    return look.report;
  };

  return {
    async look(id, anew = false) {
      const task = find(id);
      const confirmed = deps.confirmedReport(task);
      const kept = confirmed === undefined ? undefined : await reports.read(confirmed);
      if (kept && confirmed !== undefined)
        return { state: 'looked', report: kept, sha256: confirmed, confirmed: true };
      const last = looks.get(id);
      if (last?.state === 'looking') return last;
      if (anew || !last || (last.state === 'looked' && !isGood(last.report))) return begin(task);
      return last;
    },
    async confirm(id, seen, who) {
      const report = seenOf(id, seen);
      if (failedIn(report).length > 0) throw refused('not_in_order');
      // Kept first: the ledger never names a report that there is not.
      await reports.keep(report);
      const done = deps.confirm(report, who);
      if (done.state === 'done_before') throw refused('done_before');
      looks.delete(id);
      return { report: seen, entry: done.seq, row: done.row };
    },
    async enterNotInOrder(id, seen, who) {
      const report = seenOf(id, seen);
      if (failedIn(report).length === 0) throw refused('in_order');
      await reports.keep(report);
      const entry = deps.notInOrder(report, who);
      if (entry === undefined) throw refused('done_before');
      looks.delete(id);
      return { report: seen, entry };
    },
  };
}
