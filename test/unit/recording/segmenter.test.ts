import { describe, expect, it } from 'vitest';
import { SECOND_US } from '../../../src/lib/clock.ts';
import type { SourceHealth } from '../../../src/recording/source.ts';
import { initSegment } from '../../support/fragments.ts';
import { atRest } from '../../support/manual-clock.ts';
import { createSegmenterRig, FRAME } from './segmenter-rig.ts';

const HOLE = { cause: 'camera_off', detail: 'the camera went away' } as const;
const settled = () => {
  const rig = createSegmenterRig();
  rig.feedSeconds(3);
  return rig;
};
const serials = (rig: ReturnType<typeof createSegmenterRig>) => rig.appended().map(({ serial }) => serial);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('an undisturbed stream', () => {
  it('is cut at key frames about once a minute and loses nothing', async () => {
    const rig = createSegmenterRig();
    rig.feedSeconds(300);
    await rig.segmenter.endRun('maintenance');
    expect(serials(rig)).toEqual(upTo(600));
    expect(rig.segments).toHaveLength(5);
    expect(rig.segments.every(({ appended }) => appended[0]!.serial % 2 === 1)).toBe(true);
    expect(rig.segments.map(({ identity }) => identity.segment)).toEqual(rig.reserved);
    expect(rig.completions.size).toBe(5);
    expect(rig.runs).toMatchObject([{ codec: expect.stringMatching(/^avc1/), width: 640, height: 360 }]);
    expect(rig.gapRows).toEqual([]);
    expect(rig.segmenter.keyFrameIntervalUs).toBe(SECOND_US);
    expect(rig.segmenter.counters).toMatchObject({ frames: 4500, fragments: 600, runs: 1 });
  });

  it('begins with the first key frame', async () => {
    const rig = createSegmenterRig();
    rig.feed();
    rig.feed();
    rig.feedSeconds(1);
    await rig.segmenter.endRun('maintenance');
    expect(serials(rig)).toEqual([3, 4]);
    expect(rig.segmenter.counters.beforeKeyFrame).toBe(2);
  });

  it('keeps what came before its clock was set when it ends at once', async () => {
    const rig = createSegmenterRig();
    rig.feed({ keyFrame: true, durations: [FRAME] });
    expect(rig.segments).toHaveLength(0);
    await rig.segmenter.endRun('network', HOLE);
    expect(serials(rig)).toEqual([1]);
    expect(rig.gapRows).toMatchObject([{ cause: 'camera_off' }]);
  });

  it('is written soon even when only one fragment comes', () => {
    const rig = createSegmenterRig();
    rig.feed({ keyFrame: true });
    rig.clock.advance(300);
    rig.segmenter.tick();
    expect(rig.segments).toHaveLength(0);
    rig.clock.advance(100);
    rig.segmenter.tick();
    expect(serials(rig)).toEqual([1]);
  });

  it('goes on under a name of its own when no reservation is ready', () => {
    const rig = createSegmenterRig();
    rig.world.reservations = false;
    rig.feedSeconds(2);
    expect(serials(rig)).toEqual(upTo(4));
    expect(rig.segments[0]?.identity.segment).toMatch(/^[0-9a-z]{16}$/);
  });
});

