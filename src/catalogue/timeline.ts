import { MINUTE_US } from '../lib/clock.ts';
import { type StreamRef, streamLabel } from '../lib/ids.ts';
import type { GapCause } from './causes.ts';
import { decodeGops } from './gop-codec.ts';
import {
  type Catalogue,
  type FootageSpan,
  type ListedStream,
  listFootage,
  listGaps,
  listStreams,
} from './listing.ts';
import { divide } from './stretches.ts';

export interface TimelineRange {
  readonly fromUs: number;
  readonly toUs: number;
  /** Width of an activity bucket. Below a minute the GOP indexes are read: for ranges of minutes, not days. */
  readonly bucketUs: number;
}

export interface TimelineLane {
  readonly ref: StreamRef;
  readonly recorded: readonly { readonly fromUs: number; readonly toUs: number }[];
  readonly gaps: readonly { readonly fromUs: number; readonly toUs: number; readonly cause: GapCause }[];
  /** Highest activity in each bucket; 0 also where nothing is recorded. */
  readonly activity: Uint8Array;
}

const MOST_BUCKETS = 100_000;

/**
 * One lane per stream, in the order asked; what is neither recorded nor a gap is unknown.
 *
 * @throws RangeError for a range that is empty or has more than 100,000 buckets.
 */
export async function readTimeline(
  catalogue: Catalogue,
  refs: readonly StreamRef[],
  range: TimelineRange,
): Promise<TimelineLane[]> {
  const { fromUs, toUs, bucketUs } = range;
  const buckets = Math.ceil((toUs - fromUs) / bucketUs);
  if (!(buckets > 0 && buckets <= MOST_BUCKETS)) throw new RangeError(`not a timeline of ${buckets} buckets`);
  const streams = await listStreams(catalogue);
  const lanes: TimelineLane[] = [];
  for (const ref of refs) {
    const stream = streams.get(streamLabel(ref));
    const footage = stream ? await listFootage(catalogue, stream, fromUs, toUs) : [];
    const spans = stream ? await listGaps(catalogue, stream, fromUs, toUs) : [];
    const recorded: TimelineLane['recorded'][number][] = [];
    const gaps: TimelineLane['gaps'][number][] = [];
    for (const stretch of divide(fromUs, toUs, footage, spans)) {
      const { is, ...when } = stretch;
      if (is === 'recorded') recorded.push(when);
      else if (is !== 'unknown') gaps.push({ ...when, cause: is.gap });
    }
    const activity = new Uint8Array(buckets);
    const fine =
      stream && bucketUs < MINUTE_US ? await listGopActivity(catalogue, stream, footage) : undefined;
    for (const span of footage) paint(activity, range, fine?.get(span.key) ?? [span]);
    lanes.push({ ref, recorded, gaps, activity });
  }
  return lanes;
}

type Painted = Pick<FootageSpan, 'startUs' | 'durationUs' | 'activity'>;

function paint(buckets: Uint8Array, { fromUs, bucketUs }: TimelineRange, spans: readonly Painted[]) {
  for (const { startUs, durationUs, activity } of spans) {
    if (activity === 0) continue;
    const first = Math.max(0, Math.floor((startUs - fromUs) / bucketUs));
    const last = Math.min(buckets.length - 1, Math.ceil((startUs + durationUs - fromUs) / bucketUs) - 1);
    for (let i = first; i <= last; i++) buckets[i] = Math.max(buckets[i]!, activity);
  }
}

/** Activity per GOP of complete segments; an open one has its index only when it is sealed. */
async function listGopActivity(
  catalogue: Catalogue,
  stream: ListedStream,
  footage: readonly FootageSpan[],
): Promise<Map<number, Painted[]>> {
  const first = footage[0];
  if (!first) return new Map();
  const keys = new Set(footage.map((span) => span.key));
  const rows = await catalogue
    .selectFrom('segment_detail')
    .innerJoin('segment', 'segment.key', 'segment_detail.segment')
    .select(['segment.key', 'segment_detail.gops', 'segment.start_us', 'segment.duration_us'])
    .where('segment.stream', '=', stream.key)
    .where('segment.start_us', '>=', first.startUs)
    .where('segment.start_us', '<=', footage.at(-1)!.startUs)
    .execute();
  const lists = rows
    .filter((row) => keys.has(row.key))
    .map((row): [number, Painted[]] => {
      const gops = decodeGops(row.gops);
      const endUs = (row.start_us as number) + (row.duration_us as number);
      const spans = gops.map(({ startUs, activity }, i) => ({
        startUs,
        durationUs: Math.max(0, (gops[i + 1]?.startUs ?? endUs) - startUs),
        activity,
      }));
      return [row.key, spans];
    });
  return new Map(lists);
}
