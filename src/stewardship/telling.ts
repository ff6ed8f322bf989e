import type { AlarmRows, ToldRow } from '../db/site/alarm-rows.ts';
import { type Clock, DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../lib/clock.ts';
import { NOTES } from './alarm-severity.ts';
import type { Alarms } from './alarms.ts';
import type { Sent } from './mail.ts';
import { dueNotices, type Notice } from './notices.ts';

/** One way of telling people. */
export interface Channel {
  readonly name: 'mail' | 'webhook';
  /** All that is due at once. Never throws for what the other side does. */
  send(notices: readonly Notice[], signal: AbortSignal): Promise<Sent>;
}

export interface TellingDeps {
  readonly channel: Channel;
  readonly rows: AlarmRows;
  /** The steward's own: what cannot be entered into the ledger is told all the same. */
  readonly alarms: Alarms;
  readonly clock: Clock;
  /** False while nothing may be written to site.db. */
  mayWrite(): boolean;
  failed(error: unknown): void;
}

/** Tells what is due, and notes that it was told. */
export interface Telling {
  /** Called often; does something when it is time. Never throws. */
  round(signal: AbortSignal): Promise<void>;
}

/** What comes together goes out together. */
const GATHER_US = 15 * SECOND_US;
/** So many in an hour go out at once; then one every quarter of an hour has all there is. */
const AT_ONCE_PER_HOUR = 6;
const STORM_US = 15 * MINUTE_US;
const LONGEST_PAUSE_US = 15 * MINUTE_US;
const MOST_ROWS = 2000;
/** What nobody could be told of for so long is told by the daily mail and the list alone. */
const OLDEST_US = 30 * DAY_US;
/** An alarm of ours is in the book within a second or two, unless the ledger cannot be written. */
const BOOKED_WITHIN_US = 5 * SECOND_US;

export function createTelling(deps: TellingDeps): Telling {
  const { channel, rows, alarms, clock } = deps;
  /** Told, and not yet written down. */
  const unwritten = new Map<string, { atUs: number; isEnd: boolean }>();
  /** Alarms of ours that were told without the book, by {@link nameOf}. */
  const direct = new Map<string, { sinceUs: number; atUs: number }>();
  let inBook = new Set<string>();
  let seenMonoUs: number | undefined;
  let sentMonoUs: number[] = [];
  let failures = 0;
  let againMonoUs = -Infinity;

  const writeDown = () => {
    if (unwritten.size === 0 || !deps.mayWrite()) return;
    for (const [id, { atUs, isEnd }] of unwritten) {
      rows.told(id, channel.name, atUs, isEnd);
      unwritten.delete(id);
    }
  };

  /** A way of telling begins with what stands, not with the alarms of years ago. */
  const beganUs = (): number => {
    const nowUs = clock.utcUs();
    const knownUs = rows.mark(`${channel.name} begun`);
    // A mark of the future was made under a clock that was ahead: it would keep every end from being told.
    if (knownUs !== undefined && knownUs <= nowUs) return knownUs;
    if (deps.mayWrite()) rows.setMark(`${channel.name} begun`, nowUs);
    return nowUs;
  };

  const booked = (): ToldRow[] => {
    try {
      writeDown();
      const fromUs = Math.max(beganUs(), clock.utcUs() - OLDEST_US);
      const read = rows.toTell(channel.name, fromUs, NOTES, MOST_ROWS);
      inBook = new Set(read.filter(isOurs).map(nameOf));
      return read.map(withMemory);
    } catch (error) {
      // Whatever the book's trouble is, it stands as an alarm, and that one must get out.
      deps.failed(error);
      return [];
    }
  };

  const withMemory = (row: ToldRow): ToldRow => {
    const told = unwritten.get(row.id);
    if (told) return { ...row, lastToldUs: told.atUs, endToldUs: told.isEnd ? told.atUs : null };
    const before = isOurs(row) && row.lastToldUs === null ? direct.get(nameOf(row)) : undefined;
    if (!before || Math.abs(row.raisedUs - before.sinceUs) > BOOKED_WITHIN_US) return row;
    // It could be entered at last; it was told already.
    direct.delete(nameOf(row));
    unwritten.set(row.id, { atUs: before.atUs, isEnd: false });
    return { ...row, lastToldUs: before.atUs };
  };

  const unbooked = (nowUs: number): ToldRow[] =>
    alarms
      .standing()
      .filter(
        ({ code, subject, sinceUs }) =>
          !inBook.has(nameOf({ alarm: code, subject })) && Math.abs(nowUs - sinceUs) > BOOKED_WITHIN_US,
      )
      .map(({ code, subject, sinceUs, facts }) => ({
        ...NEVER_BOOKED,
        alarm: code,
        subject,
        sinceUs,
        raisedUs: sinceUs,
        facts: JSON.stringify(facts),
        lastToldUs: toldDirectly(nameOf({ alarm: code, subject }), sinceUs),
      }));

  /** What comes and goes while nothing can be entered is told once an hour. */
  const toldDirectly = (name: string, sinceUs: number): number | null => {
    const told = direct.get(name);
    return told && (told.sinceUs === sinceUs || Math.abs(sinceUs - told.atUs) < HOUR_US) ? told.atUs : null;
  };

  /** In its own words while it stands: the book knows no more than the ledger. */
  const withFacts = (row: ToldRow): ToldRow => {
    if (!isOurs(row) || row.endedUs !== null) return row;
    const standing = alarms
      .standing()
      .find(({ code, subject }) => nameOf({ alarm: code, subject }) === nameOf(row));
    return standing ? { ...row, facts: JSON.stringify(standing.facts) } : row;
  };

  const isTime = (monoUs: number): boolean => {
    seenMonoUs ??= monoUs;
    if (monoUs - seenMonoUs < GATHER_US || monoUs < againMonoUs) return false;
    sentMonoUs = sentMonoUs.filter((sentUs) => monoUs - sentUs < HOUR_US);
    return sentMonoUs.length < AT_ONCE_PER_HOUR || monoUs - (sentMonoUs.at(-1) ?? 0) >= STORM_US;
  };

  const note = ({ kind, alarm }: Notice, atUs: number) => {
    if (alarm.id === '') direct.set(nameOf(alarm), { sinceUs: alarm.sinceUs, atUs });
    else unwritten.set(alarm.id, { atUs, isEnd: kind === 'ended' || kind === 'passed' });
  };

  return {
    async round(signal) {
      const nowUs = clock.utcUs();
      const due = dueNotices([...booked().map(withFacts), ...unbooked(nowUs)], nowUs);
      if (due.length === 0) {
        seenMonoUs = undefined;
        return;
      }
      if (!isTime(clock.monoUs())) return;
      const sent = await channel.send(due, signal);
      if (signal.aborted && !sent.ok) return;
      const monoUs = clock.monoUs();
      if (!sent.ok) {
        failures += 1;
        againMonoUs = monoUs + Math.min(LONGEST_PAUSE_US, MINUTE_US * 2 ** Math.min(failures - 1, 10));
        alarms.raise('notify_failing', channel.name, { error: sent.error });
        return;
      }
      failures = 0;
      seenMonoUs = undefined;
      sentMonoUs.push(monoUs);
      for (const notice of due) note(notice, nowUs);
      if (sent.error === undefined) alarms.clear('notify_failing', channel.name);
      else alarms.raise('notify_failing', channel.name, { error: sent.error });
      try {
        writeDown();
      } catch (error) {
        deps.failed(error);
      }
    },
  };
}

const OURS = 'steward';
const isOurs = ({ process }: ToldRow) => process === OURS;
const nameOf = ({ alarm, subject }: Pick<ToldRow, 'alarm' | 'subject'>) => `${alarm} ${subject}`;

const NEVER_BOOKED = {
  id: '',
  process: OURS,
  count: 1,
  endedUs: null,
  takenSeq: null,
  acknowledgedSeq: null,
  acknowledgedUs: null,
  toldUs: null,
  endToldUs: null,
} as const;
