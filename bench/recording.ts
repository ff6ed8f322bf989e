import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/lib/clock.ts';
import { accountFrames, sessionsOf } from '../test/support/frame-account.ts';
import { openRecordings } from '../test/support/recorded-frames.ts';
import { byAddress, createRecorderHome, type RecorderHome } from '../test/support/recorder-home.ts';
import { allRecording, startRecorder } from '../test/support/recorder-process.ts';
import type { Figure } from './figure.ts';
import { type TreeUse, useOfTree } from './support/process-tree.ts';
import { type SimulatedCameras, startCameras } from './support/simulated-cameras.ts';

/**
 * What recording costs: the whole recorder (sealing and catalogue included) with our own client and with the
 * ffmpeg source, against as many plain ffmpeg copies of the same streams, all three side by side in the same
 * minutes on the same machine; then how it holds with many cameras on this machine, every frame accounted for
 * by its number, up to where frames begin to be lost.
 *
 * GIROK_BENCH_MINUTES (default 3) is the length of each measurement; GIROK_BENCH_CAMERAS (default 64,128) the
 * numbers of cameras of the second part, which is left out when it is empty.
 */
const MINUTES = Number(process.env.GIROK_BENCH_MINUTES ?? 3);
const WARM_UP_MS = 20_000;
/** As it is shipped: run from the sources it would also hold what strips their types. */
const BUILT = fileURLToPath(new URL('../dist/src/main/recorder.js', import.meta.url));
const MANY = (process.env.GIROK_BENCH_CAMERAS ?? '64,128').split(',').filter(Boolean).map(Number);
/** A configuration names no more cameras. */
const MOST_CAMERAS = 256;
const STEP = 32;
const SEARCH_MINUTES = 0.5;

