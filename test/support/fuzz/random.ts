/** Chances that come out the same again for the same seed (mulberry32; not for secrets). */
export interface Chances {
  /** 0 ≤ n < `limit`, whole. */
  below(limit: number): number;
  /** True once in `times`. */
  once(times: number): boolean;
  /** One of them; there must be one. */
  pick<T>(list: readonly T[]): T;
  /** So many bytes of any value. */
  bytes(count: number): Buffer;
}

/** @param seed 32 bits */
export function createChances(seed: number): Chances {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number) => next() % limit;
  return {
    below,
    once: (times) => below(times) === 0,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    bytes(count) {
      const made = Buffer.alloc(count);
      for (let i = 0; i < count; i++) made[i] = next() & 0xff;
      return made;
    },
  };
}

/** The seed of one input of many, so that each can be made again without those before it. */
export const seedOf = (seed: number, number: number): number =>
  (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(number + 1, 0xc2b2ae35)) >>> 0;
