import type { RunId, SegmentId, StreamRef } from '../lib/ids.ts';
import { streamLabel } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';
import { decodeGops, type Gop } from './gop-codec.ts';
import { type Catalogue, listStreams, ofStreamWithoutIndex } from './listing.ts';
import { decodePieces, type Piece } from './piece-codec.ts';

/** A segment with footage, and of its run what a player needs. Of an open one: what is durable. */
export interface SegmentEntry {
  readonly segment: SegmentId;
  readonly ref: StreamRef;
  readonly state: 'open' | 'sealed' | 'recovered';
  readonly day: LocalDay;
  readonly hour: number;
  /** Relative to the vault's folder. */
  readonly file: string;
  readonly startUs: number;
  readonly durationUs: number;
  /** Ticks of `timescale`. */
  readonly mediaStart: number;
  readonly wallMinusMediaUs: number;
  readonly bytes: number;
  /** Readers of an open or recovered segment stop here. */
  readonly chunks: number;
  readonly frames: number;
  readonly activity: number;
  readonly run: RunId;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly timescale: number;
}

export interface SegmentRange {
  readonly fromUs: number;
  readonly toUs: number;
  readonly limit: number;
}

/** Segments that reach into from…to, oldest first, at most `limit`. Touches no blob. */
export async function listSegments(
  catalogue: Catalogue,
  ref: StreamRef,
  { fromUs, toUs, limit }: SegmentRange,
): Promise<SegmentEntry[]> {
  const stream = (await listStreams(catalogue)).get(streamLabel(ref));
  if (!stream) return [];
  const complete = await entries(catalogue)
    .where('segment.stream', '=', stream.key)
    .where('segment.start_us', '>', fromUs - stream.longestSegmentUs - 1)
    .where('segment.start_us', '<', toUs)
    .where('segment.state', 'in', ['sealed', 'recovered'])
    .where((where) => where(where('segment.start_us', '+', where.ref('segment.duration_us')), '>', fromUs))
    .orderBy('segment.start_us')
    .limit(limit)
    .execute();
  const open = await entries(catalogue)
    .where(ofStreamWithoutIndex, '=', stream.key)
    .where('segment.key', 'in', catalogue.selectFrom('segment_open').select('segment'))
    .execute();
  return [...complete, ...open]
    .map((row) => entryOf(row, ref))
    .filter((entry) => entry.startUs < toUs && entry.startUs + entry.durationUs > fromUs)
    .sort((a, b) => a.startUs - b.startUs)
    .slice(0, limit);
}

/** @returns undefined for what is no segment of this stream, or has no footage */
export async function findSegment(
  catalogue: Catalogue,
  ref: StreamRef,
  segment: SegmentId,
): Promise<SegmentEntry | undefined> {
  const row = await entries(catalogue)
    .innerJoin('stream', 'stream.key', 'segment.stream')
    .where('segment.id', '=', segment)
    .where('segment.state', 'in', ['open', 'sealed', 'recovered'])
    .where('stream.camera', '=', ref.camera)
    .where('stream.kind', '=', ref.stream)
    .executeTakeFirst();
  return row && entryOf(row, ref);
}

/** @returns undefined while it is open, or for an unknown id */
export async function readGops(catalogue: Catalogue, segment: SegmentId): Promise<Gop[] | undefined> {
  const blob = await detailOf(catalogue, segment).select('segment_detail.gops').executeTakeFirst();
  return blob && decodeGops(blob.gops);
}

/** @returns undefined while it is open, or for an unknown id */
export async function readPieces(catalogue: Catalogue, segment: SegmentId): Promise<Piece[] | undefined> {
  const blob = await detailOf(catalogue, segment).select('segment_detail.pieces').executeTakeFirst();
  return blob && decodePieces(blob.pieces);
}

export interface SegmentIntegrity {
  readonly ciphertextSha256: Buffer;
  readonly fragmentsRoot: Buffer;
  readonly leafHash: Buffer;
}

export async function readIntegrity(
  catalogue: Catalogue,
  segment: SegmentId,
): Promise<SegmentIntegrity | undefined> {
  return await catalogue
    .selectFrom('segment_integrity')
    .innerJoin('segment', 'segment.key', 'segment_integrity.segment')
    .select([
      'ciphertext_sha256 as ciphertextSha256',
      'fragments_root as fragmentsRoot',
      'leaf_hash as leafHash',
    ])
    .where('segment.id', '=', segment)
    .executeTakeFirst();
}

const detailOf = (catalogue: Catalogue, segment: SegmentId) =>
  catalogue
    .selectFrom('segment_detail')
    .innerJoin('segment', 'segment.key', 'segment_detail.segment')
    .where('segment.id', '=', segment);

const entries = (catalogue: Catalogue) =>
  catalogue
    .selectFrom('segment')
    .innerJoin('run', 'run.key', 'segment.run')
    .leftJoin('segment_open', 'segment_open.segment', 'segment.key')
    .select([
      'segment.id',
      'segment.state',
      'segment.day',
      'segment.hour',
      'segment.file',
      'segment.start_us',
    ])
    .select(['segment.media_start', 'segment.wall_minus_media_us', 'segment.frames', 'segment.activity'])
    .select(['segment.duration_us', 'segment.bytes', 'segment.chunks'])
    .select(['segment_open.duration_us as open_duration_us', 'segment_open.bytes as open_bytes'])
    .select(['segment_open.chunks as open_chunks', 'segment_open.frames as open_frames'])
    .select(['segment_open.activity as open_activity'])
    .select(['run.id as run_id', 'run.codec', 'run.width', 'run.height', 'run.timescale']);

type Row = Awaited<ReturnType<ReturnType<typeof entries>['execute']>>[number];

function entryOf(row: Row, ref: StreamRef): SegmentEntry {
  // Every state but `reserved` has these: the schema checks it.
  const day = row.day as LocalDay;
  return {
    segment: row.id as SegmentId,
    ref,
    state: row.state as SegmentEntry['state'],
    day,
    hour: row.hour as number,
    file: `${ref.camera}/${day}/${row.file}`,
    startUs: row.start_us as number,
    durationUs: row.duration_us ?? row.open_duration_us ?? 0,
    mediaStart: row.media_start as number,
    wallMinusMediaUs: row.wall_minus_media_us as number,
    bytes: row.open_bytes ?? row.bytes,
    chunks: row.open_chunks ?? row.chunks,
    frames: row.open_frames ?? row.frames,
    activity: row.open_activity ?? row.activity,
    run: row.run_id as RunId,
    codec: row.codec,
    width: row.width,
    height: row.height,
    timescale: row.timescale,
  };
}
