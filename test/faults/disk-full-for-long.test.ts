import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { showFigures } from '../support/figures.ts';
import { startForeignServer, whatForeignServerLacks } from '../support/foreign-server.ts';
import { openRecordings } from '../support/recorded-frames.ts';
import { createRecorderHome } from '../support/recorder-home.ts';
import { allRecording, startRecorder, streamOf } from '../support/recorder-process.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

/** 3 MB/s: what memory may hold of a stream is used up after six seconds. */
const NOISE = 'testsrc2=size=1280x720:rate=15,noise=alls=60:allf=t';
const BITRATE = ['-b:v', '24M', '-minrate', '24M', '-maxrate', '24M', '-bufsize', '12M'];
const FULL_MS = 16_000;
const HELD_BYTES = 16 * 1024 * 1024;
const MIB = 1024 * 1024;

it('leaves one gap row while a disk stays full for longer than memory can hold, and stays within its memory', async ({
  skip,
}) => {
  const missing = whatForeignServerLacks();
  if (missing) return skip(missing);
  const folder = mkdtempSync(join(tmpdir(), 'girok-small-disk-'));
  const disk = mountSmallDisk(folder, 160 * MIB);
  if ('refused' in disk) return skip(`no file system can be mounted here: ${disk.refused}`);
  const clip = join(mkdtempSync(join(tmpdir(), 'girok-clip-')), 'noise.mp4');
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '15', '-pix_fmt', 'yuv420p'];
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', NOISE, '-t', '4', ...encode, ...BITRATE, clip]);
  const server = await startForeignServer([clip]);
  const cameras = [{ id: 'cam01', source: `rtsp: { main: '${server.urls[0]}' }` }];
  const home = createRecorderHome({ cameras, storage: folder, reserve: '8 MiB' });
  try {
    const recorder = startRecorder(home);
    await recorder.until('recording', 20_000, allRecording(1));
    await pause(4000);
    disk.fill();
    await recorder.until('alarmed', 5000, ({ alarms }) => alarms.some(({ code }) => code === 'disk_full'));
    await pause(FULL_MS);
    const during = streamOf(await recorder.status(), 'cam01');
    expect(during).toMatchObject({ gap: { cause: 'disk' } });
    expect(during?.backlogBytes).toBeLessThanOrEqual(1.25 * HELD_BYTES);
    expect(during?.droppedFragments).toBeGreaterThan(0);
    disk.empty();
    const roomMs = performance.now();
    await recorder.until('recording again', 10_000, (status) => streamOf(status, 'cam01')?.gap === undefined);
    const againMs = Math.round(performance.now() - roomMs);
    await pause(3000);
    expect(await recorder.stop()).toEqual({ code: 0, signal: null });

    const recordings = openRecordings(home);
    const [gap, ...more] = (await recordings.gaps('cam01')).filter(({ toUs }) => toUs !== null);
    expect(gap).toMatchObject({ cause: 'disk' });
    expect(more).toEqual([]);
    const segments = await recordings.segments('cam01');
    const { fromUs = 0, toUs } = gap ?? {};
    // The row is the hole: footage on both sides of it and none within.
    const inside = segments.filter(
      ({ startUs, durationUs }) => startUs + durationUs > fromUs + 100_000 && startUs < (toUs ?? 0) - 100_000,
    );
    expect(inside).toEqual([]);
    const holeMs = Math.round(((toUs ?? 0) - fromUs) / 1000);
    expect(holeMs).toBeGreaterThan(2000);
    expect(holeMs).toBeLessThanOrEqual(FULL_MS + 10_000);
    showFigures({ diskFullMs: FULL_MS, holeMs, againMs });
    expect((await recordings.check('full')).findings).toEqual([]);
    await recordings.close();
  } finally {
    server.stop();
    disk.unmount();
    home.remove();
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(clip, '..'), { recursive: true, force: true });
  }
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
