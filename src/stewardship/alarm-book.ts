import type { AlarmRow, AlarmRows } from '../db/site/alarm-rows.ts';
import { type Clock, MINUTE_US } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import type { AlarmCode } from './alarms.ts';

/** What comes back within this time after its end is the same alarm, and its end is told only after it. */
export const FLAPPING_US = 10 * MINUTE_US;

/** An entry of the ledger, as far as the book reads it. */
export interface BookedEntry {
  readonly actor: string;
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly atUs?: number;
}

/** The alarms of all processes, as the entries of the ledger tell them. */
export interface AlarmBook {
  /** Inside the transaction of the entry: the book never says anything else than the ledger. */
  entered(entry: BookedEntry): void;
}

export function createAlarmBook({ rows, clock }: { rows: AlarmRows; clock: Clock }): AlarmBook {
  const raise = (process: string, alarm: string, subject: string, atUs: number, facts: object = {}) => {
    // What nobody can name is no alarm, and must not keep its entry out.
    if (alarm === '' || alarm.length > 64 || subject.length > 64) return;
    const last = rows.last(process, alarm, subject);
    const said = JSON.stringify(facts);
    if (last && last.endedUs === null) return rows.raise(last.id, last.raisedUs, last.count, said);
    if (last && isSame(last, atUs)) return rows.raise(last.id, atUs, last.count + 1, said);
    rows.add({ id: newId(clock.utcUs()), process, alarm, subject, sinceUs: atUs, facts: said });
  };
  const end = (process: string, alarm: string, subject: string, atUs: number) => {
    const last = rows.last(process, alarm, subject);
    if (last && last.endedUs === null) rows.end(last.id, Math.max(atUs, last.raisedUs));
  };
  /** Beginnings and ends take turns: which there were more of tells how it stands. */
  const folded = (process: string, lines: unknown, atUs: number) => {
    const turns = new Map<string, number>();
    for (const { event, subject, count } of Array.isArray(lines) ? (lines as FoldedLine[]) : []) {
      const turn = event === 'alarm.raised' ? count : event === 'alarm.cleared' ? -count : 0;
      if (turn !== 0) turns.set(subject, (turns.get(subject) ?? 0) + turn);
    }
    for (const [name, turn] of turns) {
      const [alarm = '', subject = ''] = name.split(' ');
      if (turn > 0) raise(process, alarm, subject, atUs);
      if (turn < 0) end(process, alarm, subject, atUs);
    }
  };

  return {
    entered({ actor, event, facts, atUs: toldUs = clock.utcUs() }) {
      // A clock that never was set must not keep the entry out.
      const atUs = Math.max(1, toldUs);
      const process = actor.slice(actor.indexOf(':') + 1);
      switch (event) {
        case 'alarm.raised':
          return raise(process, String(facts.alarm), String(facts.subject), atUs);
        case 'alarm.cleared':
          return end(process, String(facts.alarm), String(facts.subject), atUs);
        // A new process looks for itself; what it finds it raises again.
        case 'recorder.started':
        case 'steward.started':
          return rows.endAllOf(process, atUs);
        case 'recorder.folded':
          return folded(process, facts.lines, atUs);
        // Told at once, and until somebody else has looked at it.
        case 'breakglass.opened':
          return raise(
            VIEWING_PROCESS,
            'breakglass_opened' satisfies AlarmCode,
            wordOf(facts.breakglass) ?? '',
            atUs,
          );
        case 'breakglass.reviewed':
          return end(
            VIEWING_PROCESS,
            'breakglass_opened' satisfies AlarmCode,
            wordOf(facts.breakglass) ?? '',
            atUs,
          );
        // Somebody saw something and holds it: until an officer has looked, or it has gone by itself.
        case 'hold.made':
          if (facts.viewing === undefined) return;
          return raise(VIEWING_PROCESS, INCIDENT, wordOf(facts.hold) ?? '', atUs);
        case 'hold.taken_over':
        case 'hold.reviewed':
        case 'hold.ended':
          return end(VIEWING_PROCESS, INCIDENT, wordOf(facts.hold) ?? '', atUs);
        case 'erase.waits':
          return raise(process, ERASING.waits, '', atUs, { why: wordOf(facts.why) });
        case 'erase.overdue':
          return raise(process, ERASING.overdue, '', atUs, { oldestDay: wordOf(facts.oldestDay) });
        case 'erase.incomplete':
          if (!facts.resumed) end(process, ERASING.waits, '', atUs);
          return raise(process, ERASING.incomplete, '', atUs);
        case 'erase.done':
          for (const hold of lockersIn(facts.lockers)) end(VIEWING_PROCESS, INCIDENT, hold, atUs);
          end(process, ERASING.incomplete, '', atUs);
          // What was broken off is finished also by a run that waits for a person with all the rest.
          if (!facts.resumed) end(process, ERASING.waits, '', atUs);
          if (!facts.resumed || facts.finishes) end(process, ERASING.overdue, '', atUs);
      }
    },
  };
}

/** A person opens it; the web server is where. */
const VIEWING_PROCESS = 'web';

const INCIDENT = 'incident_reported' satisfies AlarmCode;

interface FoldedLine {
  readonly event: string;
  readonly subject: string;
  readonly count: number;
}

/** The purge is no process that stands by: its alarms follow from what each run says. */
const ERASING = {
  waits: 'erasing_waits',
  incomplete: 'erasing_incomplete',
  overdue: 'erasing_overdue',
} as const satisfies Record<string, AlarmCode>;

const isSame = ({ endedUs }: AlarmRow, atUs: number) => Math.abs(atUs - (endedUs ?? atUs)) <= FLAPPING_US;

/** The holds whose copies went with a run. */
const lockersIn = (lockers: unknown): string[] =>
  (Array.isArray(lockers) ? (lockers as { hold?: unknown }[]) : []).flatMap(({ hold }) => wordOf(hold) ?? []);

const wordOf = (fact: unknown): string | undefined =>
  typeof fact === 'string' && fact !== '' ? fact.slice(0, 64) : undefined;
