import type { Database } from '../open.ts';

export interface OpeningRow {
  readonly id: string;
  readonly stream: number;
  readonly run: number;
  readonly day: string;
  readonly hour: number;
  readonly file: string;
  readonly startUs: number;
  readonly mediaStart: number;
  readonly wallMinusMediaUs: number;
}

export interface ProgressRow {
  readonly id: string;
  readonly chunks: number;
  readonly durationUs: number;
  readonly bytes: number;
  readonly frames: number;
  readonly activity: number;
  readonly durableUs: number;
}

export interface CompleteRow {
  readonly id: string;
  readonly state: 'sealed' | 'recovered';
  readonly durationUs: number;
  readonly bytes: number;
  readonly chunks: number;
  readonly frames: number;
  readonly activity: number;
}

export interface DetailRow {
  readonly ciphertextSha256: Uint8Array;
  readonly fragmentsRoot: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly gops: Uint8Array;
  readonly pieces: Uint8Array;
}

/** A finished stretch of a stream, for finding holes. */
export interface StretchRow {
  readonly startUs: number;
  readonly durationUs: number;
  readonly state: string;
  readonly run: number;
}

export interface SegmentRows {
  /** Does nothing when the id is known. */
  reserve(id: string, stream: number): void;
  /** Removes a promise that was never used; anything else stays. */
  forget(id: string): void;
  /** @returns false: the id is known in another state than reserved. */
  open(row: OpeningRow): boolean;
  /** Overwrites what was durable before; does nothing unless the segment is open. */
  progress(row: ProgressRow): void;
  /** Completes an open segment. @returns undefined: it is not open. */
  complete(row: CompleteRow): { key: number; stream: number } | undefined;
  /** Inserts a segment found on disk, or completes one that was unfinished or lost. @returns undefined: known. */
  restore(opening: OpeningRow, complete: CompleteRow): number | undefined;
  detail(segment: number, row: DetailRow): void;
  /** @returns where the footage was that is gone; undefined: unknown, or it never had footage. */
  lose(id: string): { stream: number; startUs: number; durationUs: number } | undefined;
  /** Everything with footage, in time order. */
  stretches(stream: number): StretchRow[];
  lastEndUs(stream: number): number | undefined;
}

export function createSegmentRows(db: Database): SegmentRows {
  const reserve = db.prepare(`
    insert into segment (id, stream, state) values (?, ?, 'reserved') on conflict (id) do nothing`);
  const forget = db.prepare(`delete from segment where id = ? and state = 'reserved'`);
  const open = db.prepare(`
    insert into segment (id, stream, state, run, day, hour, file, start_us, media_start, wall_minus_media_us)
    values (@id, @stream, 'open', @run, @day, @hour, @file, @startUs, @mediaStart, @wallMinusMediaUs)
    on conflict (id) do update set state = 'open', run = @run, day = @day, hour = @hour, file = @file,
      start_us = @startUs, media_start = @mediaStart, wall_minus_media_us = @wallMinusMediaUs
    where state = 'reserved'`);
  const progress = db.prepare(`
    insert into segment_open (segment, chunks, duration_us, bytes, frames, activity, durable_us)
    select key, @chunks, @durationUs, @bytes, @frames, @activity, @durableUs
    from segment where id = @id and state = 'open'
    on conflict (segment) do update set chunks = excluded.chunks, duration_us = excluded.duration_us,
      bytes = excluded.bytes, frames = excluded.frames, activity = excluded.activity,
      durable_us = excluded.durable_us`);
  const complete = db.prepare(`
    update segment set state = @state, duration_us = @durationUs, bytes = @bytes, chunks = @chunks,
      frames = @frames, activity = @activity
    where id = @id and state = 'open' returning key, stream`);
  const restore = db
    .prepare(`
    insert into segment (id, stream, state, run, day, hour, file, start_us, duration_us, media_start,
      wall_minus_media_us, bytes, chunks, frames, activity)
    values (@id, @stream, @state, @run, @day, @hour, @file, @startUs, @durationUs, @mediaStart,
      @wallMinusMediaUs, @bytes, @chunks, @frames, @activity)
    on conflict (id) do update set stream = @stream, state = @state, run = @run, day = @day, hour = @hour,
      file = @file, start_us = @startUs, duration_us = @durationUs, media_start = @mediaStart,
      wall_minus_media_us = @wallMinusMediaUs, bytes = @bytes, chunks = @chunks, frames = @frames,
      activity = @activity
    where state in ('reserved', 'open', 'lost') returning key`)
    .pluck();
  const closeOpen = db.prepare('delete from segment_open where segment = ?');
  const integrity = db.prepare('insert or replace into segment_integrity values (?, ?, ?, ?)');
  const detail = db.prepare('insert or replace into segment_detail values (?, ?, ?)');
  const find = db.prepare(`
    select segment.key, segment.stream, segment.start_us as startUs,
      coalesce(segment.duration_us, segment_open.duration_us, 0) as durationUs
    from segment left join segment_open on segment_open.segment = segment.key
    where segment.id = ? and segment.state in ('open', 'sealed', 'recovered')`);
  const lose = db.prepare(`update segment set state = 'lost', duration_us = @durationUs where key = @key`);
  const stretches = db.prepare(`
    select start_us as startUs, duration_us as durationUs, state, run from segment
    where stream = ? and start_us is not null and duration_us is not null and state <> 'lost'
    order by start_us`);
  const lastEnd = db
    .prepare(`
    select segment.start_us + coalesce(segment.duration_us, segment_open.duration_us, 0)
    from segment left join segment_open on segment_open.segment = segment.key
    where segment.stream = ? and segment.start_us is not null order by segment.start_us desc limit 1`)
    .pluck();
  return {
    reserve: (id, stream) => void reserve.run(id, stream),
    forget: (id) => void forget.run(id),
    open: (row) => open.run(row).changes === 1,
    progress: (row) => void progress.run(row),
    complete(row) {
      const done = complete.get(row) as { key: number; stream: number } | undefined;
      if (done) closeOpen.run(done.key);
      return done;
    },
    restore(opening, row) {
      const key = restore.get({ ...opening, ...row }) as number | undefined;
      if (key !== undefined) closeOpen.run(key);
      return key;
    },
    detail(segment, row) {
      integrity.run(segment, blob(row.ciphertextSha256), blob(row.fragmentsRoot), blob(row.leafHash));
      detail.run(segment, blob(row.gops), blob(row.pieces));
    },
    lose(id) {
      const row = find.get(id) as
        | { key: number; stream: number; startUs: number; durationUs: number }
        | undefined;
      if (!row) return undefined;
      lose.run({ key: row.key, durationUs: row.durationUs });
      closeOpen.run(row.key);
      return row;
    },
    stretches: (stream) => stretches.all(stream) as StretchRow[],
    lastEndUs: (stream) => lastEnd.get(stream) as number | undefined,
  };
}

/** A Buffer that came through a message is a Uint8Array, which the binding does not take. */
const blob = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);
