import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SECOND_US } from '../../../src/lib/clock.ts';
import { createTally } from '../../../src/viewing/tally.ts';

const part = (fromS: number, toS: number, bytes = 10, camera = 'cam01', stream: 'main' | 'sub' = 'main') => ({
  camera,
  stream,
  fromUs: fromS * SECOND_US,
  toUs: toS * SECOND_US,
  bytes,
  startedUs: 1,
  endedUs: 2,
});

it('joins what follows on, and keeps apart what was jumped over, and other cameras and streams', () => {
  const tally = createTally();
  for (const one of [
    part(0, 1),
    part(1, 2),
    part(2.5, 3),
    part(60, 61),
    part(3, 4),
    part(0, 1, 7, 'cam02'),
    part(0, 1, 8, 'cam01', 'sub'),
  ])
    tally.add(one);
  expect(tally.stretches).toEqual([
    part(0, 4, 40),
    part(60, 61),
    part(0, 1, 7, 'cam02'),
    part(0, 1, 8, 'cam01', 'sub'),
  ]);
  tally.clear();
  expect(tally.stretches).toEqual([]);
});

it('is bounded, and loses no byte however somebody jumps', () => {
  const jump = fc.tuple(fc.nat(100_000), fc.nat(1_000_000), fc.constantFrom('cam01', 'cam02'));
  fc.assert(
    fc.property(fc.array(jump, { maxLength: 1000 }), (jumps) => {
      const tally = createTally();
      for (const [at, bytes, camera] of jumps) tally.add(part(at * 10, at * 10 + 1, bytes, camera));
      const sum = (all: readonly { bytes: number }[]) => all.reduce((total, { bytes }) => total + bytes, 0);
      expect(sum(tally.stretches)).toBe(jumps.reduce((total, [, bytes]) => total + bytes, 0));
      expect(tally.stretches.length).toBeLessThanOrEqual(202);
    }),
    { numRuns: 50 },
  );
});
