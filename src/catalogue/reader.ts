import { openCatalogueForReading } from '../db/catalogue/open.ts';
import { type CameraId, type SegmentId, type StreamKind, type StreamRef, streamLabel } from '../lib/ids.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import type { Loss, OpenGap } from './changes.ts';
import { type Coverage, rangeOfDay, readCoverage } from './coverage.ts';
import {
  type DayTotal,
  readDayTotals,
  readExtents,
  readOpenGaps,
  readUnfinished,
  type StreamExtent,
  type UnfinishedSegment,
} from './extent.ts';
import type { Gop } from './gop-codec.ts';
import { type HealthHistory, readHealth } from './health.ts';
import { type Catalogue, listStreams } from './listing.ts';
import { type LossSum, listLosses, sumLosses } from './losses.ts';
import type { Piece } from './piece-codec.ts';
import { type CatalogueRegister, createCatalogueRegister } from './register.ts';
import {
  findSegment,
  listSegments,
  readGops,
  readIntegrity,
  readPieces,
  type SegmentEntry,
  type SegmentIntegrity,
  type SegmentRange,
} from './segments.ts';
import { readTimeline, type TimelineLane, type TimelineRange } from './timeline.ts';

/** What exists when. Any process may read; each answer is of one moment of the database. */
export interface CatalogueReader {
  streams(): Promise<StreamRef[]>;
  coverage(ref: StreamRef, fromUs: number, toUs: number): Promise<Coverage>;
  /** Of today what has passed. @returns undefined for a day that has not begun. */
  dayCoverage(
    ref: StreamRef,
    day: LocalDay,
    siteTime: SiteTime,
    nowUs: number,
  ): Promise<Coverage | undefined>;
  /** Losses that begin in from…to, in time order. */
  losses(ref: StreamRef, fromUs: number, toUs: number): Promise<Loss[]>;
  /** Sums of the losses that begin in from…to, of each stream that has any. */
  lossSums(fromUs: number, toUs: number): Promise<LossSum[]>;
  /** How a stream was, by the minute or by ten, with its gaps. */
  health(
    ref: StreamRef,
    range: { readonly fromUs: number; readonly toUs: number; readonly nowUs: number },
  ): Promise<HealthHistory>;
  /** @param stream which stream of each camera; main unless told */
  timeline(cameras: readonly CameraId[], range: TimelineRange, stream?: StreamKind): Promise<TimelineLane[]>;
  segmentsIn(ref: StreamRef, range: SegmentRange): Promise<SegmentEntry[]>;
  /** @returns the segment that holds this instant, if any */
  segmentAt(ref: StreamRef, utcUs: number): Promise<SegmentEntry | undefined>;
  /** @returns undefined for what is no segment of this stream, or is lost */
  segment(ref: StreamRef, segment: SegmentId): Promise<SegmentEntry | undefined>;
  gopsOf(segment: SegmentId): Promise<Gop[] | undefined>;
  piecesOf(segment: SegmentId): Promise<Piece[] | undefined>;
  integrityOf(segment: SegmentId): Promise<SegmentIntegrity | undefined>;
  /** Oldest and last durable footage of each stream. */
  extents(): Promise<StreamExtent[]>;
  dayTotals(sinceDay: LocalDay, untilDay?: LocalDay): Promise<DayTotal[]>;
  openGaps(): Promise<OpenGap[]>;
  /** What a crash left, when no recorder runs. */
  unfinished(): Promise<UnfinishedSegment[]>;
  /** The same connection, for the vault's check. */
  readonly register: CatalogueRegister;
  close(): Promise<void>;
}

/**
 * @param path catalogue.db
 * @throws GirokError `storage_missing`, `database_newer`, `recorder_not_running` (not yet migrated),
 *   `database_damaged`; the methods `database_damaged` for an index blob that does not decode.
 */
export function createCatalogueReader(path: string): CatalogueReader {
  const { db, query } = openCatalogueForReading(path);
  const atOnce = <T>(read: (catalogue: Catalogue) => Promise<T>) => query.transaction().execute(read);
  return {
    streams: async () => [...(await listStreams(query)).values()].map(({ ref }) => ref),
    coverage: (ref, fromUs, toUs) => atOnce((catalogue) => readCoverage(catalogue, ref, fromUs, toUs)),
    async dayCoverage(ref, day, siteTime, nowUs) {
      const range = rangeOfDay(day, siteTime, nowUs);
      return range && atOnce((catalogue) => readCoverage(catalogue, ref, range.fromUs, range.toUs));
    },
    losses: (ref, fromUs, toUs) =>
      atOnce(async (catalogue) => {
        const stream = (await listStreams(catalogue)).get(streamLabel(ref));
        return stream ? listLosses(catalogue, stream, fromUs, toUs) : [];
      }),
    lossSums: (fromUs, toUs) => atOnce((catalogue) => sumLosses(catalogue, fromUs, toUs)),
    health: (ref, range) => atOnce((catalogue) => readHealth(catalogue, ref, range)),
    timeline: (cameras, range, stream = 'main') =>
      atOnce((catalogue) =>
        readTimeline(
          catalogue,
          cameras.map((camera) => ({ camera, stream })),
          range,
        ),
      ),
    segmentsIn: (ref, range) => atOnce((catalogue) => listSegments(catalogue, ref, range)),
    async segmentAt(ref, utcUs) {
      const range = { fromUs: utcUs, toUs: utcUs + 1, limit: 1 };
      return (await atOnce((catalogue) => listSegments(catalogue, ref, range)))[0];
    },
    segment: (ref, segment) => findSegment(query, ref, segment),
    gopsOf: (segment) => readGops(query, segment),
    piecesOf: (segment) => readPieces(query, segment),
    integrityOf: (segment) => readIntegrity(query, segment),
    extents: () => atOnce(readExtents),
    dayTotals: (sinceDay, untilDay) => atOnce((catalogue) => readDayTotals(catalogue, sinceDay, untilDay)),
    openGaps: () => readOpenGaps(query),
    unfinished: () => readUnfinished(query),
    register: createCatalogueRegister(db),
    close: () => query.destroy(),
  };
}
