import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../demo/site.ts';
import { showFigures } from '../support/figures.ts';
import { accountFrames, FRAME_US, NOTHING_LOST, sessionsOf } from '../support/frame-account.ts';
import { holdWriteLock } from '../support/lock-holder.ts';
import { openRecordings } from '../support/recorded-frames.ts';
import {
  byAddress,
  createRecorderHome,
  type HomeOptions,
  type RecorderHome,
} from '../support/recorder-home.ts';
import { allRecording, startRecorder, streamOf } from '../support/recorder-process.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const LOCKED_MS = 65_000;
const FULL_MS = 15_000;
const MIB = 1024 * 1024;
/** Between the camera's time of a picture and the recorder's. */
const SLACK_US = 500_000;

let site: SimulatedSite;
const homes: RecorderHome[] = [];

beforeAll(async () => {
  site = await startSimulatedSite({
    addresses: 'one',
    count: 6,
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
  });
});
afterAll(async () => {
  await site?.stop();
  for (const home of homes) home.remove();
});

/** Each test has two cameras of its own, so that all of them can run at the same time. */
function homeOf(first: number, more: Partial<HomeOptions> = {}): RecorderHome {
  const cameras = site.cameras.slice(first, first + 2).map((camera) => byAddress(camera, 'main', 'sub'));
  const home = createRecorderHome({ cameras, login: site, ...more });
  homes.push(home);
  return home;
}

async function expectWhole(home: RecorderHome, first: number, untilUs: number): Promise<void> {
  const recordings = openRecordings(home);
  for (const { id } of site.cameras.slice(first, first + 2)) {
    for (const stream of ['main', 'sub'] as const) {
      const stamps = await recordings.stamps(id, stream);
      const account = accountFrames(sessionsOf(site.served(), id, stream), stamps, { untilUs });
      expect(account, `${id}/${stream}`).toMatchObject(NOTHING_LOST);
      const rows = await recordings.segments(id, stream);
      expect(rows.every(({ state }) => state === 'sealed')).toBe(true);
      expect(rows.reduce((sum, { frames }) => sum + frames, 0)).toBe(stamps.length);
    }
  }
  expect((await recordings.check('full')).findings).toEqual([]);
  await recordings.close();
}

