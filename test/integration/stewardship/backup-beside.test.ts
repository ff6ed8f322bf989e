import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { listBackups } from '../../../src/stewardship/backup/make.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { loadRootKey } from '../../../src/vault/root-key.ts';
import { opening, rowsOf } from '../../support/backup/backup-home.ts';
import { accountFrames, NOTHING_LOST, sessionsOf } from '../../support/frame-account.ts';
import { girokEnd } from '../../support/girok-command.ts';
import { keyringOf } from '../../support/keyring-of.ts';
import { startSteward } from '../../support/ledger/steward-home.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder } from '../../support/recorder-process.ts';

const CAMERAS = 2;

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

const girok = (...args: string[]) => girokEnd({ home }, ...args);

it('backs up by itself beside a recorder that loses no frame, and again after a rotation', async () => {
  const folder = join(home.storage, 'backup');
  const recorder = startRecorder(home);
  await recorder.until('recording everything', 30_000, allRecording(2 * CAMERAS));
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  const siteTime = createSiteTime(home.timeZone);
  const keyring = keyringOf(home);
  const due = siteTime.addDays(siteTime.dayOf(systemClock.utcUs()), -32);
  keyring.ensureKeys(
    ours().map(({ id }) => id as CameraId),
    [due],
  );
  keyring.close();

  const steward = startSteward(home);
  const newest = async () => (await listBackups(folder)).backups.at(-1);
  await vi.waitFor(async () => expect((await newest())?.keyring?.epoch).toBe(1), {
    timeout: 30_000,
    interval: 200,
  });
  const of = (name = '') => rowsOf(join(folder, name, 'keyring.db'));
  // Later ones of the day take its place, but somebody may have a copy.
  const before = of((await newest())?.name);
  expect(await girok('purge', '--confirm', 'clock', '--by', 'test', '--reason', 'test')).toMatchObject({
    code: 0,
  });
  await vi.waitFor(async () => expect((await newest())?.keyring?.epoch).toBe(2), {
    timeout: 30_000,
    interval: 200,
  });
  // By hand too, several in a row.
  for (let n = 0; n < 3; n++) expect(await girok('backup')).toMatchObject({ code: 0 });
  const places = [join(home.storage, 'keys', 'epoch.slots'), join(home.folder, 'mirror', 'epoch.slots')];
  expect(places.flatMap(readSlots)).toHaveLength(2);
  expect(before.some(({ day }) => day === due)).toBe(true);
  expect(opening(before, places, rootKey)).toEqual([]);
  const last = of((await newest())?.name);
  expect(opening(last, places, rootKey)).toHaveLength(last.length);
  expect(last.some(({ day }) => day === due)).toBe(false);

  // Nothing is put back while any of them runs; a rehearsal is.
  const name = (await newest())?.name ?? '';
  expect(await girok('restore', name)).toMatchObject({
    code: 4,
    said: { error: { code: 'restore_while_running', facts: { process: 'recorder' } } },
  });
  expect(await girok('restore', name, '--rehearse')).toMatchObject({
    code: 0,
    said: { bound: 'vouched', keyring: { action: 'keep' }, footage: { closed: [] } },
  });

  // A disk that goes away is told, and nothing is made in its place.
  renameSync(folder, `${folder}.away`);
  await vi.waitFor(() => expect(steward.said()).toContain('"alarm.raised"'), {
    timeout: 30_000,
    interval: 200,
  });
  expect(steward.said()).toContain('backup_place_missing');
  expect(readdirSync(home.storage)).not.toContain('backup');
  renameSync(`${folder}.away`, folder);

  const untilUs = systemClock.utcUs();
  await recorder.until('recording on', 60_000, ({ cameras }) =>
    cameras.every(({ streams }) =>
      streams.every(({ durableUntil }) => Date.parse(durableUntil ?? '') * 1000 > untilUs),
    ),
  );
  steward.child.kill('SIGTERM');
  expect(await steward.ended).toBe(0);
  expect(await recorder.stop()).toEqual({ code: 0, signal: null });
  const recordings = openRecordings(home);
  for (const camera of ours()) {
    for (const stream of ['main', 'sub'] as const) {
      const sessions = sessionsOf(site.served(), camera.id, stream);
      const account = accountFrames(sessions, await recordings.stamps(camera.id, stream), { untilUs });
      expect(account, `${camera.id}/${stream}`).toMatchObject(NOTHING_LOST);
      expect(sessions).toHaveLength(1);
    }
  }
  await recordings.close();
});
