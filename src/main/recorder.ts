import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createAddressPolicy } from '../cameras/address-policy.ts';
import { systemLookup } from '../cameras/lookup.ts';
import { createOnvif } from '../cameras/onvif/onvif.ts';
import { rtspUrlWithLogin } from '../cameras/rtsp-url.ts';
import { resolveCamera } from '../cameras/stream-source.ts';
import { createCatalogueReader } from '../catalogue/reader.ts';
import { createCatalogueWriter } from '../catalogue/writer.ts';
import { EXIT_OF_ERROR } from '../cli/exit-code.ts';
import type { CameraConfig, Config } from '../config/config.ts';
import { environment } from '../config/environment.ts';
import { ConfigFaulty } from '../config/fault.ts';
import { type StorageFolders, storageFolders } from '../config/folders.ts';
import { loadConfig } from '../config/load.ts';
import { createNetworks } from '../config/networks.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import { createSecrets } from '../config/secrets.ts';
import { watchConfig } from '../config/watch.ts';
import type { RecorderStatus } from '../contract/recorder-status.ts';
import { chooseLanguage, type Language } from '../i18n/language.ts';
import { faultLine, sentence } from '../i18n/sentences.ts';
import { isoFromUs, systemClock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { hostClockSynchronised } from '../lib/host-clock.ts';
import type { SegmentId } from '../lib/ids.ts';
import { newId } from '../lib/ids.ts';
import { createLog, factsOf } from '../lib/logger.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { spaceOf } from '../lib/space.ts';
import { createFragmentHub } from '../live/fragment-hub.ts';
import { openRecorderSocket } from '../live/recorder-socket.ts';
import type { LocatedCamera } from '../recording/camera-recorder.ts';
import { createConnectGate } from '../recording/connect-gate.ts';
import { createFfmpegSource } from '../recording/ffmpeg-source.ts';
import { forecast } from '../recording/forecast.ts';
import { createRecorder } from '../recording/recorder.ts';
import { recoverFromFiles } from '../recording/recovery.ts';
import { startStorageGuard } from '../recording/storage-guard.ts';
import { createAlarms } from '../stewardship/alarms.ts';
import { createSpool } from '../stewardship/spool.ts';
import { createKeyring, keyringExists } from '../vault/keyring.ts';
import { loadRootKey } from '../vault/root-key.ts';
import { createFolderStore } from '../vault/segment-store.ts';
import { isEmptyVault } from '../vault/segment-tree.ts';
import { createVault } from '../vault/vault.ts';
import { openVolume } from '../vault/volume.ts';

/** The recorder process: everything between the cameras and the sealed files. */

const { values: args } = parseArgs({
  options: { config: { type: 'string', default: 'cameras.yml' }, storage: { type: 'string' } },
});
// Nothing that this process makes is anybody else's business.
process.umask(0o077);
const log = createLog('recorder');
const clock = systemClock;
const HOUR_MS = 3_600_000;
const KEY_DAYS_AHEAD = 3;

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
  const spool = createSpool({
    folder: folders.spool,
    clock,
    writer: 'recorder',
    trouble: (standing) =>
      standing ? alarms.raise('spool_blocked', '', standing) : alarms.clear('spool_blocked', ''),
  });
  const alarms = createAlarms({
    clock,
    listener: {
      raised: ({ code, subject, facts }) => {
        log.warn('alarm.raised', { alarm: code, subject, ...facts });
        spool.append({ event: 'alarm.raised', facts: { alarm: code, subject } });
      },
      cleared: ({ code, subject }) => {
        log.info('alarm.cleared', { alarm: code, subject });
        spool.append({ event: 'alarm.cleared', facts: { alarm: code, subject } });
      },
    },
  });
  for (const folder of [folders.vault, folders.keys]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = createFolderStore(folders.vault);
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
  const announced = new Map<string, number>();
  const recorder = createRecorder({
    clock,
    siteTime,
    vault,
    catalogue,
    source: createFfmpegSource({ clock }),
    gate: createConnectGate({ clock, perSecond: config.recorder.connectsPerSecond }),
    live: hub,
    alarms,
    spool,
    mayWrite: () => guard.mayWrite,
    clockSynchronised: hostClockSynchronised,
    random: Math.random,
    resolve: (camera) => locate(camera, announced),
    salvage: (file) => void salvageLater(file),
    keysFor,
    log: (level, event, facts) => log[level](event, facts),
  });

  // Everything made from here on is ours; what is older was left by a recorder before.
  const firstOwnId = newId<SegmentId>(clock.utcUs());
  const recoveryDeps = { store, keys: keyring, register: reader.register, writer: catalogue };
  const recovery = {
    state: 'running' as RecorderStatus['recovery']['state'],
    files: 0,
    restored: 0,
    findings: 0,
  };
  const openGaps = await recoverRecent();
  recorder.start(config, openGaps);
  spool.append({ event: 'recorder.started', facts: { pid: process.pid, cameras: config.cameras.length } });
  log.info('recorder.started', {
    cameras: config.cameras.length,
    startMs: Math.round((clock.utcUs() - startedUs) / 1000),
  });

  const salvageSoon = new Set<string>();
  let salvaging: Promise<void> = Promise.resolve();
  /** A file that the disk refused in mid-segment: what it holds is entered as soon as the disk answers again. */
  function salvageLater(file: string): void {
    salvageSoon.add(file);
  }
  const stopSalvaging = clock.every(2000, () => {
    if (salvageSoon.size === 0 || !guard.mayWrite) return;
    const files = new Set(salvageSoon);
    salvageSoon.clear();
    const days = new Set([...files].map((file) => file.slice(0, file.lastIndexOf('/'))));
    salvaging = salvaging
      .then(() => catalogue.flush())
      .then(() =>
        recoverFromFiles(recoveryDeps, {
          covers: ({ camera, day }) => days.has(`${camera}/${day}`),
          isOurs: (id) => ![...files].some((file) => file.includes(id)),
        }),
      )
      .then(() => undefined)
      .catch((error: unknown) => log.warn('salvage.failed', factsOf(error)));
  });

  const finished = new AbortController();
  const background = reconcileAll(finished.signal);
  let capacity = await look();
  const stopLooking = clock.every(10 * 60_000, () => void look().then((next) => (capacity = next)));
  const stopKeys = clock.every(HOUR_MS, () => keysFor(recorder.streams().map(({ camera }) => camera)));
  const socket = await openRecorderSocket({ path: folders.socket, hub, status });
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
    stopSalvaging();
    finished.abort();
    await recorder.stop();
    await background;
    await salvaging;
    spool.append({ event: 'recorder.stopped', facts: { signal } });
    await spool.settled(3000);
    await catalogue.close();
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

  /** The days that a crash can have touched, before anything new is written. */
  async function recoverRecent() {
    const unfinished = await reader.unfinished();
    const today = siteTime.dayOf(clock.utcUs());
    const days = new Set<string>([siteTime.addDays(today, -1), today, siteTime.addDays(today, 1)]);
    for (const { file } of unfinished) if (file) days.add(file.split('/')[1] ?? '');
    const found = await recoverFromFiles(recoveryDeps, {
      covers: ({ day }) => days.has(day),
      isOurs: (id) => id >= firstOwnId,
      onProgress: (files) => files % 10 === 0 && log.info('recovery.recent', { files }),
    });
    tell(found);
    catalogue.forgetReservations(
      unfinished.filter(({ state }) => state === 'reserved').map(({ segment }) => segment),
    );
    const { openGaps: gaps } = await catalogue.recoverAfterCrash(recorderStreams());
    return gaps;
  }

  function recorderStreams() {
    return config.cameras.flatMap(({ id }) => [
      { camera: id, stream: 'main' as const },
      { camera: id, stream: 'sub' as const },
    ]);
  }

  /** Files and rows of all days against each other, while recording goes on. */
  async function reconcileAll(signal: AbortSignal): Promise<void> {
    try {
      tell(await recoverFromFiles(recoveryDeps, { isOurs: (id) => id >= firstOwnId, signal }));
      recovery.state = 'done';
    } catch (error) {
      if (signal.aborted) return;
      recovery.state = 'failed';
      alarms.raise('vault_findings', '', { findings: recovery.findings });
      log.error('recovery.failed', factsOf(error));
    }
  }

  function tell(result: Awaited<ReturnType<typeof recoverFromFiles>>): void {
    recovery.files += result.files;
    recovery.restored += result.restored;
    recovery.findings = result.unreadable.length;
    for (const { file, error } of result.unreadable)
      log.warn('recovery.unreadable', { file, ...factsOf(error) });
    if (result.unreadable.length > 0)
      alarms.raise('vault_findings', '', { findings: result.unreadable.length });
    if (result.files > 0) log.info('recovery.done', { files: result.files, restored: result.restored });
  }

  async function look() {
    const sinceDay = siteTime.addDays(siteTime.dayOf(clock.utcUs()), -config.retention.days - 1);
    const seen = forecast({
      streams: recorder.streams(),
      totals: await reader.dayTotals(sinceDay),
      announced,
      retentionDays: config.retention.days,
      freeBytes: guard.freeBytes,
      reserveBytes: config.storage.reserveBytes,
    });
    if (seen.fits) alarms.clear('retention_at_risk', '');
    else alarms.raise('retention_at_risk', '', { days: seen.daysThatFit, needed: seen.retentionDays });
    log.info('forecast', seen);
    return seen;
  }

  function status(): RecorderStatus {
    const { rss, heapUsed } = process.memoryUsage();
    const { backlog, oldestWaitingMs, lastCommitMs, commits, trouble } = catalogue.stats();
    return {
      v: 1,
      at: isoFromUs(clock.utcUs()),
      startedAt: isoFromUs(startedUs),
      pid: process.pid,
      site: config.site.name[config.site.language],
      cameras: recorder.cameras(),
      alarms: alarms.standing().map(({ code, subject, sinceUs, facts }) => ({
        code,
        subject,
        since: isoFromUs(sinceUs),
        facts: definedOnly(facts),
      })),
      disk: {
        freeBytes: guard.freeBytes,
        totalBytes: guard.totalBytes,
        reserveBytes: config.storage.reserveBytes,
        room: guard.mayWrite,
      },
      ...(capacity ? { forecast: capacity } : {}),
      catalogue: { backlog, oldestWaitingMs, lastCommitMs, commits, ...(trouble ? { trouble } : {}) },
      spool: { waiting: spool.waiting },
      recovery,
      memory: { rssBytes: rss, heapBytes: heapUsed },
      liveListeners: hub.listenerCount(),
    };
  }
}

/** For the person who looks at the screen; the log has the code and the facts. */
function complain(error: GirokError, language: Language): void {
  const faults = error instanceof ConfigFaulty ? error.faults : [];
  const lines = [sentence(error, language), ...faults.map((fault) => faultLine(fault, language))];
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
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
      // The calling thread stands still while it waits; another process's lock must not cost a frame.
      busyTimeoutMs: 100,
    });
  } finally {
    rootKey.fill(0);
  }
}

async function locate(camera: CameraConfig, announced: Map<string, number>): Promise<LocatedCamera> {
  const found = await resolveCamera(camera, {
    policy: createAddressPolicy({ networks: createNetworks(config.cameraNetworks), lookup: systemLookup }),
    onvif: createOnvif(),
    secrets: createSecrets({ env: environment, uid: process.getuid?.() ?? 0 }),
  });
  const target = (stream: NonNullable<typeof found.sub>, kind: string) => {
    const bits = stream.announced?.bitsPerSecond;
    if (bits) announced.set(`${camera.id}/${kind}`, bits);
    const { url, credential } = stream;
    return {
      transport: stream.transport,
      revealUrl: () => (credential ? rtspUrlWithLogin(url, credential).reveal() : url),
    };
  };
  return {
    main: target(found.main, 'main'),
    ...(found.sub ? { sub: target(found.sub, 'sub') } : {}),
    ...(found.clockOffsetMs === undefined ? {} : { clockOffsetMs: found.clockOffsetMs }),
  };
}

function definedOnly(facts: Readonly<Record<string, string | number | boolean | undefined>>) {
  return Object.fromEntries(
    Object.entries(facts).filter(
      (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
    ),
  );
}
