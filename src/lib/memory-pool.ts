/**
 * Large memory that is used again, instead of being left to the collector: with megabytes of it made and dropped
 * every second, collecting costs more than the work it is for.
 */
export interface MemoryPool {
  /** At least `bytes` long, its content is whatever was there before. */
  take(bytes: number): Buffer;
  /**
   * Gives it back: nobody reads or writes it any more. Any part of what was taken will do; memory that is not
   * of this pool, or was given back already, is left alone.
   */
  give(buffer: Buffer): void;
}

const GRAIN_BYTES = 64 * 1024;

/** @param mostBytes kept for the next to come; what is given beyond it is left to the collector */
export function createMemoryPool(mostBytes: number): MemoryPool {
  const free: ArrayBufferLike[] = [];
  const lent = new WeakSet<ArrayBufferLike>();
  let freeBytes = 0;
  return {
    take(bytes) {
      let best = -1;
      for (let index = 0; index < free.length; index++) {
        const size = free[index]?.byteLength ?? 0;
        if (size >= bytes && (best < 0 || size < (free[best]?.byteLength ?? 0))) best = index;
      }
      let found = best < 0 ? undefined : free[best];
      // Twice as much as is wanted is better kept for somebody who needs it.
      if (found && found.byteLength <= 2 * bytes + GRAIN_BYTES) {
        free.splice(best, 1);
        freeBytes -= found.byteLength;
      } else found = Buffer.allocUnsafeSlow(Math.ceil(bytes / GRAIN_BYTES) * GRAIN_BYTES).buffer;
      lent.add(found);
      return Buffer.from(found);
    },
    give({ buffer }) {
      if (!lent.delete(buffer) || freeBytes + buffer.byteLength > mostBytes) return;
      free.push(buffer);
      freeBytes += buffer.byteLength;
    },
  };
}
