import { describe, expect, it } from 'vitest';
import { createSearchDesk } from '../../../src/cameras/search-desk.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const desk = () => {
  const clock = createManualClock();
  const failures: unknown[] = [];
  return { clock, failures, ...createSearchDesk<string>(clock, (error) => failures.push(error)) };
};
/** Work that ends when it is told to, and when it is cancelled. */
function pending() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    resolve,
    reject,
    work: (signal: AbortSignal) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      return promise;
    },
  };
}
const rest = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the search desk', () => {
  it('does one thing at a time and keeps what was found for a while', async () => {
    const at = desk();
    const first = pending();
    expect(at.current()).toBeUndefined();
    const id = at.start('a1', 3000, first.work);
    expect(at.current()).toMatchObject({ id, by: 'a1', state: 'running', expectedMs: 3000 });
    expect(() => at.start('a2', 1, first.work)).toThrow('camera_search_busy');
    first.resolve('two cameras');
    await rest();
    expect(at.current()).toMatchObject({ state: 'done', found: 'two cameras' });
    at.clock.advance(14 * 60_000);
    expect(at.current()).toBeDefined();
    at.clock.advance(2 * 60_000);
    expect(at.current()).toBeUndefined();
  });

  it('is busy after a cancel until nothing of it is under way any more', async () => {
    const at = desk();
    let reject: (error: unknown) => void = () => undefined;
    at.start('a1', 1, () => new Promise((_, no) => (reject = no)));
    at.cancel();
    expect(at.current()?.state).toBe('cancelled');
    expect(() => at.start('a1', 1, async () => 'x')).toThrow('camera_search_busy');
    reject(new Error('aborted'));
    await rest();
    expect(at.current()?.state).toBe('cancelled');
    expect(at.failures).toEqual([]);
    const next = at.start('a1', 1, async () => 'x');
    await rest();
    expect(at.current()).toMatchObject({ id: next, state: 'done', found: 'x' });
    at.cancel();
    expect(at.current()?.state).toBe('done');
  });

  it('tells what went wrong in our own words, and faults of the program to the log alone', async () => {
    const at = desk();
    at.start('a1', 1, () => Promise.reject(new GirokError('camera_unreachable', { address: '127.0.0.9' })));
    await rest();
    expect(at.current()?.error).toMatchObject({ code: 'camera_unreachable' });
    const fault = new TypeError('password=x');
    at.start('a1', 1, () => Promise.reject(fault));
    await rest();
    expect(at.current()?.error?.code).toBe('internal');
    expect(at.failures).toEqual([fault]);
  });
});
