import type { Database } from '../open.ts';

export interface NewHealthRow {
  readonly stream: number;
  readonly atUs: number;
  readonly fps: number;
  readonly bitsPerSecond: number;
  readonly missingPackets: number;
  readonly damagedFrames: number;
  /** null: unknown. */
  readonly clockOffsetMs: number | null;
}

export interface HealthRows {
  /** A minute, and its ten minutes as they are with it. Does nothing when that minute is known. */
  insert(row: NewHealthRow): void;
  /** Removes what is older, of streams too that are not recorded any more. */
  forget(minutesBeforeUs: number, tenMinutesBeforeUs: number): void;
}

const TEN_MINUTES_US = 600_000_000;

export function createHealthRows(db: Database): HealthRows {
  const insert = db.prepare(`
    insert into health_minute (stream, at_us, fps, bits_per_second, missing_packets, damaged_frames, clock_offset_ms)
    values (@stream, @atUs, @fps, @bitsPerSecond, @missingPackets, @damagedFrames, @clockOffsetMs)
    on conflict (stream, at_us) do nothing`);
  // Counted anew from its minutes each time: told twice it is the same.
  const sumUp = db.prepare(`
    insert or replace into health_ten_minutes
    select stream, @fromUs, min(fps), avg(fps), max(fps),
      min(bits_per_second), cast(avg(bits_per_second) as integer), max(bits_per_second),
      sum(missing_packets), sum(damaged_frames), min(clock_offset_ms), max(clock_offset_ms)
    from health_minute
    where stream = @stream and at_us > @fromUs and at_us <= @fromUs + ${TEN_MINUTES_US} group by stream`);
  const forgetMinutes = db.prepare(
    'delete from health_minute where stream in (select key from stream) and at_us < ?',
  );
  const forgetTenMinutes = db.prepare(
    'delete from health_ten_minutes where stream in (select key from stream) and from_us < ?',
  );
  return {
    insert(row) {
      if (insert.run(row).changes === 0) return;
      const fromUs = Math.floor((row.atUs - 1) / TEN_MINUTES_US) * TEN_MINUTES_US;
      sumUp.run({ stream: row.stream, fromUs });
    },
    forget(minutesBeforeUs, tenMinutesBeforeUs) {
      forgetMinutes.run(minutesBeforeUs);
      forgetTenMinutes.run(tenMinutesBeforeUs);
    },
  };
}
