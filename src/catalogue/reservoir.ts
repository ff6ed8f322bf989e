import { type SegmentId, type StreamRef, streamLabel } from '../lib/ids.ts';

/**
 * Segment ids whose rows are already durable, so that a row always precedes its file and yet opening a segment
 * never waits for the database.
 */
export interface Reservoir {
  /** Lists a stream and orders its first ids; later calls do nothing. */
  watch(ref: StreamRef): void;
  /** undefined: none left; the segmenter then goes on with the segment it has. */
  take(ref: StreamRef): SegmentId | undefined;
  /** Ids that nobody took. */
  unused(): SegmentId[];
}

export interface ReservoirDeps {
  /** Ids kept ready for each stream. */
  readonly size: number;
  newId(): SegmentId;
  /** Makes the row durable, then calls back; `urgent` when the stream has none left. */
  order(ref: StreamRef, segment: SegmentId, urgent: boolean, ready: (durable: boolean) => void): void;
}

export function createReservoir({ size, newId, order }: ReservoirDeps): Reservoir {
  const pools = new Map<string, { ready: SegmentId[]; ordered: number }>();

  function fill(ref: StreamRef) {
    const pool = poolOf(ref);
    while (pool.ready.length + pool.ordered < size) {
      const segment = newId();
      pool.ordered += 1;
      order(ref, segment, pool.ready.length === 0, (durable) => {
        pool.ordered -= 1;
        if (durable) pool.ready.push(segment);
      });
    }
    return pool;
  }

  function poolOf(ref: StreamRef) {
    const label = streamLabel(ref);
    const pool = pools.get(label) ?? { ready: [], ordered: 0 };
    pools.set(label, pool);
    return pool;
  }

  return {
    watch: (ref) => void (pools.has(streamLabel(ref)) || fill(ref)),
    take(ref) {
      const segment = poolOf(ref).ready.shift();
      fill(ref);
      return segment;
    },
    unused: () => [...pools.values()].flatMap((pool) => pool.ready),
  };
}
