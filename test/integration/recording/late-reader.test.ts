import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FPS } from '../../../demo/scenes/profile.ts';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import type { Loss } from '../../../src/catalogue/changes.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { accountFrames, FRAME_US, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { type Gap, openRecordings, type Recordings } from '../../support/recorded-frames.ts';
import { byAddress, createRecorderHome, type HomeCamera } from '../../support/recorder-home.ts';
import {
  allRecording,
  type RecorderProcess,
  startRecorder,
  streamOf,
} from '../../support/recorder-process.ts';

const PORTS = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
/**
 * The kernel holds seven seconds of a camera for a reader that does not read, and a minute for one that was late
 * before, as on a busy machine: then it has made its buffer larger. So the reader stands still until it has cost this:
 * more than 3,000 packets, by which a camera would be taken to count anew if the times of the pictures did not tell.
 */
const LEFT_OUT_FRAMES = 9 * FPS;
const LEFT_OUT_WITHIN_MS = 80_000;
/** Reading all that the kernel has held takes as long as the machine lets it. */
const CAUGHT_UP_WITHIN_MS = 60_000;
/** No camera may take the one that stands still for gone. */
const SESSION_S = 300;
/** Longer than a picture may last, shorter than a silence that ends a session. */
const ALL_LOST_MS = 4000;
const SILENT_MS = 9000;
const SOME_LOST_MS = 4000;
const SETTLED_MS = 3000;
/** On a busy machine the first pictures after a start are read, and placed in time, late by up to this. */
const PLACED_LATE_S = 0.3;

const tasks: (() => void | Promise<void>)[] = [];
/** Pictures of 4 Mbit/s: those of the small one would fit into what the kernel holds. */
let large: SimulatedSite;
let small: SimulatedSite;
let slow: Recordings;
let sound: Recordings;
let stoodFromFrame = 0;

beforeAll(async () => {
  large = await startSimulatedSite({
    ...PORTS,
    profile: 'full',
    count: 1,
    backlogBytes: 100_000,
    sessionTimeoutS: SESSION_S,
  });
  tasks.push(() => large.stop());
  small = await startSimulatedSite({ ...PORTS, count: 3 });
  tasks.push(() => small.stop());
  const [late, others] = [
    record(large, (camera) => camera),
    record(small, (camera) => (camera.id === 'cam02' ? { ...camera, transport: 'udp' } : camera)),
  ];
  await Promise.all([
    late.recorder.until('recording', 30_000, allRecording(1)),
    others.recorder.until('recording', 30_000, allRecording(3)),
  ]);
  await pause(SETTLED_MS);
  await Promise.all([standStill(late.recorder), disturb(others.recorder)]);
  await Promise.all([late.recorder.stop(), others.recorder.stop()]);
  slow = openRecordings(late.home);
  tasks.push(() => slow.close());
  sound = openRecordings(others.home);
  tasks.push(() => sound.close());
});
afterAll(async () => {
  for (const task of tasks.toReversed()) await task();
});

function record(site: SimulatedSite, change: (camera: HomeCamera) => HomeCamera) {
  const cameras = site.cameras.map((camera) => change(byAddress(camera)));
  const home = createRecorderHome({ cameras, login: site, client: 'rtsp' });
  tasks.push(() => home.remove());
  return { home, recorder: startRecorder(home) };
}

/** The recorder reads nothing for longer than a camera can wait. */
async function standStill(recorder: RecorderProcess): Promise<void> {
  process.kill(recorder.pid, 'SIGSTOP');
  stoodFromFrame = sessionsOf(large.served(), 'cam01', 'main').at(-1)?.lastFrame ?? 0;
  const untilMs = performance.now() + LEFT_OUT_WITHIN_MS;
  while (longestLeftOut() < LEFT_OUT_FRAMES) {
    if (performance.now() > untilMs) throw new Error('the camera still sends to a reader that does not read');
    await pause(100);
  }
  const before = neverSent();
  process.kill(recorder.pid, 'SIGCONT');
  await recorder.until('recording again', 15_000, allRecording(1));
  await recorder.until('behind all that was left out', CAUGHT_UP_WITHIN_MS, (status) => {
    const missing = streamOf(status, 'cam01')?.network?.missingPackets ?? 0;
    return allRecording(1)(status) && neverSent() > before && missing >= neverSent();
  });
  await pause(SETTLED_MS);
}

const neverSent = (): number => sessionsOf(large.served(), 'cam01', 'main').at(-1)?.packetsLost ?? 0;

