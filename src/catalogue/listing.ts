import { type Kysely, sql } from 'kysely';
import type { CatalogueTables } from '../db/catalogue/tables.ts';
import type { CameraId, StreamRef } from '../lib/ids.ts';
import { streamLabel } from '../lib/ids.ts';
import type { GapCause } from './causes.ts';
import type { GapSpan, RecordedSpan } from './stretches.ts';

/** Read-only; several calls that must agree are made inside one transaction. */
export type Catalogue = Kysely<CatalogueTables>;

export interface ListedStream {
  readonly key: number;
  readonly ref: StreamRef;
  readonly longestSegmentUs: number;
  readonly longestGapUs: number;
}

/** Footage of a stream as the timeline needs it. */
export interface FootageSpan extends RecordedSpan {
  readonly key: number;
  /** Highest activity of its GOPs. */
  readonly activity: number;
}

/** Every stream that was ever seen, by `streamLabel`. A few dozen rows. */
export async function listStreams(catalogue: Catalogue): Promise<ReadonlyMap<string, ListedStream>> {
  const rows = await catalogue.selectFrom('stream').selectAll().execute();
  return new Map(
    rows.map((row) => {
      const ref: StreamRef = { camera: row.camera as CameraId, stream: row.kind };
      const { key, longest_segment_us: longestSegmentUs, longest_gap_us: longestGapUs } = row;
      return [streamLabel(ref), { key, ref, longestSegmentUs, longestGapUs }];
    }),
  );
}

/**
 * Footage that reaches into from…to, in time order; of open segments what is durable. Walks one index and
 * touches no row, so its cost is that of the range.
 */
export async function listFootage(
  catalogue: Catalogue,
  stream: ListedStream,
  fromUs: number,
  toUs: number,
): Promise<FootageSpan[]> {
  const rows = await footageQuery(catalogue, stream, fromUs, toUs).execute();
  const spans: FootageSpan[] = [];
  for (const row of rows) {
    // Open ones are listed below: the longest of them may have begun earlier than any that is complete.
    if (row.duration_us === null || row.state === 'lost') continue;
    const startUs = row.start_us as number;
    if (startUs + row.duration_us <= fromUs) continue;
    spans.push({
      key: row.key,
      startUs,
      durationUs: row.duration_us,
      run: row.run as number,
      activity: row.activity,
    });
  }
  const open = await listOpenFootage(catalogue, stream);
  const reaching = open.filter((span) => span.startUs < toUs && span.startUs + span.durationUs > fromUs);
  return reaching.length === 0 ? spans : [...spans, ...reaching].sort((a, b) => a.startUs - b.startUs);
}

/**
 * For queries about the few open segments: the plus, together with a key that must be among theirs, keeps
 * SQLite from walking the tens of thousands of segments of the stream.
 */
export const ofStreamWithoutIndex = sql<number>`+segment.stream`;

/** Covered by `segment_by_time`. */
export const footageQuery = (catalogue: Catalogue, stream: ListedStream, fromUs: number, toUs: number) =>
  catalogue
    .selectFrom('segment')
    .select(['key', 'start_us', 'duration_us', 'state', 'run', 'activity'])
    .where('stream', '=', stream.key)
    .where('start_us', '>', fromUs - stream.longestSegmentUs - 1)
    .where('start_us', '<', toUs)
    .orderBy('start_us');

export const openFootageQuery = (catalogue: Catalogue, stream: ListedStream) =>
  catalogue
    .selectFrom('segment_open')
    .innerJoin('segment', 'segment.key', 'segment_open.segment')
    .select(['segment.key', 'segment.start_us', 'segment.run'])
    .select(['segment_open.duration_us', 'segment_open.activity'])
    .where('segment.key', 'in', catalogue.selectFrom('segment_open').select('segment'))
    .where(ofStreamWithoutIndex, '=', stream.key);

async function listOpenFootage(catalogue: Catalogue, stream: ListedStream): Promise<FootageSpan[]> {
  const rows = await openFootageQuery(catalogue, stream).execute();
  return rows.map((row) => ({
    key: row.key,
    startUs: row.start_us as number,
    durationUs: row.duration_us,
    run: row.run as number,
    activity: row.activity,
  }));
}

/** Gaps that reach into from…to, in order of their beginning. */
export async function listGaps(
  catalogue: Catalogue,
  stream: ListedStream,
  fromUs: number,
  toUs: number,
): Promise<GapSpan[]> {
  const of = catalogue
    .selectFrom('gap')
    .select(['from_us', 'to_us', 'cause'])
    .where('stream', '=', stream.key);
  const closed = await of
    .where('from_us', '>', fromUs - stream.longestGapUs - 1)
    .where('from_us', '<', toUs)
    .where('to_us', '>', fromUs)
    .execute();
  const open = await of.where('to_us', 'is', null).where('from_us', '<', toUs).execute();
  return [...closed, ...open]
    .map((row) => ({ fromUs: row.from_us, toUs: row.to_us, cause: row.cause as GapCause }))
    .sort((a, b) => a.fromUs - b.fromUs);
}
