import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { openCatalogueForWriting } from '../../../src/db/catalogue/open.ts';
import { type HourKeyRow, openKeyringTables } from '../../../src/db/keyring/tables.ts';
import type { CameraId } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { createKeyEraser } from '../../../src/vault/erase-keys.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { deriveKek, unwrapKey } from '../../../src/vault/wrapping.ts';
import { beginLedger } from '../ledger/scratch.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecorderHome, type RecorderHome } from '../recorder-home.ts';

export const VOLUME = '7b0d2c54-3c1f-4f0e-9d53-1f6c2a9e8b11';
export const CAMERAS = ['cam01', 'cam02'] as CameraId[];

/**
 * A storage folder with everything that a backup is made of, without any process: a keyring with real keys, a ledger,
 * an empty catalogue, footage by its folders alone.
 */
export function backupHome() {
  const home: RecorderHome = createRecorderHome({
    cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }],
  });
  const { storage, folder } = home;
  const mirror = join(folder, 'mirror');
  const clock = createManualClock();
  const siteTime = createSiteTime(home.timeZone);
  const rootKey = Buffer.alloc(32, 1);
  mkdirSync(storage, { recursive: true });
  writeFileSync(join(folder, 'secrets', 'root.key'), rootKey, { mode: 0o600 });
  const mark = (volume = VOLUME) =>
    writeFileSync(
      join(storage, 'volume.json'),
      JSON.stringify({ volume, site: 'test', createdAt: '2026-11-22T03:00:00.000Z', format: 1 }),
    );
  mark();
  const keyringDeps = { folder: join(storage, 'keys'), mirrorFolder: mirror, rootKey, clock, siteTime };
  const ledger = beginLedger({ path: join(storage, 'site.db'), clock, rootKey });
  openCatalogueForWriting(join(storage, 'catalogue.db'), 0).close();
  const places = [join(storage, 'keys', 'epoch.slots'), join(mirror, 'epoch.slots')];

  /** What the recorder does for a day: keys, and the folder of its footage. */
  const record = (day: LocalDay, { initialise = false, ahead = 0 } = {}) => {
    const keyring = createKeyring({ ...keyringDeps, initialise });
    keyring.ensureKeys(
      CAMERAS,
      Array.from({ length: ahead + 1 }, (_, n) => siteTime.addDays(day, n)),
    );
    keyring.close();
    for (const camera of CAMERAS) mkdirSync(join(storage, 'vault', camera, day), { recursive: true });
  };

  return {
    ...home,
    mirror,
    clock,
    siteTime,
    rootKey,
    ledger,
    places,
    backups: join(storage, 'backup'),
    mark,
    record,
    /** The keys of that day go, as the purge does it, and the folders. */
    erase(day: LocalDay) {
      const eraser = createKeyEraser({ folder: keyringDeps.folder, mirrorFolder: mirror, rootKey, clock });
      const erased = eraser.erase((name) => name.day === day);
      eraser.close();
      for (const camera of CAMERAS) rmSync(join(storage, 'vault', camera, day), { recursive: true });
      return erased;
    },
    /** The key itself, as whoever reads footage gets it. */
    hourKey(camera: CameraId, day: LocalDay, hour: number) {
      const keyring = createKeyring({ ...keyringDeps, readonly: true });
      try {
        return keyring.hourKey(camera, day, hour);
      } finally {
        keyring.close();
      }
    },
    keyringFiles: [join(storage, 'keys', 'keyring.db'), join(mirror, 'keyring.db')],
    async girok(...argv: string[]) {
      const out: string[] = [];
      const err: string[] = [];
      const code = await runCli([...argv, '--config', home.config, '--lang', 'en', '--json'], {
        commands: COMMANDS,
        env: {},
        clock,
        signal: new AbortController().signal,
        terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text), live: false },
      });
      return { code, said: JSON.parse(out.join('')) as Record<string, unknown>, err: err.join('') };
    },
  };
}

export type BackupHome = ReturnType<typeof backupHome>;

export function rowsOf(path: string): HourKeyRow[] {
  const tables = openKeyringTables({ path, readonly: true, busyTimeoutMs: 1000 });
  try {
    return tables.rows();
  } finally {
    tables.close();
  }
}

/** Which of the rows open under any secret that lies in any of the places, whatever epoch it says it is of. */
export function opening(
  rows: readonly HourKeyRow[],
  places: readonly string[],
  rootKey: Buffer,
): HourKeyRow[] {
  const secrets = places.flatMap(readSlots);
  const keks = secrets.map(({ epoch, secret }) => ({ epoch, kek: deriveKek(rootKey, secret) }));
  return rows.filter((row) =>
    keks.some(({ epoch, kek }) =>
      [row.epoch, epoch].some((number) => unwrapKey(kek, number, row, row.wrapped) !== undefined),
    ),
  );
}

/** Every file below a folder with its bytes. */
export function filesBelow(folder: string): { path: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: readFileSync(path) }));
}
