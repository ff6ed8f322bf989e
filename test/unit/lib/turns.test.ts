import { expect, it } from 'vitest';
import { createTurns } from '../../../src/lib/turns.ts';
import { atRest, createManualClock } from '../../support/manual-clock.ts';

/** Two at once, two that wait at most three seconds. */
function open() {
  const clock = createManualClock();
  const turns = createTurns({
    atOnce: 2,
    waiting: 2,
    wait: { clock, ms: 3000 },
    full: () => new Error('full'),
  });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (name: string, signal = new AbortController().signal) => {
    const asked = turns.take(signal, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
    return asked.catch((error: { code?: string; message: string }) => error.code ?? error.message);
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await atRest();
  };
  return { clock, turns, begun, ask, end };
}

it('lets the longest waiting in, one for each that goes', async () => {
  const { begun, ask, end } = open();
  const all = ['a', 'b', 'c', 'd'].map((name) => ask(name));
  await atRest();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  const late = ask('e');
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  for (const name of ['c', 'd', 'e']) await end(name);
  expect(await Promise.all([...all, late])).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('turns away whoever would wait too long or behind too many, and forgets who left', async () => {
  const { clock, begun, ask, end } = open();
  const [first, second] = [ask('a'), ask('b')];
  const leaving = new AbortController();
  const [third, fourth] = [ask('c', leaving.signal), ask('d')];
  await atRest();
  expect(await ask('e')).toBe('full');
  leaving.abort(new Error('left'));
  expect(await third).toBe('left');
  const fifth = ask('f');
  clock.advance(3000);
  expect(await Promise.all([fourth, fifth])).toEqual(['full', 'full']);
  await end('a');
  const next = ask('g');
  await atRest();
  expect(begun).toEqual(['a', 'b', 'g']);
  for (const name of ['b', 'g']) await end(name);
  expect(await Promise.all([first, second, next])).toEqual(['a', 'b', 'g']);
  expect(clock.timers).toBe(0);
  expect(await ask('h', AbortSignal.abort(new Error('before')))).toBe('before');
});

it('gives a turn back whatever becomes of the work', async () => {
  const { turns, ask, end, begun } = open();
  const { signal } = new AbortController();
  for (let i = 0; i < 5; i++)
    await expect(turns.take(signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const asked = ask('a');
  await atRest();
  expect(begun).toEqual(['a']);
  await end('a');
  expect(await asked).toBe('a');
});
