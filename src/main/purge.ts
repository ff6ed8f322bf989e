import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openErasedCatalogue } from '../catalogue/erase-day.ts';
import { environment } from '../config/environment.ts';
import { storageFolders } from '../config/folders.ts';
import { loadConfig } from '../config/load.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import type { PurgeMessage, PurgeOutcome } from '../contract/purge-outcome.ts';
import { lockFile } from '../db/lock.ts';
import { LONGEST_PERSONAL } from '../ledger/personal.ts';
import { systemClock } from '../lib/clock.ts';
import { forbidCoreFiles } from '../lib/core-files.ts';
import { GirokError, isGirokError, systemCode } from '../lib/errors.ts';
import { hostBoot, kernelClockSynchronised } from '../lib/host-clock.ts';
import { createLog, factsOf } from '../lib/logger.ts';
import { makeSharedFolder, SHARING_UMASK } from '../lib/sharing.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { readRecorderStatus } from '../live/recorder-client.ts';
import { createSpooledAccounts } from '../retention/accounts.ts';
import { readStretches } from '../retention/clock-stretches.ts';
import { createHoldBook, deferralsOf, emptyLocker, lapsedHolds } from '../retention/holds.ts';
import { createJournal } from '../retention/journal.ts';
import { type PurgeRequest, purge } from '../retention/purge.ts';
import { dueRecords, recordYearsOf } from '../retention/records.ts';
import { readWitnessTime } from '../retention/witness-time.ts';
import { createFootageFolders } from '../vault/erase-files.ts';
import { createKeyEraser } from '../vault/erase-keys.ts';
import { createLockerFolders } from '../vault/erase-locker.ts';
import { loadRootKey } from '../vault/root-key.ts';
import { assertVolume } from '../vault/volume.ts';

/**
 * One run of the purge, unattended. Nothing that opens footage can be reached from here (a boundary rule), and
 * nothing that could change what the ledger has.
 */

const { values: args } = parseArgs({
  options: {
    config: { type: 'string', default: 'cameras.yml' },
    storage: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    'confirm-clock': { type: 'boolean', default: false },
    'confirm-days': { type: 'boolean', default: false },
    'confirm-place': { type: 'boolean', default: false },
    by: { type: 'string', default: '' },
    reason: { type: 'string', default: '' },
  },
});
const OF_THE_DISK = new Set([
  'EROFS',
  'EACCES',
  'EPERM',
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'SQLITE_FULL',
  'SQLITE_READONLY',
]);
process.umask(SHARING_UMASK);
const log = createLog('purge');
const coreFiles = forbidCoreFiles();
if (coreFiles !== undefined) log.warn('core_files.possible', { reason: coreFiles });
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => stop.abort(new Error('stopped')));

try {
  const outcome = await run();
  report(outcome);
  await tell({ kind: 'outcome', outcome });
  process.exit(isGood(outcome) ? 0 : 1);
} catch (error) {
  log.error('purge.failed', factsOf(error));
  const { code, facts } = isGirokError(error) ? error : new GirokError(...saidOf(error));
  const known = Object.entries(facts).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  await tell({ kind: 'failed', code, facts: Object.fromEntries(known) });
  process.exit(1);
}

