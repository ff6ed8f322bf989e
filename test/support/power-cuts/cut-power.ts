import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSimulatedSite } from '../../../demo/site.ts';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import type { SegmentEntry } from '../../../src/catalogue/segments.ts';
import { certificateSchema, purgeOutcomeSchema } from '../../../src/contract/purge-outcome.ts';
import { openKeyringTables } from '../../../src/db/keyring/tables.ts';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { type CameraId, newId, type SegmentId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { parseFragment } from '../../../src/media/fmp4/parse-fragment.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { fileOf } from '../../../src/vault/identity.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { loadRootKey } from '../../../src/vault/root-key.ts';
import { salvage } from '../../../src/vault/salvage.ts';
import { createFolderStore } from '../../../src/vault/segment-store.ts';
import { deriveKek, unwrapKey } from '../../../src/vault/wrapping.ts';
import { createFakedClock } from '../faked-clock.ts';
import { lossesOf } from '../ledger/killed-writer.ts';
import { byOnvif, createRecorderHome, type RecorderHome } from '../recorder-home.ts';
import { allRecording, startRecorder } from '../recorder-process.ts';
import { type CutDisk, startPowerDisk } from './power-disk.ts';

const PROGRAM = (name: string) => fileURLToPath(new URL(`../../../src/main/${name}.ts`, import.meta.url));
const DISK_BYTES = 320 * 1024 * 1024;
const CAMERAS = 2;
const OLD_DAYS = 30;
const HOURS_A_DAY = 24;
const DAY_S = 86_400;

/** What two hundred machines that lost their power had on their disks. */
export interface PowerCuts {
  readonly cuts: number;
  /** Sealed segments that were looked at, each whole. */
  readonly segments: number;
  /** Days of cameras that a purge had taken on, by what was left of them. */
  readonly intact: number;
  readonly erased: number;
  /** Runs of the purge that went on meanwhile. */
  readonly purges: number;
}

/** What somebody who was told "it is done" relies on at the moment of the cut. */
interface Promised {
  readonly sealed: readonly { readonly entry: SegmentEntry; readonly sha256: Buffer }[];
  readonly entries: number;
  /** `camera/day` whose certificates were there. */
  readonly erased: ReadonlySet<string>;
}

/**
 * Records, keeps the ledger and erases one old day after the other on a real file system, and cuts the power of its
 * disk again and again.
 *
 * @throws what a cut broke
 */
export async function cutPower(
  cuts: number,
  random: () => number,
): Promise<PowerCuts | { readonly refused: string }> {
  const disk = await startPowerDisk(DISK_BYTES);
  if ('refused' in disk) return disk;
  const clock = createFakedClock();
  if (!clock) return { refused: 'no libfaketime' };
  const site = await startSimulatedSite({
    addresses: 'one',
    rtspPort: 0,
    onvifPort: 0,
    discoveryPort: false,
  });
  const home = createRecorderHome({
    cameras: site.cameras.slice(0, CAMERAS).map((camera) => byOnvif(camera)),
    login: site,
    storage: join(disk.folder, 'storage'),
    reserve: '16 MiB',
    segmentSeconds: 10,
  });
  // The second place is on the same disk: nothing but our own procedures may save anything.
  mkdirSync(join(disk.folder, 'mirror'), { mode: 0o700 });
  symlinkSync(join(disk.folder, 'mirror'), join(home.folder, 'mirror'));
  const recorder = startRecorder(home);
  const totals = { cuts: 0, segments: 0, intact: 0, erased: 0, purges: 0 };
  try {
    await recorder.until('recording everything', 30_000, allRecording(2 * CAMERAS));
    const oldDays = fillThePast(home);
    const stopSteward = startSteward(home);
    const purging = new AbortController();
    const purges = purgeDayByDay(home, clock, purging.signal, () => {
      totals.purges += 1;
    });
    // A failure is met where the cuts are awaited.
    purges.catch(() => undefined);
    const looked = new Set<string>();
    for (; totals.cuts < cuts; totals.cuts++) {
      await new Promise((resolve) => setTimeout(resolve, 100 + random() * 900));
      const promised = await promisesOf(home);
      const cut = disk.cut(Math.floor(random() * 1e9));
      try {
        const found = await examine(home, cut, promised, oldDays, looked);
        totals.segments += found.segments;
        totals.intact += found.intact;
        totals.erased += found.erased;
      } finally {
        cut.remove();
      }
    }
    purging.abort();
    await purges;
    await stopSteward();
    await recorder.stop();
    return totals;
  } finally {
    home.remove();
    await site.stop();
    clock.remove();
    disk.remove();
  }
}

/** One day for each purge to come, oldest first, with the keys of all its hours and some files. */
function fillThePast(home: RecorderHome): string[] {
  const siteTime = createSiteTime(home.timeZone);
  const keyring = openKeys(home.storage, join(home.folder, 'mirror'), home, false);
  const today = siteTime.dayOf(systemClock.utcUs());
  const days = Array.from({ length: OLD_DAYS }, (_, i) => siteTime.addDays(today, i - OLD_DAYS));
  const cameras = Array.from({ length: CAMERAS }, (_, i) => `cam0${i + 1}` as CameraId);
  keyring.ensureKeys(cameras, days);
  keyring.close();
  for (const camera of cameras) {
    for (const day of days) {
      const folder = join(home.storage, 'vault', camera, day);
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i < 5; i++) {
        const segment = newId<SegmentId>(systemClock.utcUs());
        const name = fileOf({ camera, stream: 'main', day, segment }, '120000');
        writeFileSync(join(home.storage, 'vault', name), 'sealed');
      }
    }
  }
  return days;
}