describe.concurrent('recording goes on', () => {
  it('while another process holds the write locks of both databases for a minute', async () => {
    const home = homeOf(0);
    const recorder = startRecorder(home);
    await recorder.until('recording', 20_000, allRecording(4));
    const before = await recorder.status();
    const locks = await Promise.all(
      [join(home.storage, 'catalogue.db'), join(home.storage, 'keys', 'keyring.db')].map(holdWriteLock),
    );
    await pause(LOCKED_MS);
    const during = await recorder.status();
    expect(during.alarms.map(({ code }) => code)).toContain('catalogue_blocked');
    expect(during.catalogue.oldestWaitingMs).toBeGreaterThan(50_000);
    for (const { id } of site.cameras.slice(0, 2)) {
      const [then, now] = [streamOf(before, id), streamOf(during, id)];
      expect((now?.frames ?? 0) - (then?.frames ?? 0)).toBeGreaterThan((LOCKED_MS / 1000 - 2) * 15);
    }
    await Promise.all(locks.map((lock) => lock.release()));
    await recorder.until(
      'through with what waited',
      15_000,
      ({ catalogue, alarms }) =>
        catalogue.backlog < 10 && !alarms.some(({ code }) => code === 'catalogue_blocked'),
    );
    const untilUs = Date.now() * 1000 - 200_000;
    await recorder.stop();
    await expectWhole(home, 0, untilUs);
  });

  it('while the disk of the ledger’s spool is full, and the entries are written when there is room', async ({
    skip,
  }) => {
    const home = homeOf(2);
    const cameras = site.cameras.slice(2, 4).map((camera) => byAddress(camera, 'main', 'sub'));
    // Only a storage folder that exists can have another disk inside.
    home.configure(cameras.map((camera) => ({ ...camera, enabled: false })));
    const starter = startRecorder(home);
    await starter.until('up', 20_000, () => true);
    await starter.stop();
    home.configure(cameras);
    const disk = mountSmallDisk(join(home.storage, 'spool'), 64 * 1024);
    if ('refused' in disk) return skip(`no file system can be mounted here: ${disk.refused}`);
    try {
      disk.fill();
      const recorder = startRecorder(home);
      await recorder.until('recording', 20_000, allRecording(4));
      await recorder.until(
        'alarmed',
        10_000,
        ({ alarms, spool }) => alarms.some(({ code }) => code === 'spool_blocked') && spool.waiting > 0,
      );
      await pause(5000);
      disk.empty();
      await recorder.until(
        'rid of the alarm',
        10_000,
        ({ alarms, spool }) => !alarms.some(({ code }) => code === 'spool_blocked') && spool.waiting === 0,
      );
      const entries = readdirSync(join(home.storage, 'spool', 'recorder')).map(
        (name) => JSON.parse(readFileSync(join(home.storage, 'spool', 'recorder', name), 'utf8')).event,
      );
      expect(entries).toContain('recorder.started');
      const untilUs = Date.now() * 1000 - 200_000;
      await recorder.stop();
      await expectWhole(home, 2, untilUs);
    } finally {
      disk.unmount();
    }
  });

  it('within 10 s after a full disk has room again; nothing is deleted, the hole has its cause', async ({
    skip,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'girok-small-disk-'));
    const disk = mountSmallDisk(folder, 96 * MIB);
    if ('refused' in disk) return skip(`no file system can be mounted here: ${disk.refused}`);
    try {
      const home = homeOf(4, { storage: folder, reserve: '8 MiB' });
      const recorder = startRecorder(home);
      await recorder.until('recording', 20_000, allRecording(4));
      await pause(4000);
      const young = filesBelow(join(folder, 'vault'));
      // Beyond the reserve, to the last byte: writes of footage and of the databases fail in mid-flight.
      disk.fill();
      await recorder.until('alarmed', 5000, ({ alarms }) => alarms.some(({ code }) => code === 'disk_full'));
      await pause(FULL_MS);
      const during = await recorder.status();
      for (const { id } of site.cameras.slice(4, 6))
        expect(streamOf(during, id)?.gap).toMatchObject({ cause: 'disk' });
      disk.empty();
      const roomUs = Date.now() * 1000;
      await recorder.until(
        'recording again',
        15_000,
        ({ cameras, alarms }) =>
          cameras.every(({ streams }) => streams.every(({ gap }) => gap === undefined)) &&
          !alarms.some(({ code }) => code === 'disk_full'),
      );
      await pause(4000);
      const untilUs = Date.now() * 1000 - 200_000;
      expect(await recorder.stop()).toMatchObject({ code: 0 });
      for (const [name, bytes] of young) expect(statSync(name).size).toBeGreaterThanOrEqual(bytes);
      const recordings = openRecordings(home);
      let lost = 0;
      for (const { id } of site.cameras.slice(4, 6)) {
        for (const stream of ['main', 'sub'] as const) {
          const stamps = await recordings.stamps(id, stream);
          const again = stamps.find(({ utcUs }) => utcUs >= roomUs);
          expect((again?.utcUs ?? Number.POSITIVE_INFINITY) - roomUs).toBeLessThanOrEqual(10_000_000);
          const sessions = sessionsOf(site.served(), id, stream);
          // Only while the disk was full is anything missing, and in one piece.
          const { missing, missingFrames, disorders, duplicates } = accountFrames(sessions, stamps, {
            untilUs,
          });
          expect(missing.length, JSON.stringify(missing)).toBeLessThanOrEqual(2);
          expect({ disorders, duplicates }).toEqual({ disorders: 0, duplicates: 0 });
          // What memory could not hold until there was room is missing, and a row says so; nothing else is.
          const [first] = stamps;
          if (!first) throw new Error(`nothing of ${id}/${stream}`);
          const timeOf = (frame: number) => first.utcUs + (frame - first.frame) * FRAME_US;
          const gaps = (await recordings.gaps(id, stream)).filter(({ toUs }) => toUs !== null);
          for (const [from, to] of missing)
            expect(
              gaps.filter(
                ({ fromUs, toUs, cause }) =>
                  cause === 'disk' &&
                  fromUs <= timeOf(from) + SLACK_US &&
                  (toUs ?? 0) >= timeOf(to) - SLACK_US,
              ),
              `${id}/${stream} lacks ${from}…${to}`,
            ).toHaveLength(1);
          expect(gaps.filter(({ cause }) => cause !== 'disk')).toEqual([]);
          lost += missingFrames;
        }
      }
      showFigures({ diskFullMs: FULL_MS, framesLost: lost });
      expect((await recordings.check('full')).findings).toEqual([]);
      await recordings.close();
    } finally {
      disk.unmount();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function filesBelow(folder: string): Map<string, number> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.seg'),
  );
  return new Map(names.map((name) => [join(folder, name), statSync(join(folder, name)).size]));
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
