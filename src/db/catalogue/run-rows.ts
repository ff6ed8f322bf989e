import type { Database } from '../open.ts';

export interface NewRunRow {
  readonly id: string;
  readonly stream: number;
  /** null: rebuilt from the files. */
  readonly source: 'ffmpeg' | 'rtsp' | null;
  /** Why not the usual client; null: it was. */
  readonly sourceReason: string | null;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly timescale: number;
  readonly startedUs: number;
  readonly clockSynchronised: 0 | 1 | null;
  readonly cameraOffsetMs: number | null;
  readonly wallMinusMediaUs: number;
}

export interface UnendedRun {
  readonly key: number;
  readonly stream: number;
  readonly startedUs: number;
  /** End of its last footage; null: it left none. */
  readonly lastUs: number | null;
}

export interface RunRows {
  /** Does nothing when the id is known. */
  insert(row: NewRunRow): void;
  keyOf(id: string): number | undefined;
  /** Ends a run once; an end before its beginning becomes its beginning. @returns false: unknown or ended before. */
  end(id: string, atUs: number, cause: string): boolean;
  endByKey(key: number, atUs: number, cause: string): void;
  /** The first that is told of a run stays. */
  senderClock(id: string, offsetMs: number): void;
  unended(): UnendedRun[];
  /** A rebuilt run reaches at least from and to here; the latest segment gives its cause. */
  stretchRebuilt(key: number, startUs: number, endUs: number, cause: string): void;
}

export function createRunRows(db: Database): RunRows {
  const insert = db.prepare(`
    insert into run (id, stream, source, codec, width, height, timescale, started_us, clock_synchronised,
      camera_offset_ms, wall_minus_media_us, source_reason)
    values (@id, @stream, @source, @codec, @width, @height, @timescale, @startedUs, @clockSynchronised,
      @cameraOffsetMs, @wallMinusMediaUs, @sourceReason)
    on conflict (id) do nothing`);
  const keyOf = db.prepare('select key from run where id = ?').pluck();
  const end = db.prepare(`
    update run set ended_us = max(started_us, @atUs), end_cause = @cause where id = @id and ended_us is null`);
  const endByKey = db.prepare(`
    update run set ended_us = max(started_us, @atUs), end_cause = @cause where key = @key and ended_us is null`);
  const senderClock = db.prepare(`
    update run set sender_offset_ms = @offsetMs where id = @id and sender_offset_ms is null`);
  const unended = db.prepare(`
    select run.key, run.stream, run.started_us as startedUs, (
      select max(segment.start_us + coalesce(segment.duration_us, segment_open.duration_us, 0))
      from segment left join segment_open on segment_open.segment = segment.key
      where segment.stream = run.stream and segment.start_us >= run.started_us and segment.run = run.key
    ) as lastUs
    from run where run.ended_us is null order by run.key`);
  const stretch = db.prepare(`
    update run set started_us = min(started_us, @startUs),
      end_cause = case when ended_us is null or ended_us < @endUs then @cause else end_cause end,
      ended_us = max(coalesce(ended_us, 0), @endUs)
    where key = @key and source is null`);
  return {
    insert: (row) => void insert.run(row),
    keyOf: (id) => keyOf.get(id) as number | undefined,
    end: (id, atUs, cause) => end.run({ id, atUs, cause }).changes === 1,
    endByKey: (key, atUs, cause) => void endByKey.run({ key, atUs, cause }),
    senderClock: (id, offsetMs) => void senderClock.run({ id, offsetMs }),
    unended: () => unended.all() as UnendedRun[],
    stretchRebuilt: (key, startUs, endUs, cause) => void stretch.run({ key, startUs, endUs, cause }),
  };
}
