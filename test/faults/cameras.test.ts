import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultOrder } from '../../demo/faults.ts';
import { type SimulatedSite, startSimulatedSite } from '../../demo/site.ts';
import type { RecorderStatus } from '../../src/contract/recorder-status.ts';
import { showFigures } from '../support/figures.ts';
import { accountFrames, FRAME_US, NOTHING_LOST, sessionsOf } from '../support/frame-account.ts';
import { openRecordings, type Recordings } from '../support/recorded-frames.ts';
import { byAddress, byOnvif, createRecorderHome, type RecorderHome } from '../support/recorder-home.ts';
import { allRecording, type RecorderProcess, startRecorder, streamOf } from '../support/recorder-process.ts';

/**
 * One recorder, one fault per camera, all at the same time: what each costs its own camera, and that it costs
 * no other a frame.
 */
const REBOOT_MS = 60_000;
const UNTOUCHED = ['cam13'];
/** Ordered together with a reset of the connection, so that the next one meets them. */
const AT_CONNECTING: Readonly<Record<string, FaultOrder['kind']>> = {
  cam03: 'stall_connect',
  cam04: 'stall_play',
  cam06: 'refuse_login',
  cam07: 'garbage_sdp',
  cam08: 'wrong_codec',
  cam09: 'audio_only',
  cam10: 'redirect',
  cam11: 'onvif_huge',
  cam12: 'onvif_entity_bomb',
};
const BY_ONVIF = new Set(['cam11', 'cam12']);

let site: SimulatedSite;
let home: RecorderHome;
let recorder: RecorderProcess;
let recordings: Recordings;
let faultsUs = 0;
/** While the faults last, ten times a second. */
const seen: { atMs: number; status: RecorderStatus }[] = [];
/** Just before the faults end. */
let standing: RecorderStatus;

beforeAll(async () => {
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
  home = createRecorderHome({
    cameras: site.cameras.map((camera) =>
      BY_ONVIF.has(camera.id)
        ? byOnvif(camera, 'main')
        : { ...byAddress(camera), client: camera.id === 'cam01' ? 'ffmpeg' : 'auto' },
    ),
    login: site,
  });
  recorder = startRecorder(home);
  await recorder.until('recording everything', 30_000, allRecording(13));
  await pause(3000);

  faultsUs = Date.now() * 1000;
  const frozen = recorder.children().find(({ command }) => command.includes('rtsp://'));
  if (!frozen) throw new Error('no ffmpeg for cam01');
  process.kill(frozen.pid, 'SIGSTOP');
  site.faults.set({ camera: 'cam02', kind: 'reboot', durationMs: REBOOT_MS });
  site.faults.set({ camera: 'cam05', kind: 'stall' });
  for (const [camera, kind] of Object.entries(AT_CONNECTING)) {
    site.faults.set({ camera, kind });
    site.faults.set({ camera, kind: 'reset', durationMs: 50 });
  }
  // A camera whose stream goes on is not asked again where it is: these lose their stream as well.
  for (const camera of BY_ONVIF) site.faults.set({ camera, kind: 'stall_connect' });
  while (Date.now() * 1000 < faultsUs + (REBOOT_MS + 500) * 1000) {
    seen.push({ atMs: performance.now(), status: await recorder.status() });
    await pause(100);
  }
  standing = await recorder.status();
  site.faults.clear();
  await recorder.until('recording everything again', 60_000, ({ cameras }) =>
    cameras.every(({ streams }) => streams.every(({ state }) => state === 'recording')),
  );
  await pause(1500);
  await recorder.stop();
  recordings = openRecordings(home);
  showFigures({
    frozenHoleMs: Math.round((await longestHoleUs('cam01')) / 1000),
    rebootHoleMs: Math.round((await longestHoleUs('cam02')) / 1000),
    stallSeenMs: Math.round(longestInState('cam05', 'recording')),
    connectStallSeenMs: Math.round(longestInState('cam03', 'connecting')),
    playStallSeenMs: Math.round(longestInState('cam04', 'connecting')),
  });
}, 240_000);
afterAll(async () => {
  await recordings?.close();
  await site?.stop();
  home?.remove();
});