describe('what begins a new run', () => {
  it('is a parameter change, without a hole', async () => {
    const rig = settled();
    const { parameterSets } = initSegment('h264-1920x1080.init.mp4').track;
    const units = [...parameterSets, Buffer.from([0x65, 1])].flatMap((unit) => [
      Buffer.from([0, 0, 0, unit.length]),
      unit,
    ]);
    rig.feed({ keyFrame: true, firstFrame: Buffer.concat(units) });
    rig.feed();
    await rig.segmenter.endRun('maintenance');
    expect(serials(rig)).toEqual(upTo(8));
    expect(rig.runs).toMatchObject([
      { width: 640, ended: { cause: 'parameter_change' } },
      { width: 1920, height: 1080 },
    ]);
    expect(rig.runs[1]!.startedUs).toBe(rig.runs[0]!.ended!.atUs);
    expect(rig.segments[1]!.init.equals(rig.segments[0]!.init)).toBe(false);
    expect(rig.gapRows).toEqual([]);
  });

  it.each([3_600_000, -3_600_000])('is a host clock that was set by %i ms', async (ms) => {
    const rig = settled();
    const endUs = rig.clock.utcUs();
    rig.clock.setWall(ms * 1000);
    rig.feedSeconds(1);
    expect(rig.runs).toMatchObject([{ ended: { cause: 'clock_step', atUs: endUs } }, {}]);
    expect(rig.gapRows).toMatchObject([
      { cause: 'clock_step', fromUs: endUs, toUs: endUs + Math.max(0, ms * 1000) },
    ]);
    expect(serials(rig)).toEqual(upTo(8));
  });

  it('is not the few milliseconds by which a time server moves the clock', () => {
    const rig = settled();
    for (let i = 0; i < 20; i++) {
      rig.clock.setWall(100_000);
      rig.feedSeconds(1);
    }
    expect(rig.runs).toHaveLength(1);
    // The least delayed fragment of the last minute is believed: a minute later the difference is seen.
    rig.feedSeconds(70);
    expect(rig.gapRows).toEqual([]);
    expect(rig.segmenter.hostMinusWallUs).toBeGreaterThan(1_900_000);
  });

  it('are frames that are missing, with a gap of their length', () => {
    const rig = settled();
    const endUs = rig.clock.utcUs();
    rig.skip(90_000);
    rig.feedSeconds(1);
    expect(rig.gapRows).toMatchObject([{ cause: 'network', fromUs: endUs, toUs: endUs + SECOND_US }]);
    expect(rig.runs).toHaveLength(2);
  });

  it.each([
    ['camera', 'camera_off'],
    ['network', 'network'],
    ['we_were_slow', 'we_were_slow'],
  ] as const)('has the cause of the loss that made it: %s → %s', (cause, gapCause) => {
    const rig = settled();
    rig.skip(90_000);
    rig.feed({}, { missingPackets: 40, damagedFrames: 0, cause });
    rig.feedSeconds(1);
    expect(rig.gapRows).toMatchObject([{ cause: gapCause, detail: 'frames are missing' }]);
    expect(rig.runs[0]?.ended).toMatchObject({ cause: gapCause });
  });

  it('has the cause of a loss that began inside the picture before it', () => {
    const rig = settled();
    const loss = { missingPackets: 300, damagedFrames: 1, cause: 'camera' } as const;
    rig.feed({ durations: [FRAME, FRAME, 90_000 * 30] }, loss);
    rig.feedSeconds(1);
    expect(rig.gapRows).toMatchObject([{ cause: 'camera_off', detail: 'frames are missing' }]);
  });

  it('is a frame that seems minutes long: it hides a hole', () => {
    const rig = settled();
    const endUs = rig.clock.utcUs();
    rig.feed({ durations: [FRAME, FRAME, 90_000 * 300] });
    rig.feedSeconds(1);
    expect(rig.gapRows).toMatchObject([{ cause: 'network' }]);
    expect(rig.gapRows[0]!.fromUs - endUs).toBeLessThan(SECOND_US);
    expect(rig.gapRows[0]!.toUs! - endUs).toBeGreaterThan(299 * SECOND_US);
  });

  it('is as long as it was, also behind a fragment of a single picture', () => {
    const rig = settled();
    const endUs = rig.clock.utcUs();
    rig.feed({ durations: [FRAME + 90_000 * 4] });
    rig.feedSeconds(1);
    expect(rig.gapRows).toHaveLength(1);
    const { fromUs = 0, toUs = 0 } = rig.gapRows[0] ?? {};
    expect(Math.abs(fromUs - endUs - (FRAME * 100) / 9)).toBeLessThan(1000);
    expect(Math.abs(toUs - fromUs - 4 * SECOND_US)).toBeLessThan(1000);
  });

  it('is asked for when the camera’s own clock goes back', () => {
    const rig = settled();
    rig.feed({ durations: Array<number>(8).fill(1) });
    expect(rig.unusable).toMatchObject([{ cause: 'clock_step' }]);
  });
});