/** Frames in a row that were not sent since the standstill; on a busy machine some are before the first one. */
const longestLeftOut = (): number =>
  Math.max(
    0,
    ...sessionsOf(large.served(), 'cam01', 'main').flatMap(({ droppedSlow }) =>
      droppedSlow.filter(([from]) => from > stoodFromFrame).map(([from, to]) => to - from + 1),
    ),
  );

async function disturb(recorder: RecorderProcess): Promise<void> {
  for (const camera of ['cam02', 'cam03'])
    small.faults.set({ camera, kind: 'drop', rate: 0.05, durationMs: SOME_LOST_MS });
  small.faults.set({ camera: 'cam01', kind: 'stall', durationMs: SILENT_MS });
  await pause(SOME_LOST_MS + SETTLED_MS);
  for (const camera of ['cam02', 'cam03'])
    small.faults.set({ camera, kind: 'drop', rate: 1, durationMs: ALL_LOST_MS });
  await pause(ALL_LOST_MS + SETTLED_MS);
  await recorder.until(
    'recording again',
    15_000,
    (status) => allRecording(3)(status) && (streamOf(status, 'cam01')?.reconnects ?? 0) > 0,
  );
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lossesOf = (recordings: Recordings, camera: string): Promise<Loss[]> =>
  recordings.reader.losses({ camera: camera as CameraId, stream: 'main' }, 0, 4_000_000_000_000_000);
const causesOf = (losses: readonly Loss[]) => [...new Set(losses.map(({ cause }) => cause))];
const packetsOf = (losses: readonly Loss[]) =>
  losses.reduce((sum, { missingPackets }) => sum + missingPackets, 0);
/** But for the end of the recording, which is a gap as well. */
const holesOf = async (recordings: Recordings, camera: string) =>
  (await recordings.gaps(camera)).filter(({ cause }) => cause !== 'maintenance');
const secondsOf = (hole: Gap | undefined) => ((hole?.toUs ?? Number.NaN) - (hole?.fromUs ?? 0)) / 1e6;

describe('what is missing has the cause of whoever left it out', () => {
  it('a recorder that stood still keeps its session and all that was sent; what was not sent is its own fault', async () => {
    const [session, ...more] = sessionsOf(large.served(), 'cam01', 'main');
    if (!session) throw new Error('cam01 was never served');
    expect(more).toEqual([]);
    const stamps = await slow.stamps('cam01');
    const lastFrame = stamps.at(-1)?.frame ?? 0;
    expect(accountFrames([{ ...session, lastFrame }], stamps)).toMatchObject(NOTHING_LOST);

    // Catching up, it may miss a second more; in that the picture before stands.
    const dropped = longestLeftOut();
    const losses = await lossesOf(slow, 'cam01');
    expect(causesOf(losses)).toEqual(['we_were_slow']);
    expect(packetsOf(losses)).toBe(session.packetsLost);
    const holes = await holesOf(slow, 'cam01');
    expect(holes).toMatchObject([{ cause: 'we_were_slow', detail: 'frames are missing' }]);
    expect(Math.abs(secondsOf(holes[0]) - (dropped * FRAME_US) / 1e6)).toBeLessThan(PLACED_LATE_S);
  });

  it('a camera that falls silent is off', async () => {
    expect(await lossesOf(sound, 'cam01')).toEqual([]);
    expect(await holesOf(sound, 'cam01')).toMatchObject([
      { cause: 'camera_off', detail: 'the camera is connected but sends no pictures' },
    ]);
  });

  it.each([
    ['over UDP the network', 'cam02', 'network', 'network'],
    ['over TCP, where nothing gets lost on the way, the camera itself', 'cam03', 'camera', 'camera_off'],
  ])('packets are missing: %s', async (_who, camera, cause, gapCause) => {
    const [session, ...more] = sessionsOf(small.served(), camera, 'main');
    expect(more).toEqual([]);
    const losses = await lossesOf(sound, camera);
    expect(causesOf(losses)).toEqual([cause]);
    expect(packetsOf(losses)).toBe(session?.packetsLost);
    // A second with a picture less is no hole; seconds without any are.
    const holes = await holesOf(sound, camera);
    expect(holes).toMatchObject([{ cause: gapCause, detail: 'frames are missing' }]);
    expect(Math.abs(secondsOf(holes[0]) - ALL_LOST_MS / 1000)).toBeLessThan(PLACED_LATE_S);
  });
});
