import { Cron } from 'croner';
import { type Clock, isoFromUs } from '../lib/clock.ts';
import { isGirokError, systemCode } from '../lib/errors.ts';
import type { Alarms } from './alarms.ts';

/** Something that has to be done again and again, and must never fail unheard. */
export interface Duty {
  /** The subject of its alarm; a word of its own sentence in `i18n/`. */
  readonly name: DutyName;
  /** A cron pattern in the site's time, or a period. */
  readonly when: { readonly cron: string } | { readonly everyMs: number };
  /** Also once as soon as the schedule begins: for what a stop may have missed. */
  readonly atStart?: boolean;
  /**
   * Does it, or finds that there is nothing to do; broken off it must be able to begin again.
   *
   * @throws whatever failed: an alarm stands until the next time that it does not, and `retryMs` from now it is
   *   tried again
   */
  run(signal: AbortSignal): Promise<void>;
  readonly retryMs?: number;
}

/** The closed set of the steward's duties. */
export type DutyName =
  | 'backup'
  | 'evidence'
  | 'tasks'
  | 'texts'
  | 'hashing'
  | 'holds'
  | 'people'
  | 'notify'
  | 'daily_mail'
  | 'overdue'
  | 'heartbeat'
  | 'verify';

export interface Schedule {
  /** Does one now, or as soon as its present run has ended. @throws nothing: as on its own time */
  soon(name: DutyName): void;
  /** When each is due next, and how the last run went. */
  state(): readonly DutyState[];
  /** Aborts what runs and resolves when it has ended. */
  stop(): Promise<void>;
}

export interface DutyState {
  readonly name: DutyName;
  readonly nextAt: string;
  readonly lastAt?: string;
  readonly failed?: string;
}

export interface ScheduleDeps {
  readonly clock: Clock;
  readonly timeZone: string;
  readonly alarms: Alarms;
  failed(name: DutyName, error: unknown): void;
}

const LOOK_MS = 1000;
const RETRY_MS = 5 * 60_000;

/**
 * Runs each duty at its time, one run of a duty at a time. Looks at the clock each second instead of waiting for an
 * instant, so that a clock that is set, forward or back, neither skips a time nor waits for it for ever.
 */
export function createSchedule(deps: ScheduleDeps, duties: readonly Duty[]): Schedule {
  const { clock, alarms } = deps;
  const stopping = new AbortController();
  const jobs = duties.map((duty) => createJob(duty));

  function createJob(duty: Duty) {
    const nextOf = createTimetable(duty.when, deps.timeZone);
    let due = duty.atStart ? now(clock) : nextOf(clock);
    let asked = false;
    let running: Promise<void> | undefined;
    let last: { lastAt: string; failed?: string } | undefined;

    const perform = async () => {
      const lastAt = isoFromUs(clock.utcUs());
      try {
        await duty.run(stopping.signal);
        last = { lastAt };
        alarms.clear('duty_failed', duty.name);
      } catch (error) {
        if (stopping.signal.aborted) return;
        const failed = isGirokError(error) ? error.code : (systemCode(error) ?? 'unknown');
        last = { lastAt, failed };
        deps.failed(duty.name, error);
        alarms.raise('duty_failed', duty.name, { error: failed });
        const again = later(now(clock), (duty.retryMs ?? RETRY_MS) * 1000);
        if (again.monoUs < due.monoUs) due = again;
      }
    };
    return {
      name: duty.name,
      ask: () => {
        asked = true;
      },
      look() {
        if (running || stopping.signal.aborted) return;
        if (!asked && clock.utcUs() < due.utcUs && clock.monoUs() < due.monoUs) return;
        asked = false;
        due = nextOf(clock);
        running = perform().finally(() => {
          running = undefined;
        });
      },
      state: (): DutyState => ({ name: duty.name, nextAt: isoFromUs(due.utcUs), ...last }),
      ended: () => running ?? Promise.resolve(),
    };
  }

  const look = () => {
    for (const job of jobs) job.look();
  };
  const cancel = clock.every(LOOK_MS, look);
  look();
  return {
    soon: (name) => jobs.find((job) => job.name === name)?.ask(),
    state: () => jobs.map((job) => job.state()),
    async stop() {
      cancel();
      stopping.abort(new Error('stopped'));
      await Promise.all(jobs.map((job) => job.ended()));
    },
  };
}

/** Whichever of the two clocks reaches it first: the wall clock may be set back, the steady one knows no calendar. */
interface Due {
  readonly utcUs: number;
  readonly monoUs: number;
}

const now = (clock: Clock): Due => ({ utcUs: clock.utcUs(), monoUs: clock.monoUs() });
const later = ({ utcUs, monoUs }: Due, us: number): Due => ({ utcUs: utcUs + us, monoUs: monoUs + us });

/** @throws TypeError for a pattern that is none, or that never comes */
function createTimetable(when: Duty['when'], timeZone: string): (clock: Clock) => Due {
  if ('everyMs' in when) return (clock) => later(now(clock), when.everyMs * 1000);
  // Only asked for the next time: the timers are ours, and so is the clock.
  const cron = new Cron(when.cron, { timezone: timeZone, paused: true });
  return (clock) => {
    const nowUs = clock.utcUs();
    const next = cron.nextRun(new Date(nowUs / 1000));
    if (!next) throw new TypeError(`${when.cron} never comes`);
    return later(now(clock), next.getTime() * 1000 - nowUs);
  };
}
