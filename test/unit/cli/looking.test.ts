import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCatalogueWriter } from '../../../src/catalogue/writer.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import type { RecorderStatus } from '../../../src/contract/recorder-status.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { SegmentId } from '../../../src/lib/ids.ts';
import { openVolume } from '../../../src/vault/volume.ts';
import {
  completionOfMinute,
  DAY_START_US,
  MAIN,
  openingOf,
  reservation,
  startRun,
} from '../../support/catalogue/scratch.ts';
import { cameraStatus, NETWORK, recorderStatus, streamStatus } from '../../support/sample-status.ts';
import { SOUND } from '../config/sample.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

/** A site of one camera whose storage folder is `storage`. */
function site(text = SOUND) {
  const folder = mkdtempSync(join(tmpdir(), 'girok-look-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, 'cameras.yml');
  writeFileSync(config, text);
  const storage = join(folder, 'store');
  mkdirSync(join(storage, 'run'), { recursive: true });
  const girok = async (...argv: string[]) => {
    const said = { out: '', err: '' };
    const code = await runCli([...argv, '--config', config], {
      commands: COMMANDS,
      env: { LANG: 'en_US.UTF-8' },
      clock: { ...systemClock, utcUs: () => DAY_START_US + 20 * 3600 * 1_000_000 },
      signal: new AbortController().signal,
      terminal: {
        out: (told) => {
          said.out += told;
        },
        err: (told) => {
          said.err += told;
        },
        live: false,
      },
    });
    return { code, ...said };
  };
  return { storage, girok };
}

async function recorderThatSays(storage: string, status: RecorderStatus) {
  const server = createServer((_request, response) => void response.end(JSON.stringify(status)));
  await new Promise<void>((resolve) => server.listen(join(storage, 'run', 'recorder.sock'), resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** Minutes 0 and 2 recorded, a network gap between, a third segment begun. */
async function recorded(storage: string) {
  const writer = await createCatalogueWriter({
    path: join(storage, 'catalogue.db'),
    clock: systemClock,
    batchMs: 20,
    onTrouble: () => undefined,
    onRefused: (kind, fault) => {
      throw new Error(`${kind}: ${fault}`);
    },
    onFatal: (error) => {
      throw error;
    },
  });
  writer.streamSeen(MAIN);
  startRun(writer);
  const ids: SegmentId[] = [];
  for (const minute of [0, 2]) {
    const id = await reservation(writer);
    ids.push(id);
    writer.segmentOpened(openingOf(id, minute));
    writer.segmentSealed(id, completionOfMinute(minute));
  }
  writer.gapClosed(writer.gapOpened(MAIN, DAY_START_US + 60e6, 'network'), DAY_START_US + 120e6);
  const loss = { missingPackets: 5, damagedFrames: 1, cause: 'network' } as const;
  writer.lossFound(MAIN, { ...loss, fromUs: DAY_START_US + 5e6, toUs: DAY_START_US + 7e6 });
  writer.lossFound(MAIN, {
    ...{ ...loss, missingPackets: 9, cause: 'camera' },
    ...{ fromUs: DAY_START_US + 130e6, toUs: DAY_START_US + 131e6 },
  });
  ids.push(await reservation(writer));
  await writer.flush();
  await writer.close();
  return ids;
}

describe('girok status', () => {
  it('shows cameras, forecast and alarms, and exits with 0 while all record', async () => {
    const { storage, girok } = site();
    await recorderThatSays(storage, recorderStatus());
    const { code, out } = await girok('status');
    expect(code).toBe(0);
    expect(out).toContain('Clinic: 1 of 1 cameras are recording (since 2026-11-22 11:00:00, 1 h 0 min)');
    expect(out).toMatch(/cam01 +Entrance +main +recording +15\.0 +4\.00 +1 s ago +2, 8 s +-/);
    expect(out).toContain(
      '30 days will not fit: about 45.0 GB a day, room for 10.7 days; 915.0 GB is missing.',
    );
    expect(out).toContain('1 of 2 streams are estimated');
    expect(out).toContain('No alarms.');
  });

  it('exits with 1 and shows the gap and the alarm in words when a camera is away', async () => {
    const { storage, girok } = site();
    const gap = { since: '2026-11-22T02:59:01.000Z', cause: 'camera_off' };
    await recorderThatSays(
      storage,
      recorderStatus({
        cameras: [cameraStatus('cam01', { streams: [streamStatus({ state: 'waiting', gap })] })],
        alarms: [{ code: 'camera_not_recording', subject: 'cam01/main', since: gap.since, facts: {} }],
      }),
    );
    const korean = await girok('status', '--lang', 'ko');
    expect(korean.code).toBe(1);
    expect(korean.out).toContain('1분 0초 (카메라 응답 없음)');
    expect(korean.out).toMatch(/! cam01\/main: 45초 넘게 녹화되지 않습니다\..* \(2026-11-22 11:59:01부터\)/);
    expect(JSON.parse((await girok('status', '--json')).out)).toMatchObject({ v: 1, pid: 4711 });
  });

  it('tells which streams ffmpeg pulls and why, and where packets were lost', async () => {
    const { storage, girok } = site();
    const sourceReason = 'ours refused: no';
    await recorderThatSays(
      storage,
      recorderStatus({
        cameras: [
          cameraStatus('cam01', { streams: [streamStatus({ source: 'rtsp', network: NETWORK })] }),
          cameraStatus('cam02', {
            streams: [
              streamStatus({ camera: 'cam02', sourceReason }),
              streamStatus({ camera: 'cam02', stream: 'sub', sourceReason }),
            ],
          }),
          cameraStatus('cam03', {
            streams: [
              streamStatus({
                camera: 'cam03',
                source: 'rtsp',
                network: { ...NETWORK, packets: 1e9, missingPackets: 1, damagedFrames: 0 },
              }),
              streamStatus({
                camera: 'cam03',
                stream: 'sub',
                source: 'rtsp',
                network: { ...NETWORK, missingPackets: 0, damagedFrames: 0 },
              }),
            ],
          }),
        ],
      }),
    );
    const { out } = await girok('status');
    expect(out).toContain('\nStreams pulled by ffmpeg: cam02/main, cam02/sub (ours refused: no)\n');
    expect(out).toContain(
      '\ncam01/main: 12 packets (0.01 %) did not arrive, 2 pictures were kept damaged.\n',
    );
    expect(out).toContain('\ncam03/main: 1 packets (< 0.01 %) did not arrive');
    expect(out).not.toContain('cam03/sub:');
    const korean = (await girok('status', '--lang', 'ko')).out;
    expect(korean).toContain('ffmpeg 으로 받는 스트림: cam02/main, cam02/sub (자체 클라이언트가 거절함: no)');
    expect(korean).toContain('cam01/main: 패킷 12개(0.01 %)가 오지 않았고');
    const [cam01] = JSON.parse((await girok('status', '--json')).out).cameras;
    expect(cam01.streams[0].network).toEqual(NETWORK);
  });

  it('exits with 6 without a recorder', async () => {
    const { code, err } = await site().girok('status');
    expect(code).toBe(6);
    expect(err).toContain('npm start');
  });
});

describe('girok coverage', () => {
  it('tells what is recorded, and each hole with its cause', async () => {
    const { storage, girok } = site();
    await recorded(storage);
    const { code, out } = await girok('coverage', '--day', '2026-11-22', '--json');
    expect(code).toBe(0);
    const [main] = JSON.parse(out).streams;
    expect(main).toMatchObject({
      camera: 'cam01',
      stream: 'main',
      seconds: { recorded: 120, gap: { network: 60 }, unknown: 20 * 3600 - 5 - 180 },
    });
    expect(main.gaps[0]).toEqual({
      from: '2026-11-21T15:01:00.000Z',
      to: '2026-11-21T15:02:00.000Z',
      seconds: 60,
      cause: 'network',
    });
    expect(main.losses).toEqual({
      missingPackets: 14,
      damagedFrames: 2,
      seconds: 3,
      causes: {
        network: { missingPackets: 5, damagedFrames: 1, seconds: 2 },
        camera: { missingPackets: 9, damagedFrames: 1, seconds: 1 },
      },
    });
    const human = await girok('coverage', '--camera', 'cam01', '--stream', 'main');
    expect(human.out).toContain('2026-11-22 (00:00:00 to 19:59:55)');
    expect(human.out).toContain(
      '\ncam01/main  14 packets missing, 2 pictures damaged, in 3 s (left out by the camera 9, network 5)\n',
    );
    expect((await girok('coverage', '--lang', 'ko')).out).toContain('오지 않은 패킷 14개, 손상된 화면 2장');
    expect(human.out).toMatch(/cam01\/main {2}00:01:00 to 00:02:00 {2}1 min 0 s {2}network/);
  });

  it.each([
    [['--day', '2026-13-01'], '--day'],
    [['--day', '2026-11-23'], 'has not begun'],
    [['--stream', 'third'], '--stream'],
    [['--camera', 'cam99'], 'cam99'],
  ])('refuses %j', async (argv, reason) => {
    const { storage, girok } = site();
    await recorded(storage);
    const { code, err } = await girok('coverage', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });

  it('says that nothing was ever recorded where there is no catalogue', async () => {
    expect((await site().girok('coverage')).code).toBe(4);
  });
});

describe('girok forecast', () => {
  it('works without a recorder, from ordinary bit rates', async () => {
    const { girok } = site();
    const { out, code } = await girok('forecast', '--json');
    const seen = JSON.parse(out);
    expect(seen).toMatchObject({ retentionDays: 30, measuredStreams: 0, assumedStreams: 2 });
    expect(code).toBe(seen.fits ? 0 : 1);
  });

  it('asks the recorder where one runs', async () => {
    const { storage, girok } = site();
    await recorderThatSays(storage, recorderStatus());
    const { code, out } = await girok('forecast');
    expect(code).toBe(1);
    expect(out).toMatch(/days that fit +10\.7/);
  });
});

describe('girok vault check', () => {
  it('lists what is missing and what is strange and exits with 1, but lets pass what is being written', async () => {
    const { storage, girok } = site();
    const [first, , reserved] = await recorded(storage);
    const day = join(storage, 'vault', 'cam01', '2026-11-22');
    mkdirSync(day, { recursive: true });
    writeFileSync(join(day, `000300-main-${reserved}.seg`), '');
    writeFileSync(join(day, 'notes.txt'), '');
    const { code, out } = await girok('vault', 'check', '--level', 'presence', '--json');
    expect(code).toBe(1);
    const { findings, ...rest } = JSON.parse(out);
    expect(rest).toEqual({ level: 'presence', files: 2, unfinished: 1, sound: false });
    expect(findings.map(({ kind }: { kind: string }) => kind)).toEqual(['strange', 'missing', 'missing']);
    expect(findings[1]).toMatchObject({
      file: `cam01/2026-11-22/minute-0-main-${first}.seg`,
      sentence: expect.stringContaining('registered but not there'),
    });
  });

  it('refuses a level that does not exist', async () => {
    expect((await site().girok('vault', 'check', '--level', 'deep')).code).toBe(2);
  });
});

describe('girok vault reindex', () => {
  it('does not touch the catalogue of a running recorder', async () => {
    const { storage, girok } = site();
    rmSync(storage, { recursive: true });
    const volume = await openVolume({ storage, initialise: true, site: 'clinic', clock: systemClock });
    const { code, err } = await girok('vault', 'reindex');
    expect(code).toBe(4);
    expect(err).toContain('in use');
    volume.release();
  });

  it('refuses a folder that is nobody’s store', async () => {
    const { code, err } = await site().girok('vault', 'reindex');
    expect(code).toBe(4);
    expect(err).toContain('mark');
  });
});
