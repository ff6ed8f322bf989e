import { sql } from 'kysely';
import { SECOND_US } from '../lib/clock.ts';
import type { StreamRef } from '../lib/ids.ts';
import type { LossCause } from './causes.ts';
import type { Loss } from './changes.ts';
import { type Catalogue, type ListedStream, listStreams } from './listing.ts';

/** What is missing from the footage of a range. */
export interface LossTotals {
  readonly missingPackets: number;
  readonly damagedFrames: number;
  /** Seconds, counted from the range's beginning, in which something is or may be missing. */
  readonly seconds: number;
  /** The same for each cause that occurs; a second may be touched by two. */
  readonly causes: Readonly<Partial<Record<LossCause, LossAmount>>>;
}

/** Of one stream, over a range. */
export interface LossSum {
  readonly ref: StreamRef;
  /** Records, each of at most ten seconds. */
  readonly records: number;
  readonly missingPackets: number;
  readonly damagedFrames: number;
}

export type LossAmount = Omit<LossTotals, 'causes'>;

/**
 * Losses that begin in from…to, in time order: each belongs to one of two ranges that touch, so that the sums
 * of a month are those of its days. Walks one index.
 */
export async function listLosses(
  catalogue: Catalogue,
  stream: ListedStream,
  fromUs: number,
  toUs: number,
): Promise<Loss[]> {
  const rows = await catalogue
    .selectFrom('loss')
    .select(['from_us', 'to_us', 'missing_packets', 'damaged_frames', 'cause'])
    .where('stream', '=', stream.key)
    .where('from_us', '>=', fromUs)
    .where('from_us', '<', toUs)
    .orderBy('from_us')
    .execute();
  return rows.map((row) => ({
    fromUs: row.from_us,
    toUs: row.to_us,
    missingPackets: row.missing_packets,
    damagedFrames: row.damaged_frames,
    cause: row.cause as LossCause,
  }));
}

/** Sums of the losses that begin in from…to, of each stream that has any. Walks one index. */
export async function sumLosses(catalogue: Catalogue, fromUs: number, toUs: number): Promise<LossSum[]> {
  const sums: LossSum[] = [];
  for (const { key, ref } of (await listStreams(catalogue)).values()) {
    const row = await catalogue
      .selectFrom('loss')
      .where('stream', '=', key)
      .where('from_us', '>=', fromUs)
      .where('from_us', '<', toUs)
      .select([
        sql<number>`count(*)`.as('records'),
        sql<number>`coalesce(sum(missing_packets), 0)`.as('missingPackets'),
        sql<number>`coalesce(sum(damaged_frames), 0)`.as('damagedFrames'),
      ])
      .executeTakeFirstOrThrow();
    if (row.records > 0) sums.push({ ref, ...row });
  }
  return sums;
}

/** @param losses that begin in from…to */
export function lossTotalsOf(losses: readonly Loss[], fromUs: number, toUs: number): LossTotals {
  const amountOf = (some: readonly Loss[]): LossAmount => ({
    missingPackets: some.reduce((sum, { missingPackets }) => sum + missingPackets, 0),
    damagedFrames: some.reduce((sum, { damagedFrames }) => sum + damagedFrames, 0),
    seconds: secondsTouched(some, fromUs, toUs),
  });
  const causes = Map.groupBy(losses, ({ cause }) => cause);
  return {
    ...amountOf(losses),
    causes: Object.fromEntries([...causes].map(([cause, some]) => [cause, amountOf(some)])),
  };
}

function secondsTouched(losses: readonly Loss[], originUs: number, endUs: number): number {
  const touched = new Set<number>();
  for (const { fromUs, toUs } of losses) {
    const first = Math.floor((fromUs - originUs) / SECOND_US);
    const last = Math.ceil((Math.min(toUs, endUs) - originUs) / SECOND_US) - 1;
    // A loss without length, of a picture that was not kept, lies in a second all the same.
    for (let second = first; second <= Math.max(first, last); second++) touched.add(second);
  }
  return touched.size;
}
