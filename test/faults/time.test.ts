import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../demo/site.ts';
import { MINUTE_US } from '../../src/lib/clock.ts';
import { createSiteTime } from '../../src/lib/site-time.ts';
import { createFakedClock } from '../support/faked-clock.ts';
import { showFigures } from '../support/figures.ts';
import { accountFrames, FRAME_US, NOTHING_LOST, sessionsOf } from '../support/frame-account.ts';
import { openRecordings, type RecordedFrame, type Recordings } from '../support/recorded-frames.ts';
import {
  byAddress,
  createRecorderHome,
  type HomeCamera,
  type RecorderHome,
} from '../support/recorder-home.ts';
import { allRecording, startRecorder, streamOf } from '../support/recorder-process.ts';

const NO_FAKETIME = 'libfaketime is not installed (Debian: faketime)';
const NO_KEY_FRAME_MS = process.env.GIROK_FULL === '1' ? 60_000 : 30_000;

let site: SimulatedSite;
const homes: RecorderHome[] = [];

beforeAll(async () => {
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
});
afterAll(async () => {
  await site?.stop();
  for (const home of homes) home.remove();
});

function homeOf(from: number, to: number, sub?: 'sub', more: readonly HomeCamera[] = []): RecorderHome {
  const cameras = site.cameras.slice(from - 1, to).map((camera) => byAddress(camera, 'main', sub));
  const home = createRecorderHome({ cameras: [...cameras, ...more], login: site });
  homes.push(home);
  return home;
}

async function framesOf(recordings: Recordings, camera: string, stream: 'main' | 'sub' = 'main') {
  const frames: RecordedFrame[] = [];
  for await (const frame of recordings.frames(camera, stream)) frames.push(frame);
  return frames;
}

/** All frames that were sent, in the order in which the camera took them. */
async function expectWhole(recordings: Recordings, camera: string, stream: 'main' | 'sub', untilUs: number) {
  const stamps = (await recordings.stamps(camera, stream)).toSorted((a, b) => a.frame - b.frame);
  const account = accountFrames(sessionsOf(site.served(), camera, stream), stamps, { untilUs });
  expect(account, `${camera}/${stream}`).toMatchObject(NOTHING_LOST);
}

