import { describe, expect, it } from 'vitest';
import { NOTHING_LOST } from '../../support/frame-account.ts';
import { fuzz } from '../../support/fuzz/fuzz.ts';
import { runBesideHostileCameras } from '../../support/fuzz/hostile-cameras.ts';

/** The same in short of what `npm run -s bench -- fuzzing` does a million times. */
const SEED = 7;
const INPUTS = 20_000;
const CONVERSATIONS = 100;

describe('what a camera sends, changed', () => {
  it('never throws, hangs, is kept or makes us say what is no request', async () => {
    const { inputs, failures, growthBytes } = await fuzz({ inputs: INPUTS, seed: SEED });
    expect(failures).toEqual([]);
    expect(inputs).toBe(INPUTS);
    expect(growthBytes).toBeLessThan(32 * 1024 * 1024);
  });

  it('costs another camera no frame and no time', async () => {
    const { account, largestGapMs, hostileEnds } = await runBesideHostileCameras({
      conversations: CONVERSATIONS,
      seed: SEED,
    });
    expect(hostileEnds).toBe(CONVERSATIONS);
    expect(account).toMatchObject(NOTHING_LOST);
    expect(account.served).toBeGreaterThan(15);
    expect(largestGapMs).toBeLessThan(1500);
  });
});
