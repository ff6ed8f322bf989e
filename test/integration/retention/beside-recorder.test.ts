import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { purgeOutcomeSchema } from '../../../src/contract/purge-outcome.ts';
import type { RecorderStatus } from '../../../src/contract/recorder-status.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { type CameraId, newId, type SegmentId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { fileOf } from '../../../src/vault/identity.ts';
import { loadRootKey } from '../../../src/vault/root-key.ts';
import { deriveKek } from '../../../src/vault/wrapping.ts';
import { accountFrames, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { girokDone } from '../../support/girok-command.ts';
import { keyringOf } from '../../support/keyring-of.ts';
import { foundInMemory, halfOf } from '../../support/memory-search.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, type RecorderProcess, startRecorder } from '../../support/recorder-process.ts';

const CAMERAS = 4;

let site: SimulatedSite;
let home: RecorderHome;
const ours = () => site.cameras.slice(0, CAMERAS);

beforeAll(async () => {
  const where = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
  site = await startSimulatedSite(where);
  home = createRecorderHome({
    cameras: ours().map((camera) => byOnvif(camera)),
    login: site,
    segmentSeconds: 10,
  });
});
afterAll(async () => {
  await site?.stop();
  home?.remove();
});

/** What an older recorder would have left: 33 days, two of them due, with the files of each. */
function fillThePast(): string[] {
  const siteTime = createSiteTime(home.timeZone);
  const keyring = keyringOf(home);
  const today = siteTime.dayOf(systemClock.utcUs());
  const days = Array.from({ length: 32 }, (_, ago) => siteTime.addDays(today, -ago - 1));
  const cameras = ours().map(({ id }) => id as CameraId);
  keyring.ensureKeys(cameras, days);
  keyring.close();
  const due = days.slice(30);
  for (const camera of cameras) {
    for (const day of due) {
      mkdirSync(join(home.storage, 'vault', camera, day), { recursive: true });
      for (let minute = 0; minute < 500; minute++) {
        const segment = newId<SegmentId>(systemClock.utcUs());
        const name = fileOf({ camera, stream: 'main', day, segment }, '120000');
        writeFileSync(join(home.storage, 'vault', name), Buffer.alloc(4096));
      }
    }
  }
  return due;
}

const girok = (...args: string[]) => girokDone({ home }, ...args);

/** A hold of what was recorded just now: copied, listed, ended, and then gone with its key. */
async function holdAndEnd(): Promise<void> {
  const siteTime = createSiteTime(home.timeZone);
  const nowUs = systemClock.utcUs();
  const [from, to] = [siteTime.label(nowUs - 15_000_000), siteTime.label(nowUs - 5_000_000)];
  const who = ['--by', '김접수', '--reason', '분실물'];
  const held = await girok('hold', 'add', '--camera', 'cam01', '--from', from, '--to', to, ...who);
  expect(held).toMatchObject({ kind: 'desk', cameras: ['cam01'], missed: [] });
  const { hold, files } = held as { hold: string; files: number };
  expect(files).toBeGreaterThanOrEqual(4);
  const listed = await girok('hold', 'list');
  expect(listed).toMatchObject([{ hold, state: 'held', by: '김접수', reason: '분실물', files }]);
  const folder = join(home.storage, 'evidence', hold);
  const copies = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.seg'),
  );
  expect(copies).toHaveLength(files);
  expect(await girok('retention', 'status')).toMatchObject({ lockers: [{ hold }], sound: true });

  await girok('hold', 'end', hold, ...who);
  const outcome = purgeOutcomeSchema.parse(await girok('purge'));
  expect(outcome).toMatchObject({
    certificate: { state: 'complete', days: [], lockers: [{ hold, reason: 'ended' }], keys: { erased: 1 } },
  });
  expect(existsSync(folder)).toBe(false);
  expect(await girok('hold', 'list', '--all')).toMatchObject([{ hold, state: 'erased', files }]);
  expect(await girok('retention', 'status')).toMatchObject({ lockers: [], sound: true });
}

/** Until every stream has so many pictures more than any has now. */
async function recordedOn(recorder: RecorderProcess, more: number): Promise<void> {
  const framesOf = ({ cameras }: RecorderStatus) =>
    cameras.flatMap(({ streams }) => streams.map(({ frames }) => frames));
  const now = Math.max(...framesOf(await recorder.status()));
  await recorder.until('recording on', 60_000, (status) =>
    framesOf(status).every((frames) => frames > now + more),
  );
}

it('erases two days beside a recorder that loses no frame and forgets the old wrapping key', async () => {
  const recorder = startRecorder(home);
  await recorder.until('recording everything', 30_000, allRecording(2 * CAMERAS));
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  const due = fillThePast();
  const slots = join(home.storage, 'keys', 'epoch.slots');
  const oldKek = deriveKek(rootKey, readSlots(slots)[0]!.secret);

  const confirmed = ['--confirm', 'clock', '--by', 'test', '--reason', 'test'];
  const outcome = purgeOutcomeSchema.parse(await girok('purge', ...confirmed));
  if (outcome.kind !== 'done' || !outcome.certificate) throw new Error(outcome.kind);
  const { certificate } = outcome;
  expect(certificate).toMatchObject({ state: 'complete', failures: [], keys: { toEpoch: 2 } });
  expect(certificate.days).toHaveLength(2 * CAMERAS);
  expect(certificate.days.reduce((sum, { files }) => sum + files, 0)).toBe(2 * CAMERAS * 500);
  expect(certificate.beyondRecoveryMs).toBeLessThan(10_000);
  for (const { id } of ours())
    expect(readdirSync(join(home.storage, 'vault', id)).filter((day) => due.includes(day))).toEqual([]);

  // Two more rotations of every stream under the new epoch.
  await recordedOn(recorder, 350);
  await holdAndEnd();
  if (process.getuid?.() === 0) expect(foundInMemory(recorder.pid, [halfOf(oldKek)])).toBe(0);
  // Asked for is all that was sent until erasing was over; how fast the last pictures arrive is not the question.
  const untilUs = systemClock.utcUs();
  await recordedOn(recorder, 60);
  expect(await recorder.stop()).toEqual({ code: 0, signal: null });
  const recordings = openRecordings(home);
  const told = JSON.stringify(recorder.log().filter(({ level }) => level !== 'info'));
  for (const camera of ours()) {
    for (const stream of ['main', 'sub'] as const) {
      const sessions = sessionsOf(site.served(), camera.id, stream);
      const account = accountFrames(sessions, await recordings.stamps(camera.id, stream), { untilUs });
      const gaps = JSON.stringify(await recordings.gaps(camera.id, stream));
      expect(account, `${camera.id}/${stream} ${gaps} ${told}`).toMatchObject(NOTHING_LOST);
      expect(sessions).toHaveLength(1);
    }
  }
  expect(await recordings.check('full')).toMatchObject({ findings: [] });
  await recordings.close();
});
