import { describe, expect, it } from 'vitest';
import { createMemoryPool } from '../../../src/lib/memory-pool.ts';

describe('a memory pool', () => {
  it('lends again what was given back, whatever part of it is shown', () => {
    const pool = createMemoryPool(1 << 20);
    const first = pool.take(100_000);
    expect(first.length).toBeGreaterThanOrEqual(100_000);
    pool.give(first.subarray(40, 90));
    expect(pool.take(90_000).buffer).toBe(first.buffer);
  });

  it('never lends one memory to two', () => {
    const pool = createMemoryPool(1 << 20);
    const first = pool.take(1000);
    pool.give(first);
    pool.give(first);
    expect(pool.take(1000).buffer).not.toBe(pool.take(1000).buffer);
  });

  it('takes nothing that is not its own', () => {
    const pool = createMemoryPool(1 << 20);
    const foreign = Buffer.alloc(65_536);
    pool.give(foreign);
    expect(pool.take(65_536).buffer).not.toBe(foreign.buffer);
  });

  it('keeps no more than it may, and does not waste what is large', () => {
    const pool = createMemoryPool(300_000);
    const [large, small] = [pool.take(262_144), pool.take(65_536)];
    pool.give(large);
    pool.give(small);
    expect(pool.take(1000).buffer).not.toBe(large.buffer);
    expect(pool.take(262_144).buffer).toBe(large.buffer);
  });
});
