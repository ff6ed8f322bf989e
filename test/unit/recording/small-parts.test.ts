import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GapId } from '../../../src/catalogue/changes.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { explainFfmpegEnd } from '../../../src/recording/ffmpeg-end.ts';
import { createFramePace } from '../../../src/recording/frame-pace.ts';
import { createGapKeeper } from '../../../src/recording/gap-keeper.ts';
import { createHeldFragments } from '../../../src/recording/held-fragments.ts';
import { createRateMeter } from '../../../src/recording/rate-meter.ts';
import { startStorageGuard } from '../../../src/recording/storage-guard.ts';
import { fragmentBytes, received } from '../../support/fragments.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { STREAM } from './segmenter-rig.ts';

describe('what ffmpeg’s last words mean', () => {
  const SECRET = 'p4ssw0rd-from-camera';
  const lines = [
    'Connection timed out',
    'Invalid data found when processing input',
    'Could not find codec parameters',
    '[hevc @ 0x1] PPS id out of range',
    'dimensions not set',
    '',
  ];

  it('is one of our own phrases, never a word of theirs', () => {
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.string(), fc.boolean(), (line, noise, media) => {
        const end = explainFfmpegEnd(`rtsp://u:${SECRET}@h/${noise}: ${line} ${SECRET}\n`, media);
        expect(JSON.stringify(end)).not.toContain(SECRET);
        expect(JSON.stringify(end)).not.toContain('rtsp:');
      }),
    );
  });

  it.each([
    ['rtsp://127.0.0.1:1/0f: Connection timed out', false, 'network'],
    ['Output file #0 does not contain any stream', false, 'unusable'],
    ['[h264 @ 0x55] error while decoding', false, 'unusable'],
    ['[h264 @ 0x55] error while decoding', true, 'camera_off'],
    ['', true, 'camera_off'],
    ['', false, 'unknown'],
  ] as const)('is told from %j (pictures came: %s): %s', (stderr, media, cause) => {
    expect(explainFfmpegEnd(stderr, media).cause).toBe(cause);
  });
});

describe('the pace of frames', () => {
  const judge = (pace: ReturnType<typeof createFramePace>, ...durations: number[]) =>
    pace.judge(parseFragment(fragmentBytes({ mediaStart: 0, durations })));

  it('sees a hole in a frame of more than two seconds and five usual ones', () => {
    const pace = createFramePace(90_000);
    expect(judge(pace, 6000, 6000, 180_000).hidesHole).toBe(false);
    expect(judge(pace, 6000, 6000, 180_001)).toMatchObject({ hidesHole: true, usualTicks: 6000 });
  });

  it('lets a camera be slow that gives one picture every three seconds', () => {
    const pace = createFramePace(90_000);
    for (let i = 0; i < 5; i++) expect(judge(pace, 270_000).hidesHole).toBe(false);
  });

  it('sees that the camera’s clock went back when frames have no length', () => {
    const pace = createFramePace(90_000);
    expect(judge(pace, 1, 1, 1, 1).clockWentBack).toBe(false);
    expect(judge(pace, 1, 1, 1, 1, 1).clockWentBack).toBe(true);
  });
});

describe('fragments that are held back', () => {
  it('come out in order, within the bound, and what is missing are whole groups from the oldest on', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 16, max: 900 })), { maxLength: 60 }),
        (list) => {
          const held = createHeldFragments(3000);
          let dropped = 0;
          const all = list.map(([keyFrame, frameBytes], mediaStart) =>
            received({ mediaStart, durations: [1], keyFrame, frameBytes }, { monoUs: 0, wallUs: 0 }),
          );
          for (const each of all) {
            dropped += held.push(each).length;
            expect(held.bytes).toBeLessThanOrEqual(3000);
          }
          const left: typeof all = [];
          for (let next = held.shift(); next; next = held.shift()) left.push(next);
          expect(left).toEqual(all.slice(dropped));
          expect(held.bytes).toBe(0);
        },
      ),
    );
  });

  it('takes one back to the front', () => {
    const held = createHeldFragments();
    const [a, b] = [0, 1].map((mediaStart) =>
      received({ mediaStart, durations: [1] }, { monoUs: 0, wallUs: 0 }),
    );
    held.push(a!);
    held.push(b!);
    held.putBack(held.shift()!);
    expect(held.shift()).toBe(a);
    expect(held.clear()).toEqual([b]);
    expect(held.bytes).toBe(0);
    expect(held.shift()).toBeUndefined();
  });
});

