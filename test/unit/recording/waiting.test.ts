import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../../src/recording/backoff.ts';
import { createConnectGate } from '../../../src/recording/connect-gate.ts';
import { atRest, createManualClock } from '../../support/manual-clock.ts';

describe('the wait between attempts', () => {
  it('stays between 0.8 and 30 s for ever, whatever chance says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.boolean()), { maxLength: 60 }),
        (steps) => {
          let chance = 0;
          const backoff = createBackoff(() => chance);
          for (const [random, rebooting] of steps) {
            chance = random;
            const delayMs = backoff.nextDelayMs(rebooting);
            expect(delayMs).toBeGreaterThanOrEqual(800);
            expect(delayMs).toBeLessThanOrEqual(30_000);
          }
        },
      ),
    );
  });

  it('is six seconds at most for two minutes where the camera may be starting, then as for all', () => {
    const backoff = createBackoff(() => 0);
    const delays = Array.from({ length: 26 }, () => backoff.nextDelayMs(true) / 1000);
    expect(delays.slice(0, 6)).toEqual([1, 2, 4, 6, 6, 6]);
    expect(delays.slice(-3)).toEqual([12, 24, 30]);
    backoff.reset();
    expect(backoff.nextDelayMs(true)).toBe(1000);
  });
});

describe('the gate for connections', () => {
  it('lets five a second pass, in the order in which they came', async () => {
    const clock = createManualClock();
    const gate = createConnectGate({ clock, perSecond: 5 });
    const passed: [number, number][] = [];
    for (let i = 0; i < 13; i++)
      void gate.pass(new AbortController().signal).then(() => passed.push([i, clock.monoUs() / 1000]));
    await atRest();
    await clock.run(3000, 50);
    expect(passed).toEqual(Array.from({ length: 13 }, (_, i) => [i, i * 200]));
  });

  it('lets who was stopped go at once', async () => {
    const clock = createManualClock();
    const gate = createConnectGate({ clock, perSecond: 1 });
    await gate.pass(new AbortController().signal);
    const quit = new AbortController();
    const waiting = gate.pass(quit.signal);
    quit.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    await atRest();
    expect(clock.timers).toBe(0);
  });
});
