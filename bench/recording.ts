import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../src/lib/clock.ts';
import { accountFrames, sessionsOf } from '../test/support/frame-account.ts';
import { openRecordings } from '../test/support/recorded-frames.ts';
import { byAddress, createRecorderHome, type RecorderHome } from '../test/support/recorder-home.ts';
import { allRecording, startRecorder } from '../test/support/recorder-process.ts';
import type { Figure } from './figure.ts';
import { type TreeUse, useOfTree } from './support/process-tree.ts';
import { type SimulatedCameras, startCameras } from './support/simulated-cameras.ts';

/**
 * What recording costs: the whole recorder (children, sealing and catalogue included) against as many plain
 * ffmpeg copies of the same streams, side by side in the same minutes on the same machine; then how it holds
 * with 64 cameras on this machine, every frame accounted for by its number.
 *
 * GIROK_BENCH_MINUTES (default 3) is the length of each measurement.
 */
const MINUTES = Number(process.env.GIROK_BENCH_MINUTES ?? 3);
const WARM_UP_MS = 20_000;
const MANY = Number(process.env.GIROK_BENCH_CAMERAS ?? 64);

export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'girok-bench-'));
  try {
    const figures: Figure[] = [];
    const site = await startCameras(13, 'full');
    try {
      figures.push(...(await sideBySide(folder, site, 'main', { cpu: 2.0, megabytes: 400 })));
      figures.push(...(await sideBySide(folder, site, 'main+sub', { megabytes: 600 })));
    } finally {
      await site.stop();
    }
    figures.push(...(await manyCameras()));
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sideBySide(
  folder: string,
  site: SimulatedCameras,
  record: 'main' | 'main+sub',
  limits: { cpu?: number; megabytes: number },
): Promise<Figure[]> {
  say(`13 cameras, ${record}: ${MINUTES} min beside plain ffmpeg copies …`);
  const { user, password } = site;
  const home = createRecorderHome({
    login: { user, password },
    cameras: site.cameras.map((camera) => byAddress(camera, 'main', record === 'main' ? undefined : 'sub')),
  });
  const recorder = startRecorder(home);
  const streams = site.cameras.flatMap(({ urls }) =>
    record === 'main' ? [urls.main] : [urls.main, urls.sub],
  );
  const plain = await startPlainCopies(join(folder, `plain-${record}`), site, streams);
  try {
    await pause(WARM_UP_MS);
    const before = {
      ours: useOfTree(recorder.pid),
      plain: sum(plain.map((child) => useOfTree(child.pid as number))),
    };
    await pause(MINUTES * 60_000);
    const after = {
      ours: useOfTree(recorder.pid),
      plain: sum(plain.map((child) => useOfTree(child.pid as number))),
    };
    await recorder.until('still recording every stream', 5000, allRecording(streams.length));
    const ended = plain.filter((child) => child.exitCode !== null).length;
    if (ended > 0) throw new Error(`${ended} of the plain ffmpeg copies have ended: nothing to compare with`);
    const percent = (use: { before: TreeUse; after: TreeUse }) =>
      ((use.after.cpuSeconds - use.before.cpuSeconds) / (MINUTES * 60)) * 100;
    const oursCpu = percent({ before: before.ours, after: after.ours });
    const plainCpu = percent({ before: before.plain, after: after.plain });
    const oursMb = after.ours.pssBytes / 1e6;
    const plainMb = after.plain.pssBytes / 1e6;
    const name = `recording.13.${record}`;
    return [
      {
        figure: `${name}.cpu`,
        value: round(oursCpu),
        unit: '% of a core',
        reference: round(plainCpu),
        ratio: round(oursCpu / plainCpu),
        target: limits.cpu === undefined ? 'reported' : `ratio <= ${limits.cpu} of plain ffmpeg copies`,
        holds: limits.cpu === undefined || oursCpu / plainCpu <= limits.cpu,
      },
      {
        figure: `${name}.pss`,
        value: round(oursMb),
        unit: 'MB',
        reference: round(plainMb),
        ratio: round(oursMb / plainMb),
        target: `<= ${limits.megabytes} MB`,
        holds: oursMb <= limits.megabytes,
      },
    ];
  } finally {
    await recorder.stop();
    for (const child of plain) child.kill('SIGKILL');
    home.remove();
    await rm(join(folder, `plain-${record}`), { recursive: true, force: true });
  }
}

export async function manyCameras(): Promise<Figure[]> {
  say(`${MANY} cameras, main: ${MINUTES} min …`);
  const site = await startCameras(MANY, 'full');
  const { user, password } = site;
  const home = createRecorderHome({
    login: { user, password },
    cameras: site.cameras.map((camera) => byAddress(camera)),
  });
  try {
    const recorder = startRecorder(home);
    await recorder.until('recording every camera', 120_000, allRecording(MANY));
    const before = useOfTree(recorder.pid);
    await pause(MINUTES * 60_000);
    const after = useOfTree(recorder.pid);
    const siteUse = useOfTree(site.pid);
    const untilUs = systemClock.utcUs();
    await recorder.stop();
    const { served, missing } = await accountFor(home, site, untilUs);
    const cpu = ((after.cpuSeconds - before.cpuSeconds) / (MINUTES * 60)) * 100;
    return [
      {
        figure: `recording.${MANY}.main.frames_lost`,
        value: missing,
        unit: 'frames',
        reference: served,
        target: '0 of all frames served',
        holds: missing === 0,
      },
      {
        figure: `recording.${MANY}.main.cpu`,
        value: round(cpu),
        unit: '% of a core',
        target: 'reported',
        holds: true,
      },
      {
        figure: `recording.${MANY}.main.pss`,
        value: round(after.pssBytes / 1e6),
        unit: 'MB',
        target: 'reported',
        holds: true,
      },
      {
        figure: `simulated_site.${MANY}.cpu_seconds`,
        value: round(siteUse.cpuSeconds),
        unit: 's since its start',
        target: 'reported',
        holds: true,
      },
    ];
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