describe('the keeper of gaps', () => {
  const keeper = (standing?: Parameters<typeof createGapKeeper>[2]) => {
    const rows: unknown[] = [];
    const gaps = createGapKeeper(
      STREAM,
      {
        gapOpened(_stream, fromUs, cause) {
          rows.push(['opened', fromUs, cause]);
          return 'g1' as GapId;
        },
        gapClosed: (gap, toUs, cause) => void rows.push(['closed', gap, toUs, cause]),
      },
      standing,
    );
    return { gaps, rows };
  };

  it('begins an open hole earlier when footage before it turns out not to be safe', () => {
    const { gaps, rows } = keeper();
    gaps.lost(50, 'disk', '');
    gaps.unsafe(30, 50, 'disk', '');
    gaps.found(90);
    expect(rows).toEqual([
      ['opened', 50, 'disk'],
      ['opened', 30, 'disk'],
      ['closed', 'g1', 50, 'disk'],
      ['closed', 'g1', 90, 'disk'],
    ]);
  });

  it('writes a row of its own for footage that is not safe when the stream has gone on', () => {
    const { gaps, rows } = keeper();
    gaps.unsafe(30, 50, 'disk', '');
    gaps.unsafe(60, 60, 'disk', '');
    expect(rows).toEqual([
      ['opened', 30, 'disk'],
      ['closed', 'g1', 50, 'disk'],
    ]);
    expect(gaps.open).toBeUndefined();
  });

  it('writes one row for a hole, whatever else is said while it is open', () => {
    const { gaps, rows } = keeper();
    gaps.lost(10, 'network', '');
    gaps.lost(20, 'disk', '');
    gaps.found(50);
    gaps.found(60);
    expect(rows).toEqual([
      ['opened', 10, 'network'],
      ['closed', 'g1', 50, 'network'],
    ]);
    expect(gaps.ended).toEqual({ count: 1, totalUs: 40 });
  });

  it('learns the cause of a hole that began before it knew', () => {
    const { gaps, rows } = keeper({ gap: 'g0' as GapId, fromUs: 5, cause: 'unknown' });
    gaps.lost(9, 'camera_off', '');
    gaps.found(8);
    expect(rows).toEqual([['closed', 'g0', 8, 'camera_off']]);
  });

  it('never writes a negative length after the clock went back', () => {
    const { gaps, rows } = keeper();
    gaps.lost(100, 'clock_step', '');
    gaps.found(40);
    expect(rows.at(-1)).toEqual(['closed', 'g1', 100, 'clock_step']);
  });
});

describe('rates', () => {
  it('are those of the last ten seconds', () => {
    const meter = createRateMeter();
    expect(meter).toMatchObject({ fps: 0, bitsPerSecond: 0 });
    for (let s = 0; s <= 30; s++) meter.sample(s * 1_000_000, s < 20 ? 0 : (s - 20) * 15, s * 500_000);
    expect(meter).toMatchObject({ fps: 15, bitsPerSecond: 4_000_000 });
  });
});

describe('the guard of the disk', () => {
  it('stops at the reserve, goes on with a margin, and tells each change once', async () => {
    const clock = createManualClock();
    const MB = 1024 * 1024;
    const disk = { freeBytes: 500 * MB, totalBytes: 1000 * MB, broken: false };
    const told: string[] = [];
    const guard = await startStorageGuard({
      clock,
      reserveBytes: 100 * MB,
      space: async () => {
        if (disk.broken) throw new Error('EIO');
        return disk;
      },
      changed: (state) => void told.push(state),
    });
    const look = async (freeMb: number) => {
      disk.freeBytes = freeMb * MB;
      await clock.run(1000);
      return guard.mayWrite;
    };
    expect(guard.mayWrite).toBe(true);
    expect(await look(101)).toBe(true);
    expect(await look(100)).toBe(false);
    expect(await look(163)).toBe(false);
    expect(await look(165)).toBe(true);
    disk.broken = true;
    expect(await look(165)).toBe(false);
    disk.broken = false;
    expect(await look(165)).toBe(true);
    expect(told).toEqual(['full', 'room', 'failing', 'room']);
    guard.stop();
    expect(clock.timers).toBe(0);
  });

  it('does not pile up questions to a file system that hangs', async () => {
    const clock = createManualClock();
    let asked = 0;
    const guard = await startStorageGuard({
      clock,
      reserveBytes: 1,
      space: () => (++asked === 1 ? Promise.resolve({ freeBytes: 9, totalBytes: 9 }) : new Promise(() => {})),
      changed: () => undefined,
    });
    await clock.run(10_000, 1000);
    expect(asked).toBe(2);
    guard.stop();
  });
});