describe('a camera that fails', () => {
  it('leaves a hole of at most 15 s when its own ffmpeg stands still', async () => {
    expect(await longestHoleUs('cam01')).toBeLessThanOrEqual(15_000_000);
    expect((await recordings.gaps('cam01')).map(({ cause }) => cause)).toContain('camera_off');
  });

  it('is recorded again at most 10 s after a reboot of a minute, and the hole has its cause', async () => {
    expect(await longestHoleUs('cam02')).toBeLessThanOrEqual(REBOOT_MS * 1000 + 10_000_000);
    const [gap, ...more] = (await recordings.gaps('cam02')).filter(({ toUs }) => toUs !== null);
    expect(gap).toMatchObject({ cause: 'camera_off' });
    expect(more).toEqual([]);
    // The row says what the frames say, to half a second of buffering at either end.
    expect(Math.abs((gap?.toUs ?? 0) - (gap?.fromUs ?? 0) - (await longestHoleUs('cam02')))).toBeLessThan(
      1e6,
    );
  });

  it('is given up within 8 s when it stalls in the middle, after connecting or after PLAY', () => {
    expect(longestInState('cam05', 'recording')).toBeLessThanOrEqual(8000);
    for (const camera of ['cam03', 'cam04']) {
      expect(longestInState(camera, 'connecting')).toBeGreaterThan(1000);
      expect(longestInState(camera, 'connecting')).toBeLessThanOrEqual(8000);
    }
  });

  it.each([
    ['cam06', 'refuse_login', 'refused', /refused the login/],
    ['cam07', 'garbage_sdp', 'refused', /no H.264 or H.265|unreadable/],
    ['cam10', 'redirect', 'refused', /another address/],
    ['cam11', 'onvif_huge', 'refused', /unusable/],
    ['cam12', 'onvif_entity_bomb', 'refused', /unusable/],
    ['cam08', 'wrong_codec', 'refused', /not the H.264 or H.265 that it announces/],
    ['cam09', 'audio_only', 'camera_off', /sends no pictures/],
  ] as const)('%s (%s) has a standing alarm that says why', (camera, _kind, cause, why) => {
    const alarm = standing.alarms.find(
      ({ code, subject }) => code === 'camera_not_recording' && subject === `${camera}/main`,
    );
    expect(alarm?.facts).toMatchObject({ why: expect.stringMatching(why) });
    const causes = recorder
      .log('stream.ended')
      .filter((line) => line.camera === camera && Date.parse(String(line.time)) * 1000 > faultsUs + 1_000_000)
      .map((line) => line.cause);
    expect(causes).toContain(cause);
  });

  it('costs no other camera a frame', async () => {
    for (const camera of UNTOUCHED) {
      const account = accountFrames(
        sessionsOf(site.served(), camera, 'main'),
        await recordings.stamps(camera),
        {
          untilUs: faultsUs + (REBOOT_MS + 1000) * 1000,
        },
      );
      expect(account, camera).toMatchObject(NOTHING_LOST);
    }
  });

  it('is back once it behaves, every alarm cleared and every hole closed', async () => {
    for (const { id } of site.cameras) {
      const gaps = await recordings.gaps(id);
      // The last one is the recorder's own end.
      expect(gaps.at(-1)).toMatchObject({ toUs: null, cause: 'maintenance' });
      expect(gaps.slice(0, -1).every(({ toUs }) => toUs !== null)).toBe(true);
    }
    expect((await recordings.check('presence')).findings).toEqual([]);
  });
});

/** Between two frames that follow each other in the vault, by the camera's own time. */
async function longestHoleUs(camera: string): Promise<number> {
  const stamps = await recordings.stamps(camera);
  return Math.max(...stamps.slice(1).map(({ utcUs }, i) => utcUs - (stamps[i]?.utcUs ?? 0))) - FRAME_US;
}

/** The longest that a stream was in a state without a break, from the first look after the faults; ms. */
function longestInState(camera: string, state: string): number {
  let longest = 0;
  let sinceMs: number | undefined;
  for (const { atMs, status } of seen) {
    if (streamOf(status, camera)?.state !== state) sinceMs = undefined;
    else {
      sinceMs ??= atMs;
      longest = Math.max(longest, atMs - sinceMs);
    }
  }
  return longest;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
