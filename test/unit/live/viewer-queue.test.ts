import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createViewerQueue } from '../../../src/live/viewer-queue.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const MIB = 1024 * 1024;
/** A piece that says which group it is of and which in it. */
const piece = (group: number, index: number, bytes: number) => {
  const buffer = Buffer.alloc(Math.max(2, bytes));
  buffer[0] = group;
  buffer[1] = index;
  return buffer;
};

describe('what waits for a viewer', () => {
  it('is given out in order, several pieces at once, and nothing is given twice', async () => {
    const queue = createViewerQueue(createManualClock());
    for (let i = 0; i < 5; i++) queue.push(piece(0, i, 100 * 1024), i === 0 ? 'key' : 'rest');
    const sizes: number[] = [];
    while (queue.waitingBytes > 0) sizes.push((await queue.next())?.length ?? 0);
    expect(sizes).toEqual([200 * 1024, 200 * 1024, 100 * 1024]);
    expect(queue.bytes).toBe(500 * 1024);
    expect(queue.dropped).toEqual({ groups: 0, bytes: 0 });
  });

  it('never is more than 4 MiB, and what is lost is whole groups', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            pieces: fc.array(fc.integer({ min: 2, max: MIB }), { minLength: 1, maxLength: 6 }),
            takes: fc.nat(3),
          }),
          { minLength: 1, maxLength: 40 },
        ),
        async (groups) => {
          const queue = createViewerQueue(createManualClock());
          const got: [group: number, index: number][] = [];
          let pushed = 0;
          // Pieces of one size at a time would be joined: each is told apart by its own length.
          const lengths = new Map<string, number>();
          const read = async () => {
            let bytes = (await queue.next()) ?? Buffer.alloc(0);
            while (bytes.length > 0) {
              const [group = 0, index = 0] = bytes;
              got.push([group, index]);
              bytes = bytes.subarray(lengths.get(`${group}.${index}`) ?? bytes.length);
            }
          };
          for (const [group, { pieces, takes }] of groups.entries()) {
            for (const [index, bytes] of pieces.entries()) {
              lengths.set(`${group}.${index}`, bytes);
              pushed += bytes;
              queue.push(piece(group, index, bytes), index === 0 ? 'key' : 'rest');
              expect(queue.waitingBytes).toBeLessThanOrEqual(4 * MIB);
            }
            for (let i = 0; i < takes && queue.waitingBytes > 0; i++) await read();
          }
          while (queue.waitingBytes > 0) await read();
          expect(queue.bytes + queue.dropped.bytes).toBe(pushed);
          for (const [i, [group, index]] of got.entries()) {
            const [lastGroup, lastIndex] = got[i - 1] ?? [-1, 0];
            // The next of the same group, or the beginning of a later one.
            if (group === lastGroup) expect(index).toBe(lastIndex + 1);
            else expect([group > lastGroup, index]).toEqual([true, 0]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps what a decoder needs before any picture', async () => {
    const queue = createViewerQueue(createManualClock());
    queue.push(Buffer.from('FLV'), 'head');
    queue.push(Buffer.from('sps'), 'head');
    for (let group = 0; group < 20; group++)
      for (let i = 0; i < 4; i++) {
        queue.push(piece(group, i, MIB / 4), i === 0 ? 'key' : 'rest');
        if (group === 10 && i === 3) queue.push(Buffer.from('other sps'), 'head');
      }
    const given: Buffer[] = [];
    while (queue.waitingBytes > 0) given.push((await queue.next()) ?? Buffer.alloc(0));
    const all = Buffer.concat(given);
    expect(all.toString('latin1', 0, 15)).toBe('FLVspsother sps');
    expect([all[15], all[16]]).toEqual([17, 0]);
    expect(queue.dropped).toEqual({ groups: 17, bytes: 17 * MIB });
  });

  it('is found stuck when nothing was taken for ten seconds, and not when there was nothing to take', async () => {
    const clock = createManualClock();
    const queue = createViewerQueue(clock);
    clock.advance(60_000);
    queue.push(piece(0, 0, 10), 'key');
    queue.push(piece(0, 1, 10), 'rest');
    expect(queue.stuck).toBe(false);
    clock.advance(10_000);
    expect(queue.stuck).toBe(false);
    clock.advance(1);
    expect(queue.stuck).toBe(true);
    await queue.next();
    expect(queue.stuck).toBe(false);
  });

  it('is given to nobody once it has ended', async () => {
    const queue = createViewerQueue(createManualClock());
    queue.push(piece(0, 0, 10), 'key');
    queue.end();
    expect(await queue.next()).toBeUndefined();
    const other = createViewerQueue(createManualClock());
    const waiting = other.next();
    other.end();
    expect(await waiting).toBeUndefined();
    other.push(piece(0, 0, 10), 'key');
    expect(other.waitingBytes).toBe(0);
  });
});
