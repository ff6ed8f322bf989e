import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCatalogueReader } from '../catalogue/reader.ts';
import { createCatalogueWriter } from '../catalogue/writer.ts';
import { EXIT_OF_ERROR } from '../cli/exit-code.ts';
import type { Config } from '../config/config.ts';
import { environment } from '../config/environment.ts';
import { ConfigFaulty } from '../config/fault.ts';
import { type StorageFolders, storageFolders } from '../config/folders.ts';
import { loadConfig } from '../config/load.ts';
import { diffPrints, printConfig } from '../config/print.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import { watchConfig } from '../config/watch.ts';
import { chooseLanguage, type Language } from '../i18n/language.ts';
import { faultLine, sentence } from '../i18n/sentences.ts';
import { systemClock } from '../lib/clock.ts';
import { forbidCoreFiles } from '../lib/core-files.ts';
import { GirokError } from '../lib/errors.ts';
import { hostBoot, hostClockSynchronised } from '../lib/host-clock.ts';
import type { SegmentId } from '../lib/ids.ts';
import { newId } from '../lib/ids.ts';
import { createLog, factsOf } from '../lib/logger.ts';
import { makePassage, makeSharedFolder, SHARING_UMASK } from '../lib/sharing.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { spaceOf } from '../lib/space.ts';
import { createFragmentHub } from '../live/fragment-hub.ts';
import { openRecorderSocket } from '../live/recorder-socket.ts';
import { createCameraAccount } from '../recording/camera-account.ts';
import { createChoosingSource } from '../recording/choosing-source.ts';
import { createConnectGate } from '../recording/connect-gate.ts';
import { createFfmpegSource } from '../recording/ffmpeg-source.ts';
import { forecast } from '../recording/forecast.ts';
import { startHealthSampler } from '../recording/health-sampler.ts';
import { openLastKnown } from '../recording/last-known.ts';
import { noteVolume } from '../recording/last-volume.ts';
import { watchLateness } from '../recording/lateness.ts';
import { createReconciliation } from '../recording/reconciliation.ts';
import { createRecorder } from '../recording/recorder.ts';
import { createRtspSource } from '../recording/rtsp-source.ts';
import { startStorageGuard } from '../recording/storage-guard.ts';
import { endBefore, gapEntry, salvageEntry } from '../recording/told.ts';
import { tellLosses } from '../recording/told-losses.ts';
import { stepBeforeStart, watchHostClock } from '../recording/watch-host-clock.ts';
import { createStretchNotes } from '../retention/clock-stretches.ts';
import { createAlarms } from '../stewardship/alarms.ts';
import { createFolding } from '../stewardship/folding.ts';
import { createSpool, type SpooledEvent } from '../stewardship/spool.ts';
import { createKeyring, keyringExists } from '../vault/keyring.ts';
import { loadRootKey } from '../vault/root-key.ts';
import { createFolderStore } from '../vault/segment-store.ts';
import { isEmptyVault } from '../vault/segment-tree.ts';
import { createVault } from '../vault/vault.ts';
import { openVolume } from '../vault/volume.ts';
import { createCameraLocator } from './locate-camera.ts';
import { recorderStatus } from './recorder-status.ts';

/** The recorder process: everything between the cameras and the sealed files. */

const { values: args } = parseArgs({
  options: { config: { type: 'string', default: 'cameras.yml' }, storage: { type: 'string' } },
});
// Nothing that this process makes is anybody else's business, except of the user that erases.
process.umask(SHARING_UMASK);
const log = createLog('recorder');
const coreFiles = forbidCoreFiles();
if (coreFiles !== undefined) log.warn('core_files.possible', { reason: coreFiles });
const clock = systemClock;
const HOUR_MS = 3_600_000;
const KEY_DAYS_AHEAD = 3;
/** What erasing has retired is out of memory within five seconds. */
const RETIRE_MS = 2000;

process.on('uncaughtException', (error) => {
  // What is unknown is not carried on: the supervisor starts a fresh process, and recovery runs the normal code.
  log.error('recorder.died', factsOf(error));
  process.exit(70);
});

