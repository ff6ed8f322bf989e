import { type StreamRef, streamLabel } from '../lib/ids.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import { type CoverageTotals, totalsOf } from './coverage-totals.ts';
import { type Catalogue, listFootage, listGaps, listStreams } from './listing.ts';
import { type LossTotals, listLosses, lossTotalsOf } from './losses.ts';
import { divide, type Stretch } from './stretches.ts';

export interface Coverage extends CoverageTotals {
  readonly ref: StreamRef;
  readonly fromUs: number;
  readonly toUs: number;
  /** Touch each other and fill the range. */
  readonly stretches: readonly Stretch[];
  /** Of what is recorded, and of pictures that could not be kept. */
  readonly losses: LossTotals;
}

/** What each moment of from…to is for one stream; a stream that was never seen is all unknown. */
export async function readCoverage(
  catalogue: Catalogue,
  ref: StreamRef,
  fromUs: number,
  toUs: number,
): Promise<Coverage> {
  const stream = (await listStreams(catalogue)).get(streamLabel(ref));
  const footage = stream ? await listFootage(catalogue, stream, fromUs, toUs) : [];
  const gaps = stream ? await listGaps(catalogue, stream, fromUs, toUs) : [];
  const losses = stream ? await listLosses(catalogue, stream, fromUs, toUs) : [];
  const stretches = divide(fromUs, toUs, footage, gaps);
  const lost = lossTotalsOf(losses, fromUs, toUs);
  return { ref, fromUs, toUs, stretches, losses: lost, ...totalsOf(stretches) };
}

/**
 * The range of a local day of the site, of 23, 24 or 25 hours; of today what has passed.
 *
 * @returns undefined for a day that has not begun
 */
export function rangeOfDay(
  day: LocalDay,
  siteTime: SiteTime,
  nowUs: number,
): { fromUs: number; toUs: number } | undefined {
  const fromUs = siteTime.startOf(day);
  const toUs = Math.min(siteTime.startOf(siteTime.addDays(day, 1)), nowUs);
  return toUs > fromUs ? { fromUs, toUs } : undefined;
}