async function run(): Promise<PurgeOutcome> {
  const config = loadConfig(args.config, { storageFolder: args.storage });
  const folders = storageFolders(config);
  await assertVolume(folders.root, config.site.id);
  // Asked outright: what making a folder says on a read-only disk tells nobody why.
  accessSync(existsSync(folders.retention) ? folders.retention : folders.root, constants.W_OK);
  makeSharedFolder(folders.retention);
  const lock = lockFile(join(folders.retention, 'purge.lock'));
  if (!lock) return { kind: 'busy' };
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), { createIfAbsent: false });
  const eraser = createKeyEraser({
    folder: folders.keys,
    mirrorFolder: folders.keysMirror,
    rootKey,
    clock: systemClock,
    onStep: (step) => log.info('purge.step', { step }),
  });
  rootKey.fill(0);
  const siteTime = createSiteTime(config.site.timeZone);
  const holds = createHoldBook(join(folders.retention, 'holds'));
  const lockers = createLockerFolders(folders.evidence);
  const years = recordYearsOf(config.records);
  try {
    return await purge(
      {
        site: config.site.id,
        clock: systemClock,
        siteTime,
        retentionDays: config.retention.days,
        eraser,
        folders: createFootageFolders(folders.vault),
        openRows: () => openErasedCatalogue(folders.catalogue),
        accounts: createSpooledAccounts({
          spool: folders.purgeSpool,
          writer: 'purge',
          certificates: join(folders.retention, 'certificates'),
          clock: systemClock,
        }),
        journal: createJournal(join(folders.retention, 'purge.json')),
        boot: hostBoot,
        synchronised: () => kernelClockSynchronised(),
        witness: () => readWitnessTime(folders.witnessTime),
        cameraOffsetsMs: () => cameraOffsetsMs(folders.statusSocket),
        stretches: () => readStretches(folders.clockStretches),
        deferrals: async () => deferralsOf(await holds.list(), siteTime, systemClock.utcUs()),
        lapsed: async () => lapsedHolds(await holds.list(), systemClock.utcUs()),
        removeLocker: (hold) => emptyLocker(hold, holds, lockers),
        dueRecords: (names, nowUs) => dueRecords({ nowUs, siteTime, years, names }),
        signal: stop.signal,
        onProgress: (done, of) => void tell({ kind: 'progress', done, of }),
      },
      request(),
    );
  } finally {
    eraser.close();
    lock.release();
  }
}

/** A disk that refuses has a sentence with its remedy, wherever the run met it. */
function saidOf(error: unknown): ConstructorParameters<typeof GirokError> {
  const system = systemCode(error);
  const path = (error as { path?: unknown } | null)?.path;
  if (system === undefined || !OF_THE_DISK.has(system)) return ['internal', { reason: String(error) }];
  return ['storage_readonly', { ...(typeof path === 'string' && { path }), system }];
}

function request(): PurgeRequest {
  const what = { clock: args['confirm-clock'], days: args['confirm-days'], place: args['confirm-place'] };
  const isConfirmed = what.clock || what.days || what.place;
  const confirmed = isConfirmed ? { ...what, by: args.by, reason: args.reason } : undefined;
  const isSaid = (text: string) => text !== '' && text.length <= LONGEST_PERSONAL;
  if (confirmed && !(isSaid(confirmed.by) && isSaid(confirmed.reason)))
    throw new GirokError('usage', { reason: '--by, --reason', command: 'girok purge' });
  return { dryRun: args['dry-run'], confirmed };
}

async function cameraOffsetsMs(socket: string): Promise<number[]> {
  try {
    const { cameras } = await readRecorderStatus(socket);
    return cameras.flatMap(({ clockOffsetMs }) => (clockOffsetMs === undefined ? [] : [clockOffsetMs]));
  } catch (error) {
    if (isGirokError(error, 'recorder_not_running')) return [];
    throw error;
  }
}

function isGood(outcome: PurgeOutcome): boolean {
  if (outcome.kind === 'done') return outcome.certificate?.state !== 'incomplete';
  return outcome.kind === 'planned' || outcome.kind === 'busy';
}

function report(outcome: PurgeOutcome): void {
  if (outcome.kind === 'done') {
    const { run: id, state, days = [], failures = [], beyondRecoveryMs } = outcome.certificate ?? {};
    const facts = { run: id, state, days: days.length, failures: failures.length, beyondRecoveryMs };
    if (isGood(outcome)) log.info('purge.done', facts);
    else log.error('purge.incomplete', { ...facts, overdue: outcome.overdue });
  } else if (outcome.kind === 'waiting')
    log.error('purge.waiting', { ...outcome.plan.waiting, overdue: outcome.overdue });
  else log.info(`purge.${outcome.kind}`);
}

/** To whoever started it; under systemd the log and the certificate say it all. */
async function tell(message: PurgeMessage): Promise<void> {
  const { send } = process;
  if (!send) return;
  // A parent that is gone does not stop the erasing.
  await new Promise<void>((resolve) => send.call(process, message, () => resolve()));
}
