import { DAY_US, MINUTE_US } from '../lib/clock.ts';
import { type StreamRef, streamLabel } from '../lib/ids.ts';
import { type Catalogue, type ListedStream, listGaps, listStreams } from './listing.ts';
import type { GapSpan } from './stretches.ts';

/** One stream over a range, in columns: what a plot takes, all of one length, in time order. */
export interface HealthHistory {
  /** How far apart two points are, where none is missing. */
  readonly everyUs: number;
  /** End of the minute, or middle of the ten minutes. µs UTC. */
  readonly atUs: readonly number[];
  /** null: nothing was sampled then, so that no line is drawn over it. */
  readonly fps: Spread;
  readonly bitsPerSecond: Spread;
  readonly missingPackets: readonly (number | null)[];
  readonly damagedFrames: readonly (number | null)[];
  /** The one furthest from ours; null: unknown. */
  readonly clockOffsetMs: readonly (number | null)[];
  /** Reaching into the range, the last ones, in order of their beginning; `toUs` null: still open. */
  readonly gaps: readonly GapSpan[];
  /** Earlier ones that are not among them. */
  readonly gapsLeftOut: number;
}

/** Least, mean and most of the points' minutes; of a minute alone all three are the same. */
export interface Spread {
  readonly least: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  readonly most: readonly (number | null)[];
}

const TEN_MINUTES_US = 10 * MINUTE_US;
/** Where a range is longer, or begins before what is kept by the minute, ten minutes are one point. */
const BY_THE_MINUTE_US = 2 * DAY_US;
const MOST_GAPS = 1000;

type Point = readonly [
  atUs: number,
  fps: readonly [least: number, mean: number, most: number],
  bits: readonly [least: number, mean: number, most: number],
  missing: number,
  damaged: number,
  clock: number | null,
];

/** Walks one index of samples and one of gaps. A stream that was never seen has nothing. */
export async function readHealth(
  catalogue: Catalogue,
  ref: StreamRef,
  { fromUs, toUs, nowUs }: { readonly fromUs: number; readonly toUs: number; readonly nowUs: number },
): Promise<HealthHistory> {
  const stream = (await listStreams(catalogue)).get(streamLabel(ref));
  const isFine = toUs - fromUs <= BY_THE_MINUTE_US && fromUs >= nowUs - BY_THE_MINUTE_US;
  const everyUs = isFine ? MINUTE_US : TEN_MINUTES_US;
  if (!stream) return { everyUs, ...columns([], everyUs), gaps: [], gapsLeftOut: 0 };
  const points = await (isFine ? minutes : tenMinutes)(catalogue, stream, fromUs, toUs);
  const gaps = await listGaps(catalogue, stream, fromUs, toUs);
  return {
    everyUs,
    ...columns(points, everyUs),
    gaps: gaps.slice(-MOST_GAPS),
    gapsLeftOut: Math.max(0, gaps.length - MOST_GAPS),
  };
}

async function minutes(
  catalogue: Catalogue,
  { key }: ListedStream,
  fromUs: number,
  toUs: number,
): Promise<Point[]> {
  const rows = await catalogue
    .selectFrom('health_minute')
    .selectAll()
    .where('stream', '=', key)
    .where('at_us', '>=', fromUs)
    .where('at_us', '<', toUs)
    .orderBy('at_us')
    .execute();
  return rows.map((row) => [
    row.at_us,
    [row.fps, row.fps, row.fps],
    [row.bits_per_second, row.bits_per_second, row.bits_per_second],
    row.missing_packets,
    row.damaged_frames,
    row.clock_offset_ms,
  ]);
}

async function tenMinutes(
  catalogue: Catalogue,
  { key }: ListedStream,
  fromUs: number,
  toUs: number,
): Promise<Point[]> {
  const rows = await catalogue
    .selectFrom('health_ten_minutes')
    .selectAll()
    .where('stream', '=', key)
    .where('from_us', '>', fromUs - TEN_MINUTES_US)
    .where('from_us', '<', toUs)
    .orderBy('from_us')
    .execute();
  return rows.map((row) => [
    row.from_us + TEN_MINUTES_US / 2,
    [row.fps_least, Math.round(row.fps_mean * 100) / 100, row.fps_most],
    [row.bits_least, row.bits_mean, row.bits_most],
    row.missing_packets,
    row.damaged_frames,
    furthest(row.clock_least_ms, row.clock_most_ms),
  ]);
}

const furthest = (least: number | null, most: number | null): number | null =>
  least !== null && most !== null && Math.abs(least) > Math.abs(most) ? least : most;

/** Where points are further apart than they should be, an empty one in between breaks the line. */
function columns(points: readonly Point[], everyUs: number) {
  const whole: (Point | number)[] = [];
  let last: number | undefined;
  for (const point of points) {
    const [atUs] = point;
    if (last !== undefined && atUs - last > 2.5 * everyUs) whole.push(last + everyUs);
    whole.push(point);
    last = atUs;
  }
  const column = <T>(of: (point: Point) => T) =>
    whole.map((point) => (typeof point === 'number' ? null : of(point)));
  const spread = (of: 1 | 2): Spread => ({
    least: column((point) => point[of][0]),
    mean: column((point) => point[of][1]),
    most: column((point) => point[of][2]),
  });
  return {
    atUs: whole.map((point) => (typeof point === 'number' ? point : point[0])),
    fps: spread(1),
    bitsPerSecond: spread(2),
    missingPackets: column((point) => point[3]),
    damagedFrames: column((point) => point[4]),
    clockOffsetMs: column((point) => point[5]),
  };
}