export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'girok-bench-'));
  try {
    const figures: Figure[] = [];
    const site = await startCameras(13, 'full');
    try {
      figures.push(...(await sideBySide(folder, site, 'main', { cpu: 1.3, memory: 0.75 })));
      figures.push(...(await sideBySide(folder, site, 'main+sub')));
    } finally {
      await site.stop();
    }
    for (const count of MANY) figures.push(...(await manyCameras(count)));
    if (MANY.length > 0) figures.push(await whereLossBegins());
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sideBySide(
  folder: string,
  site: SimulatedCameras,
  record: 'main' | 'main+sub',
  limits?: { cpu: number; memory: number },
): Promise<Figure[]> {
  say(`13 cameras, ${record}: ${MINUTES} min of our client, the ffmpeg source and plain ffmpeg copies …`);
  const { user, password } = site;
  const homes = (['rtsp', 'ffmpeg'] as const).map((client) =>
    createRecorderHome({
      client,
      login: { user, password },
      cameras: site.cameras.map((camera) => byAddress(camera, 'main', record === 'main' ? undefined : 'sub')),
    }),
  );
  const recorders = homes.map((home) => startRecorder(home, { program: BUILT }));
  const streams = site.cameras.flatMap(({ urls }) =>
    record === 'main' ? [urls.main] : [urls.main, urls.sub],
  );
  const plain = await startPlainCopies(join(folder, `plain-${record}`), site, streams);
  const look = () => [
    ...recorders.map(({ pid }) => useOfTree(pid)),
    sum(plain.map((child) => useOfTree(child.pid as number))),
  ];
  try {
    await pause(WARM_UP_MS);
    const before = look();
    await pause(MINUTES * 60_000);
    const after = look();
    for (const recorder of recorders)
      await recorder.until('still recording every stream', 5000, allRecording(streams.length));
    const ended = plain.filter((child) => child.exitCode !== null).length;
    if (ended > 0) throw new Error(`${ended} of the plain ffmpeg copies have ended: nothing to compare with`);
    const cpu = after.map(
      (use, index) => ((use.cpuSeconds - (before[index]?.cpuSeconds ?? 0)) / (MINUTES * 60)) * 100,
    );
    const megabytes = after.map(({ pssBytes }) => pssBytes / 1e6);
    const name = `recording.13.${record}`;
    return ['own_client', 'ffmpeg_source'].flatMap((who, index) => {
      const own = who === 'own_client' ? limits : undefined;
      return [
        compared(`${name}.${who}.cpu`, '% of a core', cpu[index], cpu[2], own?.cpu),
        compared(`${name}.${who}.pss`, 'MB', megabytes[index], megabytes[2], own?.memory),
      ];
    });
  } finally {
    await Promise.all(recorders.map((recorder) => recorder.stop()));
    for (const child of plain) child.kill('SIGKILL');
    for (const home of homes) home.remove();
    await rm(join(folder, `plain-${record}`), { recursive: true, force: true });
  }
}

/** A figure beside that of the plain ffmpeg copies; `limit` is the highest ratio that holds. */
function compared(figure: string, unit: string, value = 0, reference = 0, limit?: number): Figure {
  const ratio = value / reference;
  return {
    figure,
    value: round(value),
    unit,
    reference: round(reference),
    ratio: round(ratio),
    target: limit === undefined ? 'reported' : `ratio <= ${limit} of plain ffmpeg copies`,
    holds: limit === undefined || ratio <= limit,
  };
}

async function manyCameras(count: number): Promise<Figure[]> {
  const { served, missing, cpu, megabytes, siteCpu } = await recordMany(count, MINUTES);
  const name = `recording.${count}.main`;
  const reported = (figure: string, value: number, unit: string): Figure => ({
    figure,
    value: round(value),
    unit,
    target: 'reported',
    holds: true,
  });
  return [
    {
      figure: `${name}.frames_lost`,
      value: missing,
      unit: 'frames',
      reference: served,
      target: '0 of all frames served',
      holds: missing === 0,
    },
    reported(`${name}.cpu`, cpu, '% of a core'),
    reported(`${name}.pss`, megabytes, 'MB'),
    reported(`${name}.simulated_site.cpu`, siteCpu, '% of a core'),
  ];
}

/** More and more cameras until frames are lost; the simulated cameras need their share of the same cores. */
async function whereLossBegins(): Promise<Figure> {
  let count = Math.max(...MANY);
  let missing = 0;
  while (missing === 0 && count < MOST_CAMERAS) {
    count += STEP;
    try {
      ({ missing } = await recordMany(count, SEARCH_MINUTES));
    } catch (error) {
      // They did not even all come up: more than this machine can serve and record at once.
      say(String(error).slice(0, 200));
      missing = Number.POSITIVE_INFINITY;
    }
  }
  return {
    figure: missing > 0 ? 'recording.loss_begins_at' : 'recording.no_loss_up_to',
    value: count,
    unit: 'cameras',
    reference: missing,
    target: `reported (reference: frames lost there; ${MOST_CAMERAS} is the most a configuration names)`,
    holds: true,
  };
}

async function recordMany(count: number, minutes: number) {
  say(`${count} cameras, main: ${minutes} min …`);
  const site = await startCameras(count, 'full');
  const { user, password } = site;
  const home = createRecorderHome({
    login: { user, password },
    cameras: site.cameras.map((camera) => byAddress(camera)),
  });
  try {
    const recorder = startRecorder(home, { program: BUILT });
    await recorder.until('recording every camera', 120_000, allRecording(count));
    const before = [useOfTree(recorder.pid), useOfTree(site.pid)];
    await pause(minutes * 60_000);
    const after = [useOfTree(recorder.pid), useOfTree(site.pid)];
    const untilUs = systemClock.utcUs();
    await recorder.stop();
    const account = await accountFor(home, site, untilUs);
    const [cpu = 0, siteCpu = 0] = after.map(
      (use, index) => ((use.cpuSeconds - (before[index]?.cpuSeconds ?? 0)) / (minutes * 60)) * 100,
    );
    return { ...account, cpu, siteCpu, megabytes: (after[0]?.pssBytes ?? 0) / 1e6 };
  } finally {
    await site.stop();
    home.remove();
  }
}

/** Every frame of every camera by its number: what was sent against what is in the vault. */
async function accountFor(home: RecorderHome, site: SimulatedCameras, untilUs: number) {
  const sessions = await site.served();
  const recordings = openRecordings(home);
  let served = 0;
  let missing = 0;
  try {
    for (const { id } of site.cameras) {
      const account = accountFrames(sessionsOf(sessions, id, 'main'), await recordings.stamps(id), {
        untilUs,
      });
      if (account.missing.length > 0)
        say(`${id}: frames ${JSON.stringify(account.missing)} of ${account.served} missing`);
      served += account.served;
      // A camera that was never recorded has nothing to count from: all that it sent is missing.
      missing += account.recorded === 0 ? account.served : account.missingFrames;
    }
  } finally {
    await recordings.close();
  }
  return { served, missing };
}

/** What one would type by hand: one ffmpeg per stream, copying the video into files of a minute (two cameras offer sound that MP4 cannot hold). */
async function startPlainCopies(
  folder: string,
  site: SimulatedCameras,
  streams: readonly string[],
): Promise<ChildProcess[]> {
  await mkdir(folder, { recursive: true });
  return streams.map((url, index) => {
    const login = url.replace('://', `://${site.user}:${site.password}@`);
    const child = spawn(
      'ffmpeg',
      [
        '-nostdin',
        '-loglevel',
        'error',
        '-rtsp_transport',
        'tcp',
        '-i',
        login,
        '-map',
        '0:v',
        '-c',
        'copy',
        '-f',
        'segment',
      ].concat(['-segment_time', '60', '-reset_timestamps', '1', join(folder, `${index}-%04d.mp4`)]),
      { stdio: 'ignore' },
    );
    void once(child, 'exit');
    return child;
  });
}

function sum(uses: readonly TreeUse[]): TreeUse {
  return uses.reduce(
    (all, use) => ({
      cpuSeconds: all.cpuSeconds + use.cpuSeconds,
      pssBytes: all.pssBytes + use.pssBytes,
      processes: all.processes + use.processes,
    }),
    { cpuSeconds: 0, pssBytes: 0, processes: 0 },
  );
}

const round = (value: number) => Math.round(value * 100) / 100;
const say = (text: string) => process.stderr.write(`${text}\n`);
