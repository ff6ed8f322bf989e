import { describe, expect, it } from 'vitest';
import { createChangeQueue } from '../../../src/catalogue/change-queue.ts';
import type { CatalogueChange } from '../../../src/catalogue/changes.ts';
import { createReservoir } from '../../../src/catalogue/reservoir.ts';
import type { CameraId, SegmentId } from '../../../src/lib/ids.ts';

const id = (text: string) => text as SegmentId;
const progress = (segment: string, chunks: number): CatalogueChange => ({
  kind: 'progress',
  segment: id(segment),
  progress: { chunks, durationUs: 1, bytes: 1, frames: 1, activity: 0, durableUs: 1 },
});
const lost = (segment: string): CatalogueChange => ({
  kind: 'lost',
  segment: id(segment),
  gap: 'g' as never,
});

describe('the queue of changes', () => {
  it('keeps of a segment’s progress only the newest, in its old place', () => {
    const queue = createChangeQueue();
    for (let chunk = 1; chunk <= 3600; chunk++) {
      queue.add(progress('a', chunk), chunk);
      queue.add(progress('b', chunk), chunk);
    }
    queue.add({ kind: 'forget', segments: [] }, 9999);
    expect(queue.outstanding).toBe(3);
    expect(queue.oldestMonoUs).toBe(1);
    expect(queue.take(10).map(({ change }) => change)).toEqual([
      progress('a', 3600),
      progress('b', 3600),
      { kind: 'forget', segments: [] },
    ]);
  });

  it('drops progress that the end of the segment has overtaken', () => {
    const queue = createChangeQueue();
    queue.add(progress('a', 1), 1);
    queue.add(lost('a'), 2);
    expect(queue.take(10).map(({ change }) => change.kind)).toEqual(['lost']);
  });

  it('does not merge progress into what is already on its way', () => {
    const queue = createChangeQueue();
    queue.add(progress('a', 1), 1);
    queue.take(10);
    queue.add(progress('a', 2), 2);
    expect(queue.outstanding).toBe(2);
    expect(queue.settledThrough).toBe(0);
    queue.settle();
    expect(queue.settledThrough).toBe(1);
    expect(queue.take(10)[0]?.change).toEqual(progress('a', 2));
  });

  it('takes no more than asked, oldest first', () => {
    const queue = createChangeQueue();
    for (const name of ['a', 'b', 'c']) queue.add(lost(name), 0);
    expect(queue.take(2).map(({ change }) => 'segment' in change && change.segment)).toEqual(['a', 'b']);
    expect(queue.waiting).toBe(1);
  });
});

describe('the reservoir of ids', () => {
  const ref = { camera: 'cam01' as CameraId, stream: 'main' as const };
  function world() {
    const orders: { segment: SegmentId; urgent: boolean; ready: (durable: boolean) => void }[] = [];
    let next = 0;
    const reservoir = createReservoir({
      size: 2,
      newId: () => id(`s${next++}`),
      order: (_, segment, urgent, ready) => orders.push({ segment, urgent, ready }),
    });
    return { reservoir, orders };
  }

  it('gives out only ids whose rows are durable', () => {
    const { reservoir, orders } = world();
    reservoir.watch(ref);
    expect(reservoir.take(ref)).toBeUndefined();
    orders[0]?.ready(true);
    expect(reservoir.take(ref)).toBe('s0');
    expect(reservoir.take(ref)).toBeUndefined();
  });

  it('keeps as many on order as it gives out, and says when a stream has none', () => {
    const { reservoir, orders } = world();
    reservoir.watch(ref);
    reservoir.watch(ref);
    expect(orders.map((order) => order.urgent)).toEqual([true, true]);
    for (const order of orders) order.ready(true);
    reservoir.take(ref);
    expect(orders).toHaveLength(3);
    expect(orders[2]?.urgent).toBe(false);
    expect(reservoir.unused()).toEqual(['s1']);
  });

  it('never gives out an id that the database refused', () => {
    const { reservoir, orders } = world();
    reservoir.watch(ref);
    for (const order of orders.slice()) order.ready(false);
    expect(reservoir.take(ref)).toBeUndefined();
    orders[2]?.ready(true);
    expect(reservoir.take(ref)).toBe('s2');
  });
});