const load = () => loadConfig(args.config, { storageFolder: args.storage });
let config: Config;
try {
  config = load();
  await record();
} catch (error) {
  if (!(error instanceof GirokError)) throw error;
  log.error('recorder.refused', factsOf(error));
  const language = chooseLanguage({ asked: undefined, env: environment, site: undefined });
  complain(error, language);
  process.exit(EXIT_OF_ERROR[error.code]);
}

async function record(): Promise<void> {
  const startedUs = clock.utcUs();
  const folders = storageFolders(config);
  const siteTime = createSiteTime(config.site.timeZone);
  const volume = await openVolume({
    storage: folders.root,
    initialise: true,
    site: config.site.id,
    clock,
  });
  makePassage(dirname(folders.spool));
  for (const folder of ['vault', 'keys', 'retention', 'evidence', 'purgeSpool'] as const)
    makeSharedFolder(folders[folder]);
  const spool = createFolding({
    spool: createSpool({
      folder: folders.spool,
      clock,
      writer: 'recorder',
      trouble: (standing) =>
        standing ? alarms.raise('spool_blocked', '', standing) : alarms.clear('spool_blocked', ''),
    }),
    clock,
    path: folders.recorderFolded,
    failed: (error) => log.warn('folded.not_kept', factsOf(error)),
  });
  const known = openLastKnown(folders.recorderKnown, clock, (error) =>
    log.warn('known.not_kept', factsOf(error)),
  );
  const boot = hostBoot()?.id;
  // Its start ends the alarms of the recorder before it, so that its own can only come after it.
  let early: SpooledEvent[] | undefined = [];
  const tellOfAlarm = (event: SpooledEvent) => void (early ? early.push(event) : spool.append(event));
  const alarms = createAlarms({
    clock,
    listener: {
      raised: ({ code, subject, facts }) => {
        log.warn('alarm.raised', { alarm: code, subject, ...facts });
        tellOfAlarm({ event: 'alarm.raised', facts: { alarm: code, subject } });
      },
      cleared: ({ code, subject }) => {
        log.info('alarm.cleared', { alarm: code, subject });
        tellOfAlarm({ event: 'alarm.cleared', facts: { alarm: code, subject } });
      },
    },
  });
  const store = createFolderStore(folders.vault);
  const places = keyringPlaces(folders);
  const keyring = openKeyring(folders, siteTime, await isEmptyVault(store));
  const vault = createVault({ store, keys: keyring, clock, siteTime });
  const catalogue = await createCatalogueWriter({
    path: folders.catalogue,
    clock,
    onTrouble: (sqlite) =>
      sqlite === undefined
        ? alarms.clear('catalogue_blocked', '')
        : alarms.raise('catalogue_blocked', '', { error: sqlite }),
    onRefused: (kind, fault) => log.error('catalogue.refused', { kind, fault }),
    onGapEnded: (gap, foundLater) => spool.append(gapEntry(gap, foundLater)),
    onFatal: (error) => {
      log.error('catalogue.died', factsOf(error));
      process.exit(70);
    },
  });
  const reader = createCatalogueReader(folders.catalogue);
  const guard = await startStorageGuard({
    clock,
    reserveBytes: config.storage.reserveBytes,
    space: () => spaceOf(folders.root),
    changed(state, freeBytes) {
      if (state === 'room') alarms.clear('disk_full', '');
      else alarms.raise('disk_full', '', { freeBytes, state });
    },
  });
  if (!guard.mayWrite) alarms.raise('disk_full', '', { freeBytes: guard.freeBytes });

  const keysFor = (cameras: Parameters<typeof keyring.ensureKeys>[0]) => {
    const today = siteTime.dayOf(clock.utcUs());
    const days = Array.from({ length: KEY_DAYS_AHEAD + 1 }, (_, ahead) => siteTime.addDays(today, ahead));
    try {
      keyring.ensureKeys(cameras, days);
      if (keyring.mirror.state === 'whole') alarms.clear('keyring_unmirrored', '');
      else alarms.raise('keyring_unmirrored', '', {});
    } catch (error) {
      // Three days of keys lie ahead; the next hour tries again, and a missing key is made when it is needed.
      log.warn('keys.not_made', factsOf(error));
    }
  };

  const hub = createFragmentHub();
  const lateness = watchLateness(clock);
  const locator = createCameraLocator(() => config, environment);
  const reconciliation = createReconciliation({
    store,
    keys: keyring,
    reader,
    writer: catalogue,
    alarms,
    clock,
    log,
    salvaged: (result) => spool.append(salvageEntry(result)),
    mayWrite: () => guard.mayWrite,
    firstOwnId: newId<SegmentId>(clock.utcUs()),
  });
  const recorder = createRecorder({
    clock,
    siteTime,
    vault,
    catalogue,
    source: createChoosingSource({
      clock,
      rtsp: createRtspSource({ clock, lateness }),
      ffmpeg: createFfmpegSource({ clock }),
    }),
    gate: createConnectGate({ clock, perSecond: config.recorder.connectsPerSecond }),
    live: hub,
    alarms,
    spool,
    account: createCameraAccount({ clock, spool, known }),
    mayWrite: () => guard.mayWrite,
    clockSynchronised: () => hostClockSynchronised(),
    random: Math.random,
    resolve: locator.locate,
    salvage: reconciliation.salvageSoon,
    keysFor,
    log: (level, event, facts) => log[level](event, facts),
  });

  for (const event of [...(await whatIsNew()), ...early]) spool.append(event);
  early = undefined;
  const openGaps = await reconciliation.beforeRecording(everyStream());
  recorder.start(config, openGaps);
  const stopSampling = startHealthSampler({
    clock,
    cameras: () => recorder.cameras(),
    sampled: (round) => catalogue.healthSampled(round),
    retentionDays: () => config.retention.days,
  });
  log.info('recorder.started', {
    cameras: config.cameras.length,
    startMs: Math.round((clock.utcUs() - startedUs) / 1000),
  });

  void reconciliation.ofEverything();
  let capacity = await look();
  // A forecast that cannot be made must not end the recording; the last one stands and the next look tries again.
  const lookAgain = () =>
    void look().then(
      (next) => (capacity = next),
      (error: unknown) => log.warn('forecast.failed', factsOf(error)),
    );
  // By then the cameras have said what their streams weigh.
  clock.after(30_000, lookAgain);
  const stopLooking = clock.every(10 * 60_000, lookAgain);
  const stopKeys = clock.every(HOUR_MS, () => keysFor(recorder.streams().map(({ camera }) => camera)));
  const lookForLosses = () =>
    void tellLosses({ reader, siteTime, clock, known, spool }).catch((error: unknown) =>
      log.warn('losses.not_told', factsOf(error)),
    );
  lookForLosses();
  const stopTellingLosses = clock.every(HOUR_MS, lookForLosses);
  const stopWatchingClock = watchHostClock(clock, (event) => spool.append(event));
  const stopRetiring = clock.every(RETIRE_MS, () => {
    try {
      keyring.dropRetired();
    } catch (error) {
      log.warn('keys.not_retired', factsOf(error));
    }
  });
  const parts = { clock, startedUs, recorder, alarms, guard, catalogue, spool, reconciliation, hub };
  const socket = await openRecorderSocket({
    path: folders.socket,
    statusPath: folders.statusSocket,
    hub,
    status: () => recorderStatus(parts, config, capacity),
  });
  const stopWatching = watchConfig({
    current: config,
    load,
    clock,
    onChange(next, diff) {
      alarms.clear('config_rejected', '');
      config = next;
      // A faulty edit that was taken back.
      if (Object.values(diff).every((names) => names.length === 0)) return;
      const facts = { ...diff };
      log.info('config.changed', facts);
      spool.append({ event: 'config.changed', facts });
      known.note({ config: printConfig(next) });
      void recorder.apply(next, diff);
    },
    onFault(error) {
      alarms.raise('config_rejected', '', { code: error.code });
      complain(error, config.site.language);
    },
  });
  process.send?.({ kind: 'ready' });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info('recorder.stopping', { signal });
    stopWatching();
    stopLooking();
    stopKeys();
    stopRetiring();
    stopTellingLosses();
    stopSampling();
    stopWatchingClock();
    await recorder.stop();
    await reconciliation.stop();
    // What the catalogue says last becomes an entry as well.
    await catalogue.close();
    await spool.tell(1000);
    spool.append({ event: 'recorder.stopped', facts: { signal } });
    await spool.settled(3000);
    await known.ended();
    await reader.close();
    await socket.close();
    vault.close();
    keyring.close();
    guard.stop();
    volume.release();
    log.info('recorder.stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  // Nobody supervises it any more: going on alone it would hold the volume against the next start.
  process.once('disconnect', () => void stop('disconnect'));

  /** What is other than the recorder before this one left it, the start itself first. */
  async function whatIsNew(): Promise<SpooledEvent[]> {
    const { before } = known;
    const now = printConfig(config);
    known.keepCameras(config.cameras.map(({ id }) => id));
    known.note({ runningIn: boot ?? 'unknown', config: now });
    const after = before || !volume.isNew ? endBefore(before, boot) : 'first_start';
    const facts = { pid: process.pid, cameras: config.cameras.length, ...(after ? { after } : {}) };
    const edited = before?.config && diffPrints(before.config, now);
    return [
      { event: 'recorder.started', facts },
      await otherVolume(),
      before && stepBeforeStart(before.seenUs, clock.utcUs()),
      edited && { event: 'config.changed', facts: { ...edited, atStart: true } },
      ...keyringEntries(places, keyringPlaces(folders), keyring.epoch),
    ].filter((event) => event !== undefined);
  }

  async function otherVolume(): Promise<SpooledEvent | undefined> {
    try {
      return await noteVolume(folders.lastVolume, {
        volume: volume.marker.volume,
        isNew: volume.isNew,
        mayKeep: keyring.mirror.state === 'whole',
      });
    } catch (error) {
      // The second place is somebody else's care; recording does not need it.
      log.warn('volume.not_noted', factsOf(error));
      return undefined;
    }
  }

  function everyStream() {
    return config.cameras.flatMap(({ id }) => [
      { camera: id, stream: 'main' as const },
      { camera: id, stream: 'sub' as const },
    ]);
  }

  async function look() {
    const sinceDay = siteTime.addDays(siteTime.dayOf(clock.utcUs()), -config.retention.days - 1);
    const seen = forecast({
      streams: recorder.streams(),
      totals: await reader.dayTotals(sinceDay),
      announced: locator.announced,
      retentionDays: config.retention.days,
      freeBytes: guard.freeBytes,
      reserveBytes: config.storage.reserveBytes,
    });
    if (seen.fits) alarms.clear('retention_at_risk', '');
    else alarms.raise('retention_at_risk', '', { days: seen.daysThatFit, needed: seen.retentionDays });
    log.info('forecast', seen);
    return seen;
  }
}

/** For the person who looks at the screen; the log has the code and the facts. */
function complain(error: GirokError, language: Language): void {
  const faults = error instanceof ConfigFaulty ? error.faults : [];
  const lines = [sentence(error, language), ...faults.map((fault) => faultLine(fault, language))];
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

/** Which places have a keyring. */
function keyringPlaces({ keys, keysMirror }: StorageFolders) {
  return { folder: existsSync(join(keys, 'keyring.db')), mirror: existsSync(join(keysMirror, 'keyring.db')) };
}

function keyringEntries(
  before: ReturnType<typeof keyringPlaces>,
  after: ReturnType<typeof keyringPlaces>,
  epoch: number,
): SpooledEvent[] {
  if (!before.folder && !before.mirror) return [{ event: 'keyring.made', facts: { epoch } }];
  return (['folder', 'mirror'] as const)
    .filter((place) => !before[place] && after[place])
    .map((place) => ({ event: 'keyring.repaired', facts: { place } }));
}

function openKeyring(
  folders: StorageFolders,
  siteTime: ReturnType<typeof createSiteTime>,
  noFootage: boolean,
) {
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), {
    createIfAbsent: noFootage && !keyringExists(folders.keys, folders.keysMirror),
  });
  try {
    return createKeyring({
      folder: folders.keys,
      mirrorFolder: folders.keysMirror,
      rootKey,
      clock,
      siteTime,
      initialise: noFootage,
      beforeKeys: createStretchNotes({
        path: folders.clockStretches,
        clock,
        siteTime,
        boot: hostBoot,
        synchronised: () => hostClockSynchronised(),
        failed: (reason) => log.warn('clock.not_noted', { reason }),
      }),
      // The calling thread stands still while it waits; another process's lock must not cost a frame.
      busyTimeoutMs: 100,
    });
  } finally {
    rootKey.fill(0);
  }
}
