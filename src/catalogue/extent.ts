import { sql } from 'kysely';
import type { CameraId, SegmentId, StreamRef } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';
import type { GapCause } from './causes.ts';
import type { GapId, OpenGap } from './changes.ts';
import { type Catalogue, listStreams } from './listing.ts';

/** How far a stream's footage reaches. */
export interface StreamExtent {
  readonly ref: StreamRef;
  /** Beginning of its oldest footage. */
  readonly oldestUs: number;
  /** End of its newest durable footage. */
  readonly newestUs: number;
}

/** Streams with footage, in the order they were first seen. Costs a look at each end of each stream. */
export async function readExtents(catalogue: Catalogue): Promise<StreamExtent[]> {
  const extents: StreamExtent[] = [];
  for (const { key, ref } of (await listStreams(catalogue)).values()) {
    const footage = catalogue
      .selectFrom('segment')
      .leftJoin('segment_open', 'segment_open.segment', 'segment.key')
      .where('segment.stream', '=', key)
      .where('segment.start_us', 'is not', null)
      .where('segment.state', '<>', 'lost')
      .select(['segment.start_us', 'segment.duration_us', 'segment_open.duration_us as open_us']);
    const oldest = await footage.orderBy('segment.start_us').limit(1).executeTakeFirst();
    // The newest may have nothing durable yet: then the one before it counts.
    const newest = await footage.orderBy('segment.start_us', 'desc').limit(2).execute();
    if (!oldest) continue;
    const ends = newest.map((row) => (row.start_us as number) + (row.duration_us ?? row.open_us ?? 0));
    extents.push({ ref, oldestUs: oldest.start_us as number, newestUs: Math.max(...ends) });
  }
  return extents;
}

export interface DayTotal {
  readonly ref: StreamRef;
  readonly day: LocalDay;
  readonly segments: number;
  /** Of the ciphertext of complete segments. */
  readonly bytes: number;
  readonly durationUs: number;
}

/** Per stream and day since `sinceDay`, and before `untilDay` where it is told. Walks one index. */
export async function readDayTotals(
  catalogue: Catalogue,
  sinceDay: LocalDay,
  untilDay?: LocalDay,
): Promise<DayTotal[]> {
  const totals: DayTotal[] = [];
  for (const { key, ref } of (await listStreams(catalogue)).values()) {
    const rows = await catalogue
      .selectFrom('segment')
      .where('stream', '=', key)
      .where('day', '>=', sinceDay)
      .$if(untilDay !== undefined, (query) => query.where('day', '<', untilDay ?? ''))
      .groupBy('day')
      .orderBy('day')
      .select(['day', sql<number>`count(*)`.as('segments'), sql<number>`sum(bytes)`.as('bytes')])
      .select(sql<number>`coalesce(sum(duration_us), 0)`.as('durationUs'))
      .execute();
    totals.push(...rows.map((row) => ({ ...row, ref, day: row.day as LocalDay })));
  }
  return totals;
}

/** Every gap that is open now, oldest first. */
export async function readOpenGaps(catalogue: Catalogue): Promise<OpenGap[]> {
  const rows = await catalogue
    .selectFrom('gap')
    .innerJoin('stream', 'stream.key', 'gap.stream')
    .where('gap.to_us', 'is', null)
    .select(['gap.id', 'gap.from_us', 'gap.cause', 'stream.camera', 'stream.kind'])
    .orderBy('gap.from_us')
    .execute();
  return rows.map((row) => ({
    gap: row.id as GapId,
    ref: { camera: row.camera as CameraId, stream: row.kind },
    fromUs: row.from_us,
    cause: row.cause as GapCause,
  }));
}

/** A segment that was not completed: while no recorder runs, one that a crash left. */
export interface UnfinishedSegment {
  readonly segment: SegmentId;
  readonly ref: StreamRef;
  readonly state: 'reserved' | 'open';
  /** Relative to the vault's folder; absent while reserved. */
  readonly file?: string;
}

export async function readUnfinished(catalogue: Catalogue): Promise<UnfinishedSegment[]> {
  const rows = await catalogue
    .selectFrom('segment')
    .innerJoin('stream', 'stream.key', 'segment.stream')
    // Spelt as in the partial index: bound values would keep SQLite from using it.
    .where(sql<boolean>`segment.state in ('reserved', 'open')`)
    .select(['segment.id', 'segment.state', 'segment.day', 'segment.file', 'stream.camera', 'stream.kind'])
    .orderBy('segment.id')
    .execute();
  return rows.map((row) => ({
    segment: row.id as SegmentId,
    ref: { camera: row.camera as CameraId, stream: row.kind },
    state: row.state as UnfinishedSegment['state'],
    ...(row.file !== null && { file: `${row.camera}/${row.day}/${row.file}` }),
  }));
}
