import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOSS_CAUSES } from '../../../src/catalogue/causes.ts';
import { SECOND_US } from '../../../src/lib/clock.ts';
import type { FragmentLoss } from '../../../src/recording/source.ts';
import { initSegment } from '../../support/fragments.ts';
import { atRest } from '../../support/manual-clock.ts';
import { createSegmenterRig, FRAME } from './segmenter-rig.ts';

type Rig = ReturnType<typeof createSegmenterRig>;
type Happening =
  | {
      readonly what: 'pictures';
      readonly key: boolean;
      readonly frames: number;
      readonly bytes: number;
      readonly loss: FragmentLoss | undefined;
    }
  | { readonly what: 'gop'; readonly fragments: number }
  | { readonly what: 'frames_missing'; readonly frames: number }
  | { readonly what: 'long_frame'; readonly seconds: number }
  | { readonly what: 'new_parameters'; readonly size: '1920x1080' | '322x242' | '640x360' }
  | { readonly what: 'clock_set'; readonly ms: number }
  | { readonly what: 'disk_fails' | 'synced' | 'tick' | 'source_ends' }
  | { readonly what: 'room' | 'keys' | 'reservations' | 'sealFails' | 'backlog'; readonly yes: boolean }
  | { readonly what: 'time'; readonly ms: number };

const loss: fc.Arbitrary<FragmentLoss> = fc.record({
  missingPackets: fc.integer({ min: 0, max: 500 }),
  damagedFrames: fc.integer({ min: 0, max: 8 }),
  cause: fc.constantFrom(...LOSS_CAUSES),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('pictures' as const),
      key: fc.boolean(),
      frames: fc.integer({ min: 1, max: 8 }),
      bytes: fc.constantFrom(16, 100, 700_000),
      loss: fc.option(loss, { nil: undefined }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ what: fc.constant('gop' as const), fragments: fc.integer({ min: 1, max: 40 }) }),
  },
  fc.record({ what: fc.constant('frames_missing' as const), frames: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ what: fc.constant('long_frame' as const), seconds: fc.integer({ min: 3, max: 4000 }) }),
  fc.record({
    what: fc.constant('new_parameters' as const),
    size: fc.constantFrom('1920x1080' as const, '322x242' as const, '640x360' as const),
  }),
  fc.record({ what: fc.constant('clock_set' as const), ms: fc.constantFrom(-90_000, -400, 400, 3_700_000) }),
  fc.record({ what: fc.constantFrom('disk_fails', 'synced', 'tick', 'source_ends') }),
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('room', 'keys', 'reservations', 'sealFails', 'backlog'),
      yes: fc.boolean(),
    }),
  },
  fc.record({ what: fc.constant('time' as const), ms: fc.integer({ min: 10, max: 5000 }) }),
) as fc.Arbitrary<Happening>;

const HOLE = { cause: 'camera_off' as const, detail: 'the camera went away' };

function happen(rig: Rig, event: Happening): Promise<void> | undefined {
  const { world } = rig;
  switch (event.what) {
    case 'pictures':
      rig.feed(
        {
          keyFrame: event.key,
          durations: Array<number>(event.frames).fill(FRAME),
          frameBytes: event.bytes,
        },
        event.loss,
      );
      return;
    case 'gop':
      for (let i = 0; i < event.fragments; i++) rig.feed({ keyFrame: i === 0 });
      return;
    case 'frames_missing':
      rig.skip(event.frames * FRAME);
      return;
    case 'long_frame':
      rig.feed({ durations: [FRAME, FRAME, event.seconds * 90_000] });
      return;
    case 'new_parameters': {
      const sets = initSegment(`h264-${event.size}.init.mp4`).track.parameterSets;
      const units = [...sets, Buffer.from([0x65, 1])].flatMap((unit) => [
        Buffer.from([0, 0, 0, unit.length]),
        unit,
      ]);
      rig.feed({ keyFrame: true, firstFrame: Buffer.concat(units) });
      return;
    }
    case 'clock_set':
      rig.clock.setWall(event.ms * 1000);
      return;
    case 'disk_fails':
      rig.failDisk();
      return;
    case 'synced':
      rig.sync();
      return;
    case 'tick':
      rig.segmenter.tick();
      return;
    case 'source_ends': {
      const ended = rig.segmenter.endRun('camera_off', HOLE);
      rig.connect();
      return ended;
    }
    case 'backlog':
      world.backlogBytes = event.yes ? 3 * 1024 * 1024 : 0;
      return;
    case 'time':
      rig.clock.advance(event.ms);
      rig.segmenter.tick();
      return;
    default:
      world[event.what] = event.yes;
  }
}

