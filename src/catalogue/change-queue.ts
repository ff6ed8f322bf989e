import type { CatalogueChange } from './changes.ts';
import type { ChangeOutcome } from './worker-messages.ts';

export interface Waiting {
  readonly change: CatalogueChange;
  readonly number: number;
  readonly sinceMonoUs: number;
  readonly done: ((outcome: ChangeOutcome) => void) | undefined;
}

/**
 * Changes on their way to the worker, in the order made. Progress of one segment is kept once, the newest, and
 * not at all once the segment is complete: however long the database is busy, the queue grows only by what
 * really happened (a few changes per stream and minute).
 */
export interface ChangeQueue {
  add(change: CatalogueChange, nowMonoUs: number, done?: Waiting['done']): void;
  /** Takes the oldest changes out; they stay outstanding until {@link settle}. */
  take(most: number): readonly Waiting[];
  /** What was taken is durable. */
  settle(): void;
  readonly waiting: number;
  /** The number of the newest change. */
  readonly made: number;
  readonly outstanding: number;
  readonly oldestMonoUs: number | undefined;
  /** Every change up to this number is durable or was overtaken by a newer one. */
  readonly settledThrough: number;
}

export function createChangeQueue(): ChangeQueue {
  const queue = new Map<string, Waiting>();
  let taken: readonly Waiting[] = [];
  let count = 0;

  const first = (): Waiting | undefined => taken[0] ?? queue.values().next().value;

  return {
    add(change, nowMonoUs, done) {
      count += 1;
      if (change.kind === 'progress') {
        const before = queue.get(change.segment);
        // In its old place: after the segment was opened, and as old as the oldest news about it.
        const { number, sinceMonoUs } = before ?? { number: count, sinceMonoUs: nowMonoUs };
        queue.set(change.segment, { change, number, sinceMonoUs, done });
        return;
      }
      if (change.kind === 'sealed' || change.kind === 'lost') queue.delete(change.segment);
      queue.set(`#${count}`, { change, number: count, sinceMonoUs: nowMonoUs, done });
    },
    take(most) {
      const entries = [...queue].slice(0, most);
      for (const [key] of entries) queue.delete(key);
      taken = entries.map(([, waiting]) => waiting);
      return taken;
    },
    settle() {
      taken = [];
    },
    get waiting() {
      return queue.size;
    },
    get made() {
      return count;
    },
    get outstanding() {
      return queue.size + taken.length;
    },
    get oldestMonoUs() {
      return first()?.sinceMonoUs;
    },
    get settledThrough() {
      const oldest = first();
      return oldest ? oldest.number - 1 : count;
    },
  };
}