describe('a disk that refuses', () => {
  it('costs what it had not yet made safe, and recording goes on at a key frame two seconds later', async () => {
    const rig = settled();
    rig.sync();
    const safeUs = rig.segmenter.durableEndUs!;
    rig.feedSeconds(2);
    rig.failDisk();
    expect(rig.segments[0]?.state).toBe('abandoned');
    expect(rig.gapRows).toMatchObject([{ cause: 'disk', fromUs: safeUs, detail: 'the disk refused: EIO' }]);
    expect(rig.runs[0]).toMatchObject({ ended: { cause: 'disk', atUs: safeUs } });
    rig.feedSeconds(3);
    expect(rig.segments).toHaveLength(2);
    // Everything from the first key frame after the failure was held back, not lost.
    expect(rig.segments[1]!.appended[0]!.serial).toBe(11);
    expect(rig.gapRows[0]!.toUs).toBe(safeUs + 2 * SECOND_US);
    await rig.segmenter.endRun('maintenance');
    expect(rig.kept().map(({ serial }) => serial)).toEqual([...upTo(6), ...upTo(16).slice(10)]);
  });

  it('in the background of a finished segment does not touch the one that is open', async () => {
    const rig = settled();
    rig.world.sealFails = true;
    rig.feedSeconds(60);
    await atRest();
    expect(rig.segments.map(({ state }) => state)).toEqual(['seal_failed', 'open']);
    expect(rig.lostRanges).toEqual([{ fromUs: rig.segments[0]!.facts.startUs, toUs: expect.any(Number) }]);
    expect(rig.runs).toHaveLength(1);
    // What of it is not safe is a hole of its own; salvage may take it back, and footage wins over a gap.
    expect(rig.gapRows).toMatchObject([{ cause: 'disk', ...rig.lostRanges[0] }]);
  });

  it('that is full closes what is open at once and takes up what was held when there is room', () => {
    const rig = settled();
    const endUs = rig.clock.utcUs();
    rig.world.room = false;
    rig.segmenter.tick();
    expect(rig.segments[0]?.trailer).toMatchObject({ endCause: 'disk' });
    expect(rig.gapRows).toMatchObject([{ cause: 'disk', fromUs: endUs, detail: 'the disk is full' }]);
    rig.feedSeconds(5);
    expect(rig.segmenter.heldBytes).toBeGreaterThan(0);
    rig.world.room = true;
    rig.segmenter.tick();
    expect(rig.segmenter.heldBytes).toBe(0);
    expect(serials(rig)).toEqual(upTo(16));
    expect(rig.gapRows).toMatchObject([{ fromUs: endUs, toUs: endUs }]);
  });

  it('for long loses whole groups of pictures, oldest first, inside one gap', () => {
    const rig = settled();
    const endUs = rig.clock.utcUs();
    rig.world.room = false;
    for (let i = 0; i < 40; i++) {
      rig.feed({ keyFrame: true, frameBytes: 100_000 });
      rig.feed({ frameBytes: 100_000 });
    }
    expect(rig.segmenter.heldBytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    rig.world.room = true;
    rig.segmenter.tick();
    const [, second] = rig.segments;
    expect(second!.appended[0]!.serial % 2).toBe(1);
    expect(second!.appended.at(-1)!.serial).toBe(86);
    expect(rig.segmenter.counters.droppedFragments).toBe(second!.appended[0]!.serial - 7);
    expect(rig.gapRows).toMatchObject([{ cause: 'disk', fromUs: endUs, toUs: second!.facts.startUs }]);
  });

  it('is named as the reason when the source ends before there is room again', async () => {
    const rig = createSegmenterRig();
    rig.world.room = false;
    rig.feedSeconds(3);
    await rig.segmenter.endRun('camera_off', HOLE);
    expect(rig.gapRows).toMatchObject([{ cause: 'disk' }]);
    expect(rig.segmenter.heldBytes).toBe(0);
  });

  it('that only lags makes fragments wait unsealed', () => {
    const rig = settled();
    rig.world.backlogBytes = 3 * 1024 * 1024;
    rig.feedSeconds(2);
    expect(serials(rig)).toEqual(upTo(6));
    rig.world.backlogBytes = 0;
    rig.segmenter.tick();
    expect(serials(rig)).toEqual(upTo(10));
    expect(rig.gapRows).toEqual([]);
  });
});

describe('a keyring that gives no key', () => {
  it('makes the pictures wait and loses none when it gives one again', () => {
    const rig = createSegmenterRig();
    rig.world.keys = false;
    rig.feedSeconds(3);
    expect(rig.segments).toHaveLength(0);
    // Asked again every two seconds, not with every fragment.
    expect(rig.refusedKeys).toHaveLength(2);
    expect(rig.gapRows).toMatchObject([{ cause: 'disk', detail: 'no key to seal with' }]);
    rig.world.keys = true;
    rig.clock.advance(2000);
    rig.segmenter.tick();
    expect(serials(rig)).toEqual(upTo(6));
    expect(rig.gapRows[0]!.toUs).toBe(rig.gapRows[0]!.fromUs);
  });
});

describe('midnight', () => {
  it('cuts a stream without key frames, and the rest belongs to the next day', async () => {
    const rig = createSegmenterRig({ start: '2026-11-22T14:58:00Z' });
    rig.feed({ keyFrame: true });
    for (let i = 0; i < 400; i++) rig.feed();
    await rig.segmenter.endRun('maintenance');
    expect(
      rig.segments.map(({ identity, trailer }) => [identity.day, identity.hour, trailer?.endCause]),
    ).toEqual([
      ['2026-11-22', 23, 'day_ended_without_key_frame'],
      ['2026-11-23', 0, 'maintenance'],
    ]);
    expect(serials(rig)).toEqual(upTo(401));
    expect(rig.gapRows).toEqual([]);
  });
});

describe('what a camera’s stream lacks', () => {
  const loss = { missingPackets: 2, damagedFrames: 1, cause: 'network' } as const;

  it('lies where the pictures are that lack it', () => {
    const rig = settled();
    const beganUs = rig.clock.utcUs();
    rig.feed({ keyFrame: true, durations: Array<number>(15).fill(FRAME) }, loss);
    rig.feedSeconds(3);
    expect(rig.losses).toEqual([]);
    rig.segmenter.tick();
    expect(rig.losses).toEqual([{ fromUs: beganUs, toUs: beganUs + SECOND_US, ...loss }]);
  });

  it('counts also before the first key frame and in pictures that the disk never took', async () => {
    const rig = createSegmenterRig();
    rig.feed({}, loss);
    const beforeUs = rig.clock.utcUs();
    rig.feedSeconds(3);
    rig.world.room = false;
    rig.feed({ keyFrame: true }, { ...loss, cause: 'camera' });
    const heldUs = rig.clock.utcUs();
    await rig.segmenter.endRun('maintenance');
    expect(rig.losses).toEqual([
      { fromUs: beforeUs, toUs: beforeUs, ...loss },
      { fromUs: heldUs, toUs: heldUs, ...loss, cause: 'camera' },
    ]);
  });
});

describe('what the session with the camera says', () => {
  const health: SourceHealth = {
    transport: 'tcp',
    packets: 9,
    missingPackets: 0,
    reorderedPackets: 0,
    duplicatePackets: 0,
    foreignPackets: 0,
    damagedFrames: 0,
    clockJumps: 0,
    jitterMs: 1,
  };

  it('is written to each run: why it is not the usual client, and once the camera’s clock', () => {
    const rig = createSegmenterRig();
    rig.session.insteadBecause = 'ours refused: no';
    rig.session.health = health;
    rig.feedSeconds(3);
    rig.segmenter.tick();
    expect(rig.runs).toMatchObject([{ sourceReason: 'ours refused: no' }]);
    expect(rig.senderClocks).toEqual([]);
    rig.session.health = { ...health, cameraClockOffsetMs: -1500 };
    for (let i = 0; i < 3; i++) rig.segmenter.tick();
    expect(rig.senderClocks).toEqual([{ run: rig.runs[0]!.run, offsetMs: -1500 }]);
    rig.skip(90_000);
    rig.feedSeconds(1);
    rig.segmenter.tick();
    expect(rig.senderClocks[1]).toEqual({ run: rig.runs[1]!.run, offsetMs: -1500 });
  });
});