/** Every picture that is not safe lies in a hole that is written down. */
function checkHoles(rig: Rig, fed: number) {
  const kept = rig.kept();
  const holes = [
    ...rig.gapRows.map(({ fromUs, toUs }) => ({ fromUs, toUs: toUs ?? Number.POSITIVE_INFINITY })),
    ...rig.lostRanges,
  ].sort((a, b) => a.fromUs - b.fromUs);
  // Rounding to whole microseconds, on both sides of each boundary.
  const near = 3;
  const stretches = kept.map((before, index) => ({ before, after: kept[index + 1] }));
  for (const { before, after } of stretches) {
    if (after ? after.serial === before.serial + 1 : before.serial === fed) continue;
    const fromUs = before.wallUs + before.durationUs;
    const toUs = after?.wallUs ?? Number.POSITIVE_INFINITY;
    if (toUs <= fromUs + near) {
      // The clock was set back: the hole has no length, but it is there.
      const row = holes.find((hole) => hole.fromUs <= fromUs + near && hole.toUs >= toUs - near);
      expect(row, `a hole after fragment ${before.serial}`).toBeDefined();
      continue;
    }
    let coveredUs = fromUs;
    for (const hole of holes) if (hole.fromUs <= coveredUs + near) coveredUs = Math.max(coveredUs, hole.toUs);
    expect(coveredUs, `the hole after fragment ${before.serial} is written down`).toBeGreaterThanOrEqual(
      toUs - near,
    );
  }
}

function checkSegments(rig: Rig) {
  for (const { identity, facts, appended, state } of rig.segments) {
    const endOfDayUs = rig.siteTime.startOf(rig.siteTime.addDays(identity.day, 1));
    const run = rig.runs.find((each) => each.run === facts.run);
    expect(run, 'a segment belongs to a run').toBeDefined();
    expect(state).not.toBe('open');
    expect(appended[0]?.wallUs).toBe(facts.startUs);
    let lastUs = 0;
    for (const { wallUs, durationUs } of appended) {
      expect(wallUs).toBeGreaterThanOrEqual(lastUs - 3);
      // Frames of seconds have their own rule; ordinary ones never reach into the next day.
      if (durationUs < SECOND_US) expect(wallUs + durationUs).toBeLessThanOrEqual(endOfDayUs + 3);
      lastUs = wallUs + durationUs;
    }
  }
}

const lossSums = (losses: readonly FragmentLoss[]) =>
  LOSS_CAUSES.map((cause) => {
    const some = losses.filter((each) => each.cause === cause);
    return [
      some.reduce((sum, { missingPackets }) => sum + missingPackets, 0),
      some.reduce((sum, { damagedFrames }) => sum + damagedFrames, 0),
    ];
  });

describe('whatever happens to a stream', () => {
  it('every fragment is sealed exactly once and in order, or lies in a hole that is written down', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 1, maxLength: 60 }),
        fc.constantFrom('2026-11-22T03:00:00Z', '2026-11-22T14:58:50Z', '2026-11-22T14:59:35Z'),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (events, start, stagger) => {
          const rig = createSegmenterRig({ start, stagger, segmentS: 10 });
          for (const event of events) {
            await happen(rig, event);
            await atRest();
            expect(rig.segmenter.heldBytes).toBeLessThanOrEqual(17 * 1024 * 1024);
          }
          const lastFed = rig.feed({ keyFrame: true });
          await rig.segmenter.endRun('maintenance', { cause: 'maintenance', detail: 'the test is over' });
          await atRest();

          const serials = rig.appended().map(({ serial }) => serial);
          expect(serials).toEqual([...new Set(serials)].sort((a, b) => a - b));
          checkHoles(rig, lastFed);
          checkSegments(rig);
          expect(lossSums(rig.losses), 'nothing that was missing is forgotten').toEqual(
            lossSums(rig.lossesFed),
          );
          expect(rig.runs.filter(({ ended }) => !ended)).toEqual([]);
          expect(rig.gapRows.filter(({ toUs }) => toUs === undefined)).toHaveLength(1);
          for (const { fromUs, toUs } of rig.gapRows) expect(toUs ?? fromUs).toBeGreaterThanOrEqual(fromUs);
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);
});
