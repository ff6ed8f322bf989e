import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { accountFrames, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';

const CAMERAS = 13;
/** Segments of 20 s: each stream rotates twice or more in this time. */
const SEGMENT_S = 20;
const RECORD_MS = 68_000;
/** Of what was sent before the recorder was told to stop, nothing may be missing but what was on its way. */
const ON_ITS_WAY_US = 200_000;

let site: SimulatedSite;
let home: RecorderHome;

beforeAll(async () => {
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
  home = createRecorderHome({
    cameras: site.cameras.map((camera) => byOnvif(camera)),
    login: site,
    segmentSeconds: SEGMENT_S,
  });
});
afterAll(async () => {
  await site?.stop();
  home?.remove();
});

it('keeps every frame of 13 cameras and 26 streams, by number, across every rotation', async () => {
  const recorder = startRecorder(home);
  await recorder.until('recording everything', 30_000, allRecording(2 * CAMERAS));
  await new Promise((resolve) => setTimeout(resolve, RECORD_MS));
  const status = await recorder.status();
  const untilUs = Date.now() * 1000 - ON_ITS_WAY_US;
  expect(await recorder.stop()).toEqual({ code: 0, signal: null });
  // The disk of the machine that tests may well be too small for thirty days.
  expect(status.alarms.filter(({ code }) => code !== 'retention_at_risk')).toEqual([]);

  const recordings = openRecordings(home);
  let frames = 0;
  for (const camera of site.cameras) {
    for (const stream of ['main', 'sub'] as const) {
      const sessions = sessionsOf(site.served(), camera.id, stream);
      const account = accountFrames(sessions, await recordings.stamps(camera.id, stream), { untilUs });
      expect(account, `${camera.id}/${stream}`).toMatchObject(NOTHING_LOST);
      expect(sessions).toHaveLength(1);
      const segments = await recordings.segments(camera.id, stream);
      expect(segments.length).toBeGreaterThanOrEqual(3);
      expect(new Set(segments.map(({ state }) => state))).toEqual(new Set(['sealed']));
      frames += account.recorded;
    }
  }
  expect(frames).toBeGreaterThan(2 * CAMERAS * 15 * (RECORD_MS / 1000));
  expect(await recordings.check('full')).toMatchObject({ findings: [] });
  await recordings.close();
});
