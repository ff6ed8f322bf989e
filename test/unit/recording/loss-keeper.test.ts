import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOSS_CAUSES } from '../../../src/catalogue/causes.ts';
import type { Loss } from '../../../src/catalogue/changes.ts';
import { createLossKeeper } from '../../../src/recording/loss-keeper.ts';
import type { FragmentLoss } from '../../../src/recording/source.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { STREAM } from './segmenter-rig.ts';

const createRig = () => {
  const clock = createManualClock();
  const records: Loss[] = [];
  const keeper = createLossKeeper(STREAM, clock, { lossFound: (_stream, loss) => void records.push(loss) });
  /** A fragment of half a second that ends now. */
  const lost = (more: Partial<FragmentLoss> = {}) => {
    clock.advance(500);
    const nowUs = clock.utcUs();
    keeper.lost({ missingPackets: 1, damagedFrames: 0, cause: 'network', ...more }, nowUs - 500_000, nowUs);
  };
  return { clock, records, keeper, lost };
};

describe('the keeper of losses', () => {
  it('writes one record for what is missing without a pause, after a second without loss', () => {
    const { clock, records, keeper, lost } = createRig();
    const fromUs = clock.utcUs();
    for (let i = 0; i < 4; i++) lost({ damagedFrames: i });
    clock.advance(900);
    keeper.tick();
    expect(records).toEqual([]);
    clock.advance(100);
    keeper.tick();
    keeper.tick();
    expect(records).toEqual([
      { fromUs, toUs: fromUs + 2_000_000, missingPackets: 4, damagedFrames: 6, cause: 'network' },
    ]);
  });

  it('begins a new record after ten seconds and keeps the causes apart', () => {
    const { records, keeper, lost } = createRig();
    for (let i = 0; i < 25; i++) lost();
    lost({ cause: 'camera' });
    keeper.close();
    expect(
      records.map(({ cause, missingPackets, fromUs, toUs }) => [cause, missingPackets, toUs - fromUs]),
    ).toEqual([
      ['network', 20, 10_000_000],
      ['network', 5, 2_500_000],
      ['camera', 1, 500_000],
    ]);
  });

  it('parts what the footage parts, though it was written in one go', () => {
    const { records, keeper } = createRig();
    const loss = { missingPackets: 1, damagedFrames: 0, cause: 'network' } as const;
    keeper.lost(loss, 1_000_000, 1_500_000);
    keeper.lost(loss, 2_400_000, 2_900_000);
    keeper.lost(loss, 3_900_000, 4_400_000);
    keeper.close();
    expect(records.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([
      [1_000_000, 2_900_000],
      [3_900_000, 4_400_000],
    ]);
  });

  it('says nothing of fragments that are whole', () => {
    const { records, keeper, lost } = createRig();
    keeper.lost(undefined, 1, 2);
    lost({ missingPackets: 0 });
    keeper.close();
    expect(records).toEqual([]);
  });

  it('forgets nothing and tells nothing twice, whatever the clock and the fragments do', () => {
    const told = fc.record({
      cause: fc.constantFrom(...LOSS_CAUSES),
      missingPackets: fc.nat(1000),
      damagedFrames: fc.nat(30),
      fromUs: fc.integer({ min: 1, max: 40_000_000 }),
      lengthUs: fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 700_000 }), fc.constant(15_000_000)),
    });
    const step = fc.oneof(
      { weight: 5, arbitrary: told },
      fc.record({ waitMs: fc.nat(1500) }),
      fc.constant('close' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { clock, records, keeper } = createRig();
        for (const each of steps) {
          if (each === 'close') keeper.close();
          else if ('waitMs' in each) {
            clock.advance(each.waitMs);
            keeper.tick();
          } else keeper.lost(each, each.fromUs, each.fromUs + each.lengthUs);
        }
        keeper.close();
        for (const cause of LOSS_CAUSES) {
          const sum = (list: readonly { cause: string; missingPackets: number; damagedFrames: number }[]) =>
            list
              .filter((one) => one.cause === cause)
              .reduce((all, one) => [all[0]! + one.missingPackets, all[1]! + one.damagedFrames], [0, 0]);
          expect(sum(records)).toEqual(
            sum(steps.filter((each) => typeof each === 'object' && 'cause' in each)),
          );
        }
        for (const { fromUs, toUs } of records) {
          expect(toUs).toBeGreaterThanOrEqual(fromUs);
          expect(toUs - fromUs).toBeLessThanOrEqual(10_000_000);
        }
      }),
    );
  });
});
