import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createCatalogueReader } from '../catalogue/reader.ts';
import { createCatalogueWriter } from '../catalogue/writer.ts';
import { EXIT_OF_ERROR } from '../cli/exit-code.ts';
import type { Config } from '../config/config.ts';
import { environment } from '../config/environment.ts';
import { ConfigFaulty } from '../config/fault.ts';
import { storageFolders } from '../config/folders.ts';
import { loadConfig } from '../config/load.ts';
import { printConfig } from '../config/print.ts';
import { watchConfig } from '../config/watch.ts';
import { chooseLanguage, type Language } from '../i18n/language.ts';
import { faultLine, sentence } from '../i18n/sentences.ts';
import { systemClock } from '../lib/clock.ts';
import { forbidCoreFiles } from '../lib/core-files.ts';
import { GirokError } from '../lib/errors.ts';
import { hostClockSynchronised } from '../lib/host-clock.ts';
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
import { startHealthSampler } from '../recording/health-sampler.ts';
import { openLastKnown } from '../recording/last-known.ts';
import { watchLateness } from '../recording/lateness.ts';
import { createReconciliation } from '../recording/reconciliation.ts';
import { createRecorder } from '../recording/recorder.ts';
import { createRtspSource } from '../recording/rtsp-source.ts';
import { startStorageGuard } from '../recording/storage-guard.ts';
import { gapEntry, salvageEntry } from '../recording/told.ts';
import { tellLosses } from '../recording/told-losses.ts';
import { watchHostClock } from '../recording/watch-host-clock.ts';
import { createFolding } from '../stewardship/folding.ts';
import { createSpool } from '../stewardship/spool.ts';
import { createFolderStore } from '../vault/segment-store.ts';
import { isEmptyVault } from '../vault/segment-tree.ts';
import { createVault } from '../vault/vault.ts';
import { openVolume } from '../vault/volume.ts';
import { watchCapacity } from './recorder/capacity.ts';
import { openRecorderKeys } from './recorder/keys.ts';
import { createCameraLocator } from './recorder/locate-camera.ts';
import { recorderStatus } from './recorder/status.ts';
import { createToldAlarms } from './recorder/told-alarms.ts';
import { toldAtStart } from './recorder/told-at-start.ts';

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
  const { alarms, tellTo } = createToldAlarms({ clock, log });
  const store = createFolderStore(folders.vault);
  const noFootage = await isEmptyVault(store);
  const keys = openRecorderKeys({ config, folders, clock, siteTime, alarms, log, noFootage });
  const { keyring } = keys;
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
    keysFor: keys.ensureFor,
    log: (level, event, facts) => log[level](event, facts),
  });

  const told = await toldAtStart({ config, folders, clock, known, volume, keyring, log });
  for (const event of [...told, ...keys.told]) spool.append(event);
  tellTo(spool);
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
  const capacity = await watchCapacity({
    config: () => config,
    clock,
    siteTime,
    reader,
    streams: recorder.streams,
    announced: locator.announced,
    guard,
    alarms,
    log,
  });
  const stopKeys = clock.every(HOUR_MS, () => keys.ensureFor(recorder.streams().map(({ camera }) => camera)));
  const lookForLosses = () =>
    void tellLosses({ reader, siteTime, clock, known, spool }).catch((error: unknown) =>
      log.warn('losses.not_told', factsOf(error)),
    );
  lookForLosses();
  const stopTellingLosses = clock.every(HOUR_MS, lookForLosses);
  const stopWatchingClock = watchHostClock(clock, (event) => spool.append(event));
  const stopRetiring = clock.every(RETIRE_MS, keys.dropRetired);
  const parts = { clock, startedUs, recorder, alarms, guard, catalogue, spool, reconciliation, hub };
  const socket = await openRecorderSocket({
    path: folders.socket,
    statusPath: folders.statusSocket,
    hub,
    status: () => recorderStatus(parts, config, capacity.forecast),
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
    capacity.stop();
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

  function everyStream() {
    return config.cameras.flatMap(({ id }) => [
      { camera: id, stream: 'main' as const },
      { camera: id, stream: 'sub' as const },
    ]);
  }
}

/** For the person who looks at the screen; the log has the code and the facts. */
function complain(error: GirokError, language: Language): void {
  const faults = error instanceof ConfigFaulty ? error.faults : [];
  const lines = [sentence(error, language), ...faults.map((fault) => faultLine(fault, language))];
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}
