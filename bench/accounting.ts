import { setTimeout as pause } from 'node:timers/promises';
import { startSimulatedSite } from '../demo/site.ts';
import { accountFrames, sessionsOf } from '../test/support/frame-account.ts';
import { openRecordings } from '../test/support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../test/support/recorder-home.ts';
import { allRecording, startRecorder } from '../test/support/recorder-process.ts';
import type { Figure } from './figure.ts';

/**
 * Half an hour of 13 cameras, main and sub-stream, at full size: every frame that the cameras sent is looked for
 * in the vault by its own number, across every rotation, and the vault is checked to its last byte.
 *
 * GIROK_BENCH_MINUTES (default 30) shortens it; at full size a minute takes 430 MB below the folder for temporary
 * files. GIROK_BENCH_PROFILE=small needs a seventh of that.
 */
const MINUTES = Number(process.env.GIROK_BENCH_MINUTES ?? 30);
const PROFILE = process.env.GIROK_BENCH_PROFILE === 'small' ? 'small' : 'full';
const CAMERAS = 13;
const STREAMS = ['main', 'sub'] as const;
/** What was sent in the last moment before the recorder was told to stop may not have reached it. */
const ON_ITS_WAY_US = 200_000;

export async function run(): Promise<Figure[]> {
  const site = await startSimulatedSite({
    profile: PROFILE,
    count: CAMERAS,
    addresses: 'one',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
    onProgress: ({ camera, of, percent }) => {
      if (percent % 25 === 0) say(`drawing the scenes: camera ${camera} of ${of}, ${percent} %`);
    },
  });
  const home = createRecorderHome({ cameras: site.cameras.map((camera) => byOnvif(camera)), login: site });
  try {
    const untilUs = await record(home);
    return await account(home, site, untilUs);
  } finally {
    await site.stop();
    home.remove();
  }
}

/** @returns up to when frames are asked for, µs UTC */
async function record(home: RecorderHome): Promise<number> {
  const recorder = startRecorder(home);
  try {
    await recorder.until('recording everything', 60_000, allRecording(STREAMS.length * CAMERAS));
    for (let minute = 1; minute <= Math.max(1, Math.ceil(MINUTES)); minute++) {
      await pause(Math.min(60_000, (MINUTES - minute + 1) * 60_000));
      const { cameras, alarms } = await recorder.status();
      const all = cameras.flatMap(({ streams }) => streams);
      const recording = all.filter(({ state }) => state === 'recording').length;
      const others = alarms.filter(({ code }) => code !== 'retention_at_risk').map(({ code }) => code);
      say(`minute ${minute} of ${MINUTES}: ${recording} streams recording ${others.join(' ')}`);
    }
    return Date.now() * 1000 - ON_ITS_WAY_US;
  } finally {
    const { code } = await recorder.stop();
    if (code !== 0) say(`the recorder ended with ${code}:\n${recorder.said().slice(-2000)}`);
  }
}

async function account(
  home: RecorderHome,
  site: Awaited<ReturnType<typeof startSimulatedSite>>,
  untilUs: number,
): Promise<Figure[]> {
  const recordings = openRecordings(home);
  const sums = { served: 0, recorded: 0, missing: 0, doubled: 0, sessions: 0, segments: 0, fewest: Infinity };
  for (const camera of site.cameras) {
    say(`counting the frames of ${camera.id} …`);
    for (const stream of STREAMS) {
      const sessions = sessionsOf(site.served(), camera.id, stream);
      const result = accountFrames(sessions, await recordings.stamps(camera.id, stream), { untilUs });
      if (result.missingFrames > 0) say(`${camera.id}/${stream} lacks ${JSON.stringify(result.missing)}`);
      const { length: segments } = await recordings.segments(camera.id, stream);
      sums.served += result.served;
      sums.recorded += result.recorded;
      sums.missing += result.missingFrames;
      sums.doubled += result.duplicates + result.invented + result.disorders;
      sums.sessions += sessions.length;
      sums.segments += segments;
      sums.fewest = Math.min(sums.fewest, segments);
    }
  }
  say('checking the vault to its last byte …');
  const { findings } = await recordings.check('full');
  await recordings.close();
  const streams = CAMERAS * STREAMS.length;
  return [
    {
      figure: `frames recorded, ${streams} streams, ${MINUTES} min`,
      value: sums.recorded,
      unit: 'frames',
      reference: sums.served,
      ratio: sums.recorded / sums.served,
      target: 'every frame served before the stop',
      holds: sums.missing === 0,
    },
    none('frames missing', sums.missing, 'frames'),
    none('frames doubled, invented or out of order', sums.doubled, 'frames'),
    none('connections beyond one per stream', sums.sessions - streams, 'connections'),
    {
      figure: 'rotations crossed',
      value: sums.segments - streams,
      unit: 'rotations',
      target: `>= ${streams * Math.max(1, Math.floor(MINUTES) - 1)}, each stream at its own`,
      holds: sums.fewest - 1 >= Math.max(1, Math.floor(MINUTES) - 1),
    },
    none('findings of a full check', findings.length, 'findings'),
  ];
}

const none = (figure: string, value: number, unit: string): Figure => ({
  figure,
  value,
  unit,
  target: '0',
  holds: value === 0,
});

const say = (text: string) => void process.stderr.write(`${text}\n`);
