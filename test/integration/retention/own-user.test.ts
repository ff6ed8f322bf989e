import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import type { PurgeOutcome } from '../../../src/contract/purge-outcome.ts';
import type { RecorderStatus } from '../../../src/contract/recorder-status.ts';
import { openCatalogueForWriting } from '../../../src/db/catalogue/open.ts';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { type CameraId, newId, type SegmentId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { fileOf } from '../../../src/vault/identity.ts';
import { accountFrames, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { keyringOf } from '../../support/keyring-of.ts';
import { startSteward } from '../../support/ledger/steward-home.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, type RecorderProcess, startRecorder } from '../../support/recorder-process.ts';
import {
  type Attempt,
  connectAs,
  girokAs,
  installForTwo,
  otherUsersRefused,
  purgeAs,
  type ServiceUser,
  shareWithPurge,
  tryAs,
} from '../../support/retention/two-users.ts';

const FILES = 200;

let site: SimulatedSite | undefined;
let home: RecorderHome | undefined;
afterEach(async () => {
  home?.remove();
  await site?.stop();
});

/** A day that is due, with keys and files as the recorder would have left them: its own, and nobody else's. */
function fillTheDueDay(folder: string, storage: string, timeZone: string, camera: CameraId): string {
  const siteTime = createSiteTime(timeZone);
  const keyring = keyringOf({ folder, storage, timeZone });
  const day = siteTime.addDays(siteTime.dayOf(systemClock.utcUs()), -31);
  keyring.ensureKeys([camera], [day]);
  keyring.close();
  const at = join(storage, 'vault', camera, day);
  const { uid, gid } = statSync(dirname(at));
  mkdirSync(at);
  for (let n = 0; n < FILES; n++) {
    const name = fileOf(
      { camera, stream: 'main', day, segment: newId<SegmentId>(systemClock.utcUs()) },
      '120000',
    );
    const path = join(storage, 'vault', name);
    writeFileSync(path, Buffer.alloc(4096), { mode: 0o600 });
    chownSync(path, uid, gid);
  }
  chownSync(at, uid, gid);
  chmodSync(at, 0o2770);
  return at;
}

const certificateOf = (outcome: PurgeOutcome) => {
  if (outcome.kind !== 'done' || !outcome.certificate) throw new Error(JSON.stringify(outcome));
  return outcome.certificate;
};

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

/** Until every stream has so many pictures more. */
async function recordedOn(recorder: RecorderProcess, more: number): Promise<void> {
  const framesOf = ({ cameras }: RecorderStatus) =>
    cameras.flatMap(({ streams }) => streams.map(({ frames }) => frames));
  const before = framesOf(await recorder.status());
  await recorder.until('recording on', 60_000, (status) =>
    framesOf(status).every((frames, n) => frames > (before[n] ?? 0) + more),
  );
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const endMs = performance.now() + 30_000;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('erases as a user who can open no footage and no ledger, and whoever records goes on with what it made', async ({
  skip,
}) => {
  const refused = otherUsersRefused();
  if (refused !== undefined) return skip(refused);
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
  const camera = site.cameras[0];
  if (!camera) throw new Error('no camera');
  const it = createRecorderHome({ cameras: [byOnvif(camera)], login: site, segmentSeconds: 10 });
  home = it;
  const { girok, purge } = installForTwo(it);
  const inStorage = (name: string) => join(it.storage, name);
  const start = () => startRecorder(it, girok);
  let recorder = start();
  await recorder.until('recording', 30_000, allRecording(2));
  const steward = startSteward(it, girok.env, girok.user);
  await until('the ledger', () => existsSync(inStorage('site.db')));
  const ledgerHas = (run: string) => {
    const db = openSiteForReading(inStorage('site.db'));
    try {
      const bodies = [...createLedgerRows(db).entries(0, Number.MAX_SAFE_INTEGER)].map(
        ({ body }) => `${body}`,
      );
      return ['erase.intent', 'erase.done'].every((event) =>
        bodies.some((body) => body.includes(`"${event}"`) && body.includes(run)),
      );
    } finally {
      db.close();
    }
  };

  const dueDay = fillTheDueDay(it.folder, it.storage, it.timeZone, camera.id as CameraId);
  const hold = async () => {
    const { label } = createSiteTime(it.timeZone);
    const nowUs = systemClock.utcUs();
    const range = ['--from', label(nowUs - 4_000_000), '--to', label(nowUs - 1_000_000)];
    const who = ['--by', 'x', '--reason', 'y'];
    const made = await girokAs(it, girok, 'hold', 'add', '--camera', camera.id, ...range, ...who);
    return {
      id: (made as { hold: string }).hold,
      end: (id: string) => girokAs(it, girok, 'hold', 'end', id, ...who),
    };
  };
  await recordedOn(recorder, 60);
  const first = await hold();

  // What the system itself refuses, whatever the program would do.
  const sealed = [...filesIn(inStorage('vault'), '.seg'), ...filesIn(inStorage('evidence'), '.seg')];
  expect(filesIn(inStorage('evidence'), '.seg').length).toBeGreaterThan(0);
  const ofOthers = [...sealed, inStorage('site.db'), inStorage('site.db-wal')];
  const opening = ofOthers.flatMap((path): Attempt[] => [
    ['read', path],
    ['write', path],
  ]);
  expect(new Set(await tryAs(purge, opening))).toEqual(new Set(['EACCES']));
  expect(
    new Set(
      await tryAs(
        purge,
        sealed.map((path): Attempt => ['size', path]),
      ),
    ),
  ).toEqual(new Set(['done']));
  const ledgerFiles = ['site.db', 'site.db-wal', 'spool/recorder'].map(inStorage);
  const taking = ledgerFiles.flatMap((path): Attempt[] => [
    ['remove', path],
    ['rename', path],
  ]);
  expect(new Set(await tryAs(purge, taking))).toEqual(new Set(['EACCES']));
  // Live pictures come out of the one socket, and how the recorder is out of both.
  expect(await connectAs(purge, inStorage('run/recorder.sock'))).toEqual(['EACCES']);
  expect(await connectAs(purge, inStorage('run/status.sock'))).toEqual(['done']);

  const certificate = certificateOf(await purgeAs(it, purge));
  expect(certificate).toMatchObject({
    state: 'complete',
    failures: [],
    days: [{ camera: camera.id, files: FILES }],
    keys: { fromEpoch: 1, toEpoch: 2, damaged: [], proof: { opened: 0 } },
  });
  expect(existsSync(dueDay)).toBe(false);
  expect(statSync(inStorage(`retention/certificates/${certificate.run}.json`)).uid).toBe(purge.user.uid);
  await until('the run in the ledger', () => ledgerHas(certificate.run));
  await until('its spool empty', () => filesIn(inStorage('spool/purge'), '.json').length === 0);

  // Under secrets that the other user has written: new segments, a hold, its end, and back and forth.
  await recordedOn(recorder, 120);
  const second = await hold();
  await first.end(first.id);
  expect(certificateOf(await purgeAs(it, purge))).toMatchObject({
    state: 'complete',
    lockers: [{ hold: first.id, reason: 'ended' }],
    keys: { toEpoch: 3 },
  });
  expect(existsSync(inStorage(`evidence/${first.id}`))).toBe(false);
  await second.end(second.id);
  expect(certificateOf(await purgeAs(it, girok))).toMatchObject({ state: 'complete', keys: { toEpoch: 4 } });
  const third = await hold();
  await third.end(third.id);
  expect(certificateOf(await purgeAs(it, purge))).toMatchObject({ state: 'complete', keys: { toEpoch: 5 } });
  expect(readdirSync(inStorage('evidence'))).toEqual([]);
  expect(await girokAs(it, girok, 'retention', 'status')).toMatchObject({ sound: true });
  await recordedOn(recorder, 15);
  const untilUs = systemClock.utcUs();
  await recordedOn(recorder, 30);

  // Killed, so that what is left beside the databases is whatever it was; and without anybody who records.
  await recorder.kill();
  expect(await purgeAs(it, purge)).toMatchObject({ kind: 'done' });
  recorder = start();
  await recorder.until('recording again', 30_000, allRecording(2));
  expect(await recorder.stop()).toEqual({ code: 0, signal: null });
  steward.child.kill('SIGTERM');
  await steward.ended;
  // Nobody keeps the catalogue's journal, and only its own user can make one: said, and done by the next run.
  openCatalogueForWriting(inStorage('catalogue.db'), 5000).close();
  expect(existsSync(inStorage('catalogue.db-wal'))).toBe(false);
  expect(certificateOf(await purgeAs(it, purge))).toMatchObject({
    state: 'incomplete',
    failures: [{ file: 'catalogue.db', code: 'storage_readonly' }],
  });
  expect(certificateOf(await purgeAs(it, girok))).toMatchObject({ state: 'complete' });
  const recordings = openRecordings(it);
  for (const stream of ['main', 'sub'] as const) {
    const [session] = sessionsOf(site.served(), camera.id, stream);
    if (!session) throw new Error('nothing was served');
    const firstRun = (await recordings.stamps(camera.id, stream)).filter(({ utcUs }) => utcUs <= untilUs);
    expect(accountFrames([session], firstRun, { untilUs })).toMatchObject(NOTHING_LOST);
  }
  expect(await recordings.check('full')).toMatchObject({ findings: [] });
  await recordings.close();
}, 240_000);

it('goes on as one user with what an older version made, and as two once that is opened to it', async ({
  skip,
}) => {
  const refused = otherUsersRefused();
  if (refused !== undefined) return skip(refused);
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
  const camera = site.cameras[0];
  if (!camera) throw new Error('no camera');
  const it = createRecorderHome({ cameras: [byOnvif(camera)], login: site, segmentSeconds: 10 });
  home = it;
  const { girok, purge } = installForTwo(it, 'one');
  const erase = async (as: ServiceUser) => {
    const dueDay = fillTheDueDay(it.folder, it.storage, it.timeZone, camera.id as CameraId);
    expect(certificateOf(await purgeAs(it, as))).toMatchObject({
      state: 'complete',
      days: [{ files: FILES }],
    });
    expect(existsSync(dueDay)).toBe(false);
  };
  const recordAndStop = async (meanwhile: () => Promise<void>) => {
    const recorder = startRecorder(it, girok);
    await recorder.until('recording', 30_000, allRecording(2));
    await meanwhile();
    expect(await recorder.stop()).toEqual({ code: 0, signal: null });
  };
  await recordAndStop(async () => {
    await erase(girok);
    await expect(purgeAs(it, purge)).rejects.toThrow('EACCES');
  });
  const modesOf = (folder: string) =>
    filesIn(join(it.storage, folder), '').map((path) => (statSync(path).mode & 0o7777).toString(8));
  expect(new Set(['keys', 'retention', 'vault'].flatMap(modesOf))).toEqual(new Set(['600', '700']));
  shareWithPurge(it);
  await recordAndStop(() => erase(purge));
  expect(new Set(modesOf('vault'))).toEqual(new Set(['600', '2770']));
  // Rows that nobody can see are not rows that nobody has.
  chmodSync(join(it.storage, 'catalogue.db'), 0o600);
  expect(certificateOf(await purgeAs(it, purge))).toMatchObject({
    state: 'incomplete',
    failures: [{ file: 'catalogue.db', code: 'storage_missing' }],
  });
});
