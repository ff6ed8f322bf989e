import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealthRound } from '../../../src/catalogue/changes.ts';
import type { CameraStatus } from '../../../src/contract/recorder-status.ts';
import { DAY_US, SECOND_US } from '../../../src/lib/clock.ts';
import { type Counted, sampleBetween, startHealthSampler } from '../../../src/recording/health-sampler.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { cameraStatus, NETWORK, streamStatus } from '../../support/sample-status.ts';

const counted = (changes: Partial<Counted>): Counted => ({
  monoUs: 0,
  frames: 0,
  bytes: 0,
  missingPackets: 0,
  damagedFrames: 0,
  ...changes,
});

describe('a minute of a stream', () => {
  it('is what was counted in it, by the time that passed', () => {
    const before = counted({ monoUs: 5 * SECOND_US, frames: 100, bytes: 1000, missingPackets: 4 });
    const now = counted({
      monoUs: 66 * SECOND_US,
      frames: 100 + 915,
      bytes: 1000 + 30_500_000,
      missingPackets: 10,
      damagedFrames: 2,
    });
    expect(sampleBetween(before, now)).toEqual({
      fps: 15,
      bitsPerSecond: 4_000_000,
      missingPackets: 6,
      damagedFrames: 2,
    });
  });

  it('is unknown where nothing was before, and where the stream has begun anew', () => {
    const now = counted({ monoUs: SECOND_US, frames: 15 });
    expect(sampleBetween(undefined, now)).toBeUndefined();
    expect(sampleBetween(now, now)).toBeUndefined();
    expect(
      sampleBetween(counted({ frames: 900 }), counted({ monoUs: 60 * SECOND_US, frames: 3 })),
    ).toBeUndefined();
  });

  it('is never negative, whatever the counters do', () => {
    const any = fc.record({
      monoUs: fc.nat(),
      frames: fc.nat(),
      bytes: fc.nat(),
      missingPackets: fc.nat(),
      damagedFrames: fc.nat(),
    });
    fc.assert(
      fc.property(any, any, (before, now) => {
        const sample = sampleBetween(before, now);
        return !sample || Object.values(sample).every((value) => Number.isFinite(value) && value >= 0);
      }),
    );
  });
});

describe('the sampler', () => {
  it('tells every stream once a minute, and from when on samples are kept', () => {
    const clock = createManualClock();
    const rounds: HealthRound[] = [];
    let frames = 0;
    const cameras = (): CameraStatus[] => [
      cameraStatus('cam01', {
        clockOffsetMs: 30,
        streams: [
          streamStatus({ frames, network: { ...NETWORK, cameraClockOffsetMs: -2500.4 } }),
          streamStatus({ stream: 'sub', frames }),
        ],
      }),
      cameraStatus('cam02', { streams: [] }),
    ];
    const stop = startHealthSampler({
      clock,
      cameras,
      sampled: (round) => rounds.push(round),
      retentionDays: () => 30,
    });
    frames = 900;
    clock.advance(60_000);
    frames = 1800;
    clock.advance(60_000);
    stop();
    clock.advance(600_000);
    expect(rounds.map(({ samples }) => samples.length)).toEqual([0, 2, 2]);
    const [, , last] = rounds;
    expect(last?.samples).toEqual([
      {
        ref: { camera: 'cam01', stream: 'main' },
        fps: 15,
        bitsPerSecond: 0,
        missingPackets: 0,
        damagedFrames: 0,
        clockOffsetMs: -2500,
      },
      expect.objectContaining({ ref: { camera: 'cam01', stream: 'sub' }, clockOffsetMs: 30 }),
    ]);
    expect(last && last.atUs - last.minutesFromUs).toBe(2 * DAY_US);
    expect(last && last.atUs - last.tenMinutesFromUs).toBe(31 * DAY_US);
  });
});