describe.concurrent('time', () => {
  it('of the camera may jump, go back and wrap, its pictures may change size and lack key frames', async () => {
    const home = homeOf(1, 6, undefined, [{ ...byAddress(site.cameras[8]!), client: 'ffmpeg' }]);
    // RTP time passes 2³² ten seconds after the connection began.
    site.faults.set({ camera: 'cam03', kind: 'time_wrap', seconds: 15 });
    const recorder = startRecorder(home);
    await recorder.until('recording', 20_000, allRecording(7));
    await pause(4000);
    site.faults.set({ camera: 'cam01', kind: 'time_jump', seconds: 3600 });
    for (const camera of ['cam02', 'cam09']) site.faults.set({ camera, kind: 'time_jump', seconds: -100 });
    for (const camera of ['cam04', 'cam05'])
      site.faults.set({ camera, kind: 'parameter_change', durationMs: 8000 });
    site.faults.set({ camera: 'cam06', kind: 'no_key_frame', durationMs: NO_KEY_FRAME_MS });
    await pause(NO_KEY_FRAME_MS + 4000);
    const untilUs = Date.now() * 1000 - 200_000;
    const last = await recorder.status();
    await recorder.stop();
    const recordings = openRecordings(home);

    for (const { id } of site.cameras.slice(0, 6)) await expectWhole(recordings, id, 'main', untilUs);
    // Forward, backward, wrapped: the pictures go on as they came, in the same run, by this host's clock.
    for (const camera of ['cam01', 'cam02', 'cam03']) {
      expect((await recordings.gaps(camera)).map(({ cause }) => cause)).toEqual(['maintenance']);
      expect(new Set((await recordings.segments(camera)).map(({ run }) => run)).size).toBe(1);
    }
    const jumps = (camera: string) => streamOf(last, camera)?.network?.clockJumps;
    expect(['cam01', 'cam02', 'cam03'].map(jumps)).toEqual([1, 1, 0]);
    // ffmpeg squeezes what comes after a step back into moments: it is begun anew, and the hole says why.
    expect((await recordings.gaps('cam09'))[0]).toMatchObject({ cause: 'clock_step' });
    const stamps = await recordings.stamps('cam09');
    const missingUs = Math.max(...stamps.slice(1).map(({ utcUs }, i) => utcUs - (stamps[i]?.utcUs ?? 0)));
    showFigures({ ffmpegClockBackHoleMs: Math.round(missingUs / 1000) });
    expect(missingUs).toBeLessThanOrEqual(15_000_000);
    for (const camera of ['cam04', 'cam05']) {
      const sizes = (await recordings.segments(camera)).map(({ width }) => width);
      expect(sizes[0]).toBe(640);
      expect(new Set(sizes).size).toBe(2);
      expect(sizes.at(-1)).toBe(640);
    }
    // Whatever the camera's time says, the recorder's is the host's, to network and fragment delay.
    const strayMs: Record<string, number> = {};
    for (const id of ['cam01', 'cam02', 'cam03', 'cam04', 'cam05', 'cam06', 'cam09']) {
      const frames = await framesOf(recordings, id);
      expect(Math.min(...frames.map(({ durationUs }) => durationUs))).toBeGreaterThan(0);
      const strays = frames.map(({ wallUs, stamp }) => Math.abs(wallUs - (stamp?.utcUs ?? 0)) / 1000);
      strayMs[id] = Math.round(Math.max(...strays));
    }
    showFigures({ strayMs });
    const { cam09: steppedBack = Number.POSITIVE_INFINITY, ...others } = strayMs;
    expect(steppedBack, JSON.stringify(strayMs)).toBeLessThan(3000);
    expect(Math.max(...Object.values(others)), JSON.stringify(strayMs)).toBeLessThan(500);
    expect((await recordings.check('full')).findings).toEqual([]);
    await recordings.close();
  });

  it('of the host may be set forward and back: a new run each time, and every frame kept', async ({
    skip,
  }) => {
    const clock = createFakedClock();
    if (!clock) return skip(NO_FAKETIME);
    const home = homeOf(7, 8);
    const recorder = startRecorder(home, { env: clock.env });
    await recorder.until('recording', 20_000, allRecording(2));
    await pause(5000);
    clock.set(120);
    await pause(8000);
    clock.set(60);
    await pause(8000);
    const untilUs = Date.now() * 1000 - 200_000;
    await recorder.stop();
    clock.remove();
    const recordings = openRecordings(home);
    for (const { id } of site.cameras.slice(6, 8)) {
      await expectWhole(recordings, id, 'main', untilUs);
      const segments = await recordings.segments(id);
      expect(new Set(segments.map(({ run }) => run)).size).toBe(3);
      expect(segments.every(({ durationUs }) => durationUs > 0)).toBe(true);
      expect(await recordings.runEnds(id)).toEqual(['clock_step', 'clock_step', 'maintenance']);
      // Only a clock set forward leaves time without pictures; set back, the pictures overlap.
      const gaps = (await recordings.gaps(id)).filter(({ toUs }) => toUs !== null);
      expect(gaps.map(({ cause }) => cause)).toEqual(['clock_step']);
      expect(((gaps[0]?.toUs ?? 0) - (gaps[0]?.fromUs ?? 0)) / 1e6).toBeCloseTo(120, 0);
      // What the recorder wrote beside the pictures is the clock that was set: 0, then 120, then 60 s ahead.
      const ahead = (await framesOf(recordings, id))
        .toSorted((a, b) => (a.stamp?.frame ?? 0) - (b.stamp?.frame ?? 0))
        .map(({ wallUs, stamp }) => Math.round((wallUs - (stamp?.utcUs ?? 0)) / 1e6));
      const changes = ahead.filter((seconds, i) => Math.abs(seconds - (ahead[i - 1] ?? -1000)) > 5);
      expect(changes.map((seconds) => Math.round(seconds / 10) * 10 + 0)).toEqual([0, 120, 60]);
    }
    await recordings.close();
  });

  it('of the site passes midnight: the last minute opens the next day, and nothing of it lies in the day before', async ({
    skip,
  }) => {
    const siteTime = createSiteTime('Asia/Seoul');
    const nowUs = Date.now() * 1000;
    const midnightUs = siteTime.startOf(siteTime.addDays(siteTime.dayOf(nowUs), 1));
    // The process begins its day at 23:58:50.
    const clock = createFakedClock((midnightUs - 70_000_000 - nowUs) / 1e6);
    if (!clock) return skip(NO_FAKETIME);
    const home = homeOf(9, 11, 'sub');
    const recorder = startRecorder(home, { env: clock.env });
    await recorder.until('recording', 20_000, allRecording(6));
    await recorder.until(
      'past midnight',
      90_000,
      ({ at }) => Date.parse(at) * 1000 > midnightUs + 12_000_000,
    );
    const untilUs = Date.now() * 1000 - 200_000;
    await recorder.stop();
    clock.remove();
    const recordings = openRecordings(home);
    for (const { id } of site.cameras.slice(8, 11)) {
      for (const stream of ['main', 'sub'] as const) {
        await expectWhole(recordings, id, stream, untilUs);
        const frames = await framesOf(recordings, id, stream);
        for (const { wallUs, durationUs, entry } of frames) {
          const endUs = siteTime.startOf(siteTime.addDays(entry.day, 1));
          expect(wallUs + durationUs, `${entry.file}`).toBeLessThanOrEqual(endUs + FRAME_US / 100);
        }
        const [next] = (await recordings.segments(id, stream)).filter(
          ({ day }) => day === siteTime.dayOf(midnightUs),
        );
        expect(next?.startUs).toBeGreaterThanOrEqual(midnightUs - MINUTE_US);
        expect(next?.startUs).toBeLessThan(midnightUs);
        expect(next).toMatchObject({ hour: 0 });
      }
    }
    expect((await recordings.check('full')).findings).toEqual([]);
    await recordings.close();
  });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
