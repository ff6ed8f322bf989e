import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openErasedCatalogue } from '../../../src/catalogue/erase-day.ts';
import { openKeyringTables } from '../../../src/db/keyring/tables.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import type { CameraId, SegmentId } from '../../../src/lib/ids.ts';
import { newId } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay, type SiteTime } from '../../../src/lib/site-time.ts';
import { type Accounts, createSpooledAccounts } from '../../../src/retention/accounts.ts';
import { createStretchNotes, readStretches } from '../../../src/retention/clock-stretches.ts';
import {
  createHoldBook,
  deferralsOf,
  emptyLocker,
  type Hold,
  lapsedHolds,
} from '../../../src/retention/holds.ts';
import { createJournal } from '../../../src/retention/journal.ts';
import { type PurgeDeps, type PurgeRequest, purge } from '../../../src/retention/purge.ts';
import { dueRecords, recordYearsOf } from '../../../src/retention/records.ts';
import { type RetentionStatus, retentionStatus } from '../../../src/retention/status.ts';
import { surveyStorage } from '../../../src/retention/survey.ts';
import { readSlots } from '../../../src/vault/epoch-slots.ts';
import { createFootageFolders } from '../../../src/vault/erase-files.ts';
import { createKeyEraser, type ErasureStep } from '../../../src/vault/erase-keys.ts';
import { createLockerFolders } from '../../../src/vault/erase-locker.ts';
import { fileOf } from '../../../src/vault/identity.ts';
import { createKeyring } from '../../../src/vault/keyring.ts';
import { lockerKeyName, lockerOf } from '../../../src/vault/locker-key.ts';
import { storedKeys } from '../../../src/vault/stored-keys.ts';
import { deriveKek, unwrapKey } from '../../../src/vault/wrapping.ts';

export const ROOT_KEY = Buffer.alloc(32, 7);

/** As cameras.yml has them where it says nothing. */
const YEARS = recordYearsOf({
  managementYears: 3,
  viewingYears: 3,
  accessYears: 2,
  rightsYears: 3,
  holdsYears: 3,
  erasingYears: 3,
  oversightYears: 3,
  operationYears: 3,
});

/** What has been erased and what has not, as somebody with the disk and the root key would find out. */
export interface Openable {
  /** `camera/day/hour` of every key that opens under some secret, in either copy of the keyring. */
  readonly keys: ReadonlySet<string>;
  readonly files: readonly string[];
}

/** A storage folder with footage by name only: keys are real, files are a few bytes. */
export interface PurgeHome {
  readonly storage: string;
  readonly siteTime: SiteTime;
  /** What the recorder does for a camera on a day: keys, and `files` files a stream. */
  record(camera: string, day: string, files?: number): void;
  /** A hold with one copied file of cam01. */
  hold(more: Pick<Hold, 'endUs'>): { hold: string; folder: string };
  openable(): Openable;
  /** Spooled entries in their order. */
  entries(): { event: string; facts: Record<string, unknown> }[];
  certificates(): Record<string, unknown>[];
  deps(clock: Clock, more?: Partial<PurgeDeps> & { onStep?: (step: ErasureStep) => void }): PurgeDeps;
  /** One whole run. */
  purge(
    clock: Clock,
    request?: Partial<PurgeRequest>,
    more?: Partial<PurgeDeps> & { onStep?: (step: ErasureStep) => void },
  ): ReturnType<typeof purge>;
  status(clock: Clock): Promise<RetentionStatus>;
  remove(): void;
}

