import { describe, expect, it } from 'vitest';
import { remembered } from '../../../src/lib/remembered.ts';
import { createManualClock } from '../../support/manual-clock.ts';

function counting(fails: (time: number) => boolean = () => false) {
  const clock = createManualClock();
  const failures: unknown[] = [];
  let times = 0;
  const ask = remembered({
    async compute() {
      times += 1;
      if (fails(times)) throw new Error(`time ${times}`);
      return times;
    },
    clock,
    freshMs: 1000,
    staleMs: 5000,
    failed: (error) => failures.push(error),
  });
  return { clock, ask, failures, times: () => times };
}

describe('what is remembered', () => {
  it('is computed once, however many ask at once', async () => {
    const { ask, times } = counting();
    expect((await Promise.all([ask(), ask(), ask()])).map(({ value }) => value)).toEqual([1, 1, 1]);
    expect(times()).toBe(1);
  });

  it('is given while it is fresh, given and renewed while it is stale, and waited for beyond that', async () => {
    const { ask, clock, times } = counting();
    const first = await ask();
    clock.advance(999);
    expect(await ask()).toEqual(first);
    clock.advance(2000);
    expect((await ask()).value).toBe(1);
    expect(times()).toBe(2);
    expect((await ask()).value).toBe(2);
    clock.advance(6000);
    expect((await ask()).value).toBe(3);
  });

  it('says of when it is', async () => {
    const { ask, clock } = counting();
    const atUs = clock.utcUs();
    await ask();
    clock.advance(500);
    expect((await ask()).atUs).toBe(atUs);
  });

  it('stays what it was where its renewal fails, which is told; and is tried again', async () => {
    const { ask, clock, failures } = counting((time) => time === 2);
    await ask();
    clock.advance(2000);
    expect((await ask()).value).toBe(1);
    await Promise.resolve();
    expect((await ask()).value).toBe(1);
    expect(failures).toHaveLength(1);
  });

  it('fails for whoever has to wait for it', async () => {
    const { ask } = counting((time) => time === 1);
    await expect(ask()).rejects.toThrow('time 1');
    expect((await ask()).value).toBe(2);
  });
});
