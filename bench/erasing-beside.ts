import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startSimulatedSite } from '../demo/site.ts';
import { purgeOutcomeSchema } from '../src/contract/purge-outcome.ts';
import { systemClock } from '../src/lib/clock.ts';
import { type CameraId, newId, type SegmentId } from '../src/lib/ids.ts';
import { createSiteTime } from '../src/lib/site-time.ts';
import { fileOf } from '../src/vault/identity.ts';
import { accountFrames, sessionsOf } from '../test/support/frame-account.ts';
import { keyringOf } from '../test/support/keyring-of.ts';
import { openRecordings } from '../test/support/recorded-frames.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../test/support/recorder-home.ts';
import { allRecording, startRecorder } from '../test/support/recorder-process.ts';
import { below, type Figure } from './figure.ts';

const GIROK = fileURLToPath(new URL('../src/main/girok.ts', import.meta.url));
const CAMERAS = 13;
const STREAMS = ['main', 'sub'] as const;
const FILES_A_CAMERA = 2880;
const RETENTION_DAYS = 30;
/** Before and after, so that a loss has a stretch to be seen in. */
const AROUND_MS = 15_000;
const ON_ITS_WAY_US = 200_000;

/** A day of thirteen cameras is erased while all thirteen record: how soon, and whether a frame is lost. */
export async function run(): Promise<Figure[]> {
  const where = { addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false } as const;
  const site = await startSimulatedSite({ ...where, count: CAMERAS });
  const home = createRecorderHome({ cameras: site.cameras.map((camera) => byOnvif(camera)), login: site });
  try {
    const recorder = startRecorder(home);
    await recorder.until('recording everything', 60_000, allRecording(2 * CAMERAS));
    const due = fillThePast(home);
    await pause(AROUND_MS);
    const beganMs = performance.now();
    const confirmed = ['--confirm', 'clock', '--by', 'bench', '--reason', 'bench', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[GIROK, 'purge', ...confirmed],
      ...['--config', home.config, '--storage', home.storage],
    ]);
    const wholeMs = performance.now() - beganMs;
    const outcome = purgeOutcomeSchema.parse(JSON.parse(stdout));
    if (outcome.kind !== 'done' || outcome.certificate?.state !== 'complete') throw new Error(stdout);
    const { days, beyondRecoveryMs = Number.NaN } = outcome.certificate;
    const files = days.reduce((sum, each) => sum + each.files, 0);
    const left = site.cameras.filter(({ id }) => readdirSync(join(home.storage, 'vault', id)).includes(due));
    await pause(AROUND_MS);
    const untilUs = systemClock.utcUs() - ON_ITS_WAY_US;
    await recorder.stop();

    const recordings = openRecordings(home);
    let [served, missing] = [0, 0];
    for (const { id } of site.cameras) {
      for (const stream of STREAMS) {
        const sessions = sessionsOf(site.served(), id, stream);
        const account = accountFrames(sessions, await recordings.stamps(id, stream), { untilUs });
        served += account.served;
        missing += account.missingFrames;
      }
    }
    await recordings.close();
    return [
      below(`a day of ${CAMERAS} cameras beyond recovery, beside recording`, beyondRecoveryMs, 'ms', 10_000),
      below(`its ${files} files gone, the process’s start included`, wholeMs / 1000, 's', 300),
      below('camera-days left', left.length, 'count', 0),
      below(`frames missing meanwhile, of ${served}`, missing, 'frames', 0),
    ];
  } finally {
    await site.stop();
    home.remove();
  }
}

/** Keys of all days that are kept, and of one that is due; of that one the files of a whole day. */
function fillThePast(home: RecorderHome): string {
  const siteTime = createSiteTime(home.timeZone);
  const keyring = keyringOf(home);
  const today = siteTime.dayOf(systemClock.utcUs());
  const cameras = Array.from(
    { length: CAMERAS },
    (_, i) => `cam${String(i + 1).padStart(2, '0')}` as CameraId,
  );
  keyring.ensureKeys(
    cameras,
    Array.from({ length: RETENTION_DAYS + 1 }, (_, ago) => siteTime.addDays(today, -ago - 1)),
  );
  keyring.close();
  const due = siteTime.addDays(today, -RETENTION_DAYS - 1);
  for (const camera of cameras) {
    mkdirSync(join(home.storage, 'vault', camera, due), { recursive: true });
    for (let i = 0; i < FILES_A_CAMERA; i++) {
      const stream = STREAMS[i % 2] as (typeof STREAMS)[number];
      const segment = newId<SegmentId>(systemClock.utcUs());
      writeFileSync(
        join(home.storage, 'vault', fileOf({ camera, stream, day: due, segment }, '120000')),
        'sealed',
      );
    }
  }
  return due;
}