/** @param storage made where it is absent; a second home of the same folder goes on with it */
export function purgeHome(
  clock: Clock,
  {
    storage = mkdtempSync(join(tmpdir(), 'girok-purge-')),
    timeZone = 'Asia/Seoul',
    days = 30,
    bootId = 'boot',
  } = {},
): PurgeHome {
  const siteTime = createSiteTime(timeZone);
  const keyFolders = { folder: join(storage, 'keys'), mirrorFolder: join(storage, 'mirror') };
  const vault = join(storage, 'vault');
  const holds = createHoldBook(join(storage, 'retention', 'holds'));
  mkdirSync(vault, { recursive: true });
  mkdirSync(join(storage, 'retention'), { recursive: true });
  const bootOf = ({ monoUs }: Clock) => ({ id: bootId, uptimeUs: monoUs() });
  const beforeKeys = createStretchNotes({
    path: join(keyFolders.folder, 'clock.json'),
    clock,
    siteTime,
    boot: () => bootOf(clock),
    synchronised: () => undefined,
    failed: (code) => {
      throw new Error(code);
    },
  });
  const openKeyring = () =>
    createKeyring({ ...keyFolders, rootKey: ROOT_KEY, clock, siteTime, initialise: true, beforeKeys });
  if (!existsSync(keyFolders.folder)) openKeyring().close();
  const places = [keyFolders.folder, keyFolders.mirrorFolder].map((each) => join(each, 'epoch.slots'));
  const jsonIn = (folder: string) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
      : [];

  const deps: PurgeHome['deps'] = (now, { onStep, ...more } = {}) => ({
    site: 'test',
    clock: now,
    siteTime,
    retentionDays: days,
    eraser: createKeyEraser({ ...keyFolders, rootKey: ROOT_KEY, clock: now, ...(onStep && { onStep }) }),
    folders: createFootageFolders(vault),
    openRows: () => openErasedCatalogue(join(storage, 'catalogue.db')),
    accounts: accountsIn(storage, now),
    journal: createJournal(join(storage, 'retention', 'purge.json')),
    boot: () => bootOf(now),
    synchronised: () => true,
    cameraOffsetsMs: async () => [],
    witness: async () => undefined,
    stretches: () => readStretches(join(keyFolders.folder, 'clock.json')),
    deferrals: async () => deferralsOf(await holds.list(), siteTime, now.utcUs()),
    lapsed: async () => lapsedHolds(await holds.list(), now.utcUs()),
    removeLocker: (hold) => emptyLocker(hold, holds, createLockerFolders(join(storage, 'evidence'))),
    dueRecords: (names, nowUs) => dueRecords({ nowUs, siteTime, years: YEARS, names }),
    ...more,
  });

  return {
    storage,
    siteTime,
    deps,
    record(camera, day, files = 1) {
      const keyring = openKeyring();
      keyring.ensureKeys([camera as CameraId], [day as LocalDay]);
      keyring.close();
      const folder = join(vault, camera, day);
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i < files; i++) {
        for (const stream of ['main', 'sub'] as const) {
          const segment = newId<SegmentId>(clock.utcUs());
          const identity = { camera: camera as CameraId, stream, day: day as LocalDay, segment };
          writeFileSync(join(vault, fileOf(identity, '120000')), 'sealed');
        }
      }
    },
    hold({ endUs }) {
      const madeUs = clock.utcUs();
      const id = newId(madeUs);
      const keyring = openKeyring();
      const { camera, day, hour } = lockerKeyName(id);
      keyring.sealingKey(camera as CameraId, day as LocalDay, hour).fill(0);
      keyring.close();
      const folder = join(storage, 'evidence', id);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'copy.seg'), 'sealed');
      const range = { fromUs: madeUs - 60_000_000, toUs: madeUs, madeUs, reviewUs: endUs, endUs };
      const hold = {
        v: 1,
        id,
        kind: 'desk',
        cameras: ['cam01'],
        ...range,
        state: 'held',
        note: 'x',
        files: [],
      };
      mkdirSync(join(storage, 'retention', 'holds'), { recursive: true });
      writeFileSync(join(storage, 'retention', 'holds', `${id}.json`), JSON.stringify(hold));
      return { hold: id, folder };
    },
    openable() {
      const secrets = places.flatMap(readSlots);
      const keks = secrets.map(({ secret }) => deriveKek(ROOT_KEY, secret));
      const keys = new Set<string>();
      for (const folder of [keyFolders.folder, keyFolders.mirrorFolder]) {
        const tables = openKeyringTables({
          path: join(folder, 'keyring.db'),
          readonly: true,
          busyTimeoutMs: 5000,
        });
        for (const row of tables.rows())
          if (lockerOf(row) === undefined && keks.some((kek) => unwrapKey(kek, row.epoch, row, row.wrapped)))
            keys.add(`${row.camera}/${row.day}/${row.hour}`);
        tables.close();
      }
      const files = readdirSync(vault, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.seg'),
      );
      return { keys, files: files.sort() };
    },
    entries: () => jsonIn(join(storage, 'spool', 'purge')),
    certificates: () => jsonIn(join(storage, 'retention', 'certificates')),
    async purge(now, request = {}, more = {}) {
      const made = deps(now, more);
      try {
        return await purge(made, { dryRun: false, ...request });
      } finally {
        made.eraser.close();
      }
    },
    status: async (now) =>
      retentionStatus({
        nowUs: now.utcUs(),
        siteTime,
        retentionDays: days,
        ...storedKeys([keyFolders.folder, keyFolders.mirrorFolder]),
        folders: createFootageFolders(vault),
        survey: await surveyStorage({ root: storage, mirror: keyFolders.mirrorFolder }),
        state: await createJournal(join(storage, 'retention', 'purge.json')).read(),
        holds: await holds.list(),
      }),
    remove: () => rmSync(storage, { recursive: true, force: true, maxRetries: 5 }),
  };
}

const accountsIn = (storage: string, clock: Clock): Accounts =>
  createSpooledAccounts({
    spool: join(storage, 'spool', 'purge'),
    writer: 'purge',
    certificates: join(storage, 'retention', 'certificates'),
    clock,
  });
