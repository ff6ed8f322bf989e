import type { Database } from '../open.ts';

/** One alarm from its first raising to its end. Instants in µs UTC. */
export interface AlarmRow {
  readonly id: string;
  /** Who raised it: `recorder`, `purge`, `steward`. */
  readonly process: string;
  readonly alarm: string;
  readonly subject: string;
  readonly sinceUs: number;
  /** The last time that it began; other than `sinceUs` when it came and went meanwhile. */
  readonly raisedUs: number;
  /** How often it began. */
  readonly count: number;
  /** null while it stands. */
  readonly endedUs: number | null;
  /** JSON object for its sentence. */
  readonly facts: string;
  /** The entry of whoever has taken it on: a name is sealed beside it. */
  readonly takenSeq: number | null;
  /** The entry of whoever took note. */
  readonly acknowledgedSeq: number | null;
  readonly acknowledgedUs: number | null;
  /** When anybody was first told, by whatever way. */
  readonly toldUs: number | null;
}

/** What one way of telling has told of an alarm. */
export interface ToldRow extends AlarmRow {
  readonly lastToldUs: number | null;
  readonly endToldUs: number | null;
}

export type NewAlarmRow = Pick<AlarmRow, 'id' | 'process' | 'alarm' | 'subject' | 'sinceUs' | 'facts'>;

/** The alarm book's statements; whoever writes several brings the transaction. */
export interface AlarmRows {
  find(id: string): AlarmRow | undefined;
  /** The last one of that name, standing or not. */
  last(process: string, alarm: string, subject: string): AlarmRow | undefined;
  standing(): AlarmRow[];
  /** Newest first. */
  newest(most: number): AlarmRow[];
  add(row: NewAlarmRow): void;
  /** It has begun again, or stands with other facts. */
  raise(id: string, raisedUs: number, count: number, facts: string): void;
  end(id: string, endedUs: number): void;
  endAllOf(process: string, endedUs: number): void;
  take(id: string, seq: number): void;
  acknowledge(id: string, seq: number, atUs: number): void;
  /**
   * Those of which something may have to be told by this way, oldest first.
   *
   * @param sinceUs what ended before that is nobody's business: this way of telling did not exist yet
   * @param quiet alarms of which nobody is told: those that are over must not take the place of the others
   */
  toTell(channel: string, sinceUs: number, quiet: readonly string[], most: number): ToldRow[];
  told(id: string, channel: string, atUs: number, isEnd: boolean): void;
  /** Of what ended before that only the ledger still tells. */
  forget(beforeUs: number): void;
  /** When something was last done about telling, e.g. `daily mail`. */
  mark(name: string): number | undefined;
  setMark(name: string, atUs: number): void;
}

const COLUMNS = `id, process, alarm, subject, since_us as sinceUs, raised_us as raisedUs, count, ended_us as endedUs,
  facts, taken_seq as takenSeq, acknowledged_seq as acknowledgedSeq, acknowledged_us as acknowledgedUs,
  (select min(told_us) from alarm_told where alarm_told.alarm_id = alarm.id) as toldUs`;

export function createAlarmRows(db: Database): AlarmRows {
  const find = db.prepare<[string], AlarmRow>(`select ${COLUMNS} from alarm where id = ?`);
  const last = db.prepare<[string, string, string], AlarmRow>(
    `select ${COLUMNS} from alarm where process = ? and alarm = ? and subject = ? order by since_us desc, id desc limit 1`,
  );
  const standing = db.prepare<[], AlarmRow>(
    `select ${COLUMNS} from alarm where ended_us is null order by since_us, id`,
  );
  const newest = db.prepare<[number], AlarmRow>(
    `select ${COLUMNS} from alarm order by since_us desc, id desc limit ?`,
  );
  const add = db.prepare(
    `insert into alarm (id, process, alarm, subject, since_us, raised_us, facts)
     values (@id, @process, @alarm, @subject, @sinceUs, @sinceUs, @facts)`,
  );
  const raise = db.prepare(
    'update alarm set raised_us = ?, count = ?, facts = ?, ended_us = null where id = ?',
  );
  const end = db.prepare('update alarm set ended_us = ? where id = ?');
  const endAllOf = db.prepare('update alarm set ended_us = ? where process = ? and ended_us is null');
  const take = db.prepare('update alarm set taken_seq = ? where id = ?');
  const acknowledge = db.prepare('update alarm set acknowledged_seq = ?, acknowledged_us = ? where id = ?');
  const toTell = db.prepare<[string, number, string, number], ToldRow>(
    `select ${COLUMNS}, told.last_us as lastToldUs, told.end_us as endToldUs
     from alarm left join alarm_told as told on told.alarm_id = alarm.id and told.channel = ?
     where ended_us is null
       or (ended_us >= ? and told.end_us is null and alarm not in (select value from json_each(?)))
     order by since_us, alarm.id limit ?`,
  );
  const told = db.prepare(
    `insert into alarm_told (alarm_id, channel, told_us, last_us, end_us) values (@id, @channel, @atUs, @atUs, @endUs)
     on conflict (alarm_id, channel) do update set last_us = @atUs, end_us = @endUs`,
  );
  const forgetTold = db.prepare(
    'delete from alarm_told where alarm_id in (select id from alarm where ended_us < ?)',
  );
  const forget = db.prepare('delete from alarm where ended_us < ?');
  const mark = db.prepare<[string], number>('select at_us from alarm_mark where name = ?').pluck();
  const setMark = db.prepare(
    'insert into alarm_mark (name, at_us) values (?, ?) on conflict (name) do update set at_us = excluded.at_us',
  );
  return {
    find: (id) => find.get(id),
    last: (process, alarm, subject) => last.get(process, alarm, subject),
    standing: () => standing.all(),
    newest: (most) => newest.all(most),
    add: (row) => void add.run(row),
    raise: (id, raisedUs, count, facts) => void raise.run(raisedUs, count, facts, id),
    end: (id, endedUs) => void end.run(endedUs, id),
    endAllOf: (process, endedUs) => void endAllOf.run(endedUs, process),
    take: (id, seq) => void take.run(seq, id),
    acknowledge: (id, seq, atUs) => void acknowledge.run(seq, atUs, id),
    toTell: (channel, sinceUs, quiet, most) => toTell.all(channel, sinceUs, JSON.stringify(quiet), most),
    told: (id, channel, atUs, isEnd) => void told.run({ id, channel, atUs, endUs: isEnd ? atUs : null }),
    forget: (beforeUs) => {
      forgetTold.run(beforeUs);
      forget.run(beforeUs);
    },
    mark: (name) => mark.get(name),
    setMark: (name, atUs) => void setMark.run(name, atUs),
  };
}