function startSteward(home: RecorderHome): () => Promise<void> {
  const args = [PROGRAM('steward'), '--config', home.config, '--storage', home.storage];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  home.onRemove(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return async () => {
    child.kill('SIGTERM');
    if ((await ended) !== 0) throw new Error(`the steward ended badly:\n${said}`);
  };
}

/** One purge after the other, each a day later. */
async function purgeDayByDay(
  home: RecorderHome,
  clock: NonNullable<ReturnType<typeof createFakedClock>>,
  signal: AbortSignal,
  done: () => void,
): Promise<void> {
  for (let later = 1; later <= OLD_DAYS && !signal.aborted; later++) {
    clock.set(later * DAY_S);
    const outcome = await new Promise<string>((resolve, reject) => {
      const confirmed = ['--confirm', 'clock', '--by', 'test', '--reason', 'test', '--json'];
      const args = [PROGRAM('girok'), 'purge', ...confirmed];
      execFile(
        process.execPath,
        [...args, '--config', home.config, '--storage', home.storage],
        { env: { ...process.env, ...clock.env } },
        (error, stdout, stderr) => (error ? reject(new Error(`${stdout}\n${stderr}`)) : resolve(stdout)),
      );
    });
    const { kind } = purgeOutcomeSchema.parse(JSON.parse(outcome));
    if (kind !== 'done') throw new Error(`the purge did not go through: ${outcome}`);
    done();
  }
}

/** Read from the disk that goes on, a moment before the cut. */
async function promisesOf(home: RecorderHome): Promise<Promised> {
  const reader = createCatalogueReader(join(home.storage, 'catalogue.db'));
  const sealed: { entry: SegmentEntry; sha256: Buffer }[] = [];
  try {
    for (const ref of await reader.streams()) {
      const range = { fromUs: 0, toUs: 4e15, limit: 100_000 };
      for (const entry of await reader.segmentsIn(ref, range)) {
        const integrity = entry.state === 'sealed' ? await reader.integrityOf(entry.segment) : undefined;
        if (integrity) sealed.push({ entry, sha256: integrity.ciphertextSha256 });
      }
    }
  } finally {
    await reader.close();
  }
  return { sealed, entries: entriesOf(home.storage), erased: erasedBy(home.storage) };
}

function entriesOf(storage: string): number {
  if (!existsSync(join(storage, 'site.db'))) return 0;
  const db = openSiteForReading(join(storage, 'site.db'));
  try {
    return createLedgerRows(db).size();
  } finally {
    db.close();
  }
}

/** What certificates say is gone. */
function erasedBy(storage: string): ReadonlySet<string> {
  const folder = join(storage, 'retention', 'certificates');
  if (!existsSync(folder)) return new Set();
  const certificates = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => certificateSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  return new Set(
    certificates
      .filter(({ state }) => state === 'complete')
      .flatMap(({ days }) => days.map(({ camera, day }) => `${camera}/${day}`)),
  );
}

/** @throws what the cut broke. @param looked sealed segments that were looked at before: one look is enough */
async function examine(
  home: RecorderHome,
  { folder }: CutDisk,
  promised: Promised,
  oldDays: readonly string[],
  looked: Set<string>,
) {
  const [storage, mirror] = [join(folder, 'storage'), join(folder, 'mirror')];

  // Sealed is sealed: the file is there, whole, and its key opens it.
  const keys = openKeys(storage, mirror, home, true);
  const deps = { store: createFolderStore(join(storage, 'vault')), keys, factsOf: parseFragment };
  let segments = 0;
  try {
    for (const { entry, sha256 } of promised.sealed.filter(({ entry: each }) => !looked.has(each.segment))) {
      const found = await salvage(deps, entry.file);
      if (found.state !== 'sealed' || !found.ciphertextSha256.equals(sha256))
        throw new Error(`${entry.file} is ${found.state} after the cut`);
      looked.add(entry.segment);
      segments += 1;
    }
  } finally {
    keys.close();
  }

  // What was acknowledged is in the ledger, without holes.
  if (promised.entries > 0) {
    const { lost, gaps, rootHolds } = lossesOf(join(storage, 'site.db'), promised.entries - 1);
    if (lost + gaps > 0 || !rootHolds) throw new Error(`the ledger lost ${lost}, holes ${gaps}`);
  }

  // Each old day opens wholly or not at all, and no certificate speaks of one that does.
  const open = openableHours(storage, mirror, home);
  const said = new Set([...promised.erased, ...erasedBy(storage)]);
  let [intact, erased] = [0, 0];
  for (let camera = 1; camera <= CAMERAS; camera++) {
    for (const day of oldDays) {
      const id = `cam0${camera}/${day}`;
      const hours = open.get(id)?.size ?? 0;
      if (hours !== 0 && hours !== HOURS_A_DAY) throw new Error(`${id}: ${hours} of 24 keys open`);
      if (hours > 0 && said.has(id)) throw new Error(`${id} is certified, and opens`);
      if (hours > 0) intact += 1;
      else erased += 1;
    }
  }
  return { segments, intact, erased };
}

/** With every secret that either place holds, every key that either keyring holds. */
function openableHours(storage: string, mirror: string, home: RecorderHome): Map<string, Set<number>> {
  const folders = [join(storage, 'keys'), mirror];
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  const keks = folders
    .flatMap((each) => readSlots(join(each, 'epoch.slots')))
    .map(({ secret }) => deriveKek(rootKey, secret));
  const open = new Map<string, Set<number>>();
  for (const each of folders) {
    const tables = openKeyringTables({
      path: join(each, 'keyring.db'),
      readonly: true,
      busyTimeoutMs: 5000,
    });
    for (const row of tables.rows()) {
      if (!keks.some((kek) => unwrapKey(kek, row.epoch, row, row.wrapped))) continue;
      const id = `${row.camera}/${row.day}`;
      open.set(id, (open.get(id) ?? new Set()).add(row.hour));
    }
    tables.close();
  }
  return open;
}

function openKeys(storage: string, mirrorFolder: string, home: RecorderHome, readonly: boolean) {
  const rootKey = loadRootKey(join(home.folder, 'secrets', 'root.key'), { createIfAbsent: false });
  return createKeyring({
    folder: join(storage, 'keys'),
    mirrorFolder,
    rootKey,
    clock: systemClock,
    siteTime: createSiteTime(home.timeZone),
    readonly,
    busyTimeoutMs: 5000,
  });
}
