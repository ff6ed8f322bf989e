import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT_OF_ERROR } from '../cli/exit-code.ts';
import type { Config } from '../config/config.ts';
import { environment } from '../config/environment.ts';
import { storageFolders } from '../config/folders.ts';
import { loadConfig } from '../config/load.ts';
import { rootKeyFile } from '../config/root-key-file.ts';
import { lockFile } from '../db/lock.ts';
import { createAlarmRows } from '../db/site/alarm-rows.ts';
import { openSiteForWriting } from '../db/site/open.ts';
import { chooseLanguage } from '../i18n/language.ts';
import { sentence } from '../i18n/sentences.ts';
import { createAnchoring } from '../ledger/anchoring.ts';
import { createBallast } from '../ledger/ballast.ts';
import { createCheckpoints } from '../ledger/checkpoints.ts';
import { createKeeper } from '../ledger/keeper.ts';
import { createLedger } from '../ledger/ledger.ts';
import { openLog } from '../ledger/log.ts';
import { parseVkey } from '../ledger/note.ts';
import { keepCheckpoint } from '../ledger/second-place.ts';
import { createWitnessClient, type WitnessClient } from '../ledger/witness-client.ts';
import { type Cancel, systemClock } from '../lib/clock.ts';
import { forbidCoreFiles } from '../lib/core-files.ts';
import { GirokError } from '../lib/errors.ts';
import { hostBoot } from '../lib/host-clock.ts';
import { createLog, factsOf } from '../lib/logger.ts';
import { SHARING_UMASK } from '../lib/sharing.ts';
import { createSiteTime } from '../lib/site-time.ts';
import { keepWitnessTime } from '../retention/witness-time.ts';
import { createAlarmBook } from '../stewardship/alarm-book.ts';
import { createAlarms, type StandingAlarm } from '../stewardship/alarms.ts';
import { createSchedule, type Schedule } from '../stewardship/schedule.ts';
import { createPlaces } from '../vault/places.ts';
import { loadRootKey } from '../vault/root-key.ts';
import { refuseUnfinishedRestore } from '../vault/volume.ts';
import { backupDuty } from './steward/backup-duty.ts';
import { evidenceDuty } from './steward/evidence-duty.ts';
import { hashingDuty } from './steward/hashing-duty.ts';
import { holdsDuty } from './steward/holds-duty.ts';
import { notifyDuties } from './steward/notify-duties.ts';
import type { StewardParts } from './steward/parts.ts';
import { peopleDuty } from './steward/people-duty.ts';
import { createPersonalTexts } from './steward/personal-texts.ts';
import { tasksDuty } from './steward/tasks-duty.ts';
import { textsDuty } from './steward/texts-duty.ts';
import { verifyDuty } from './steward/verify-duty.ts';

/** The steward process: everything that is told becomes part of the ledger, and the ledger is signed. */

const { values: args } = parseArgs({
  options: { config: { type: 'string', default: 'cameras.yml' }, storage: { type: 'string' } },
});
process.umask(SHARING_UMASK);
const log = createLog('steward');
const coreFiles = forbidCoreFiles();
if (coreFiles !== undefined) log.warn('core_files.possible', { reason: coreFiles });
const clock = systemClock;
const ROUND_MS = 1000;
const BALLAST_BYTES = 16 * 1024 * 1024;

process.on('uncaughtException', (error) => {
  log.error('steward.died', factsOf(error));
  process.exit(70);
});

try {
  await keep();
} catch (error) {
  if (!(error instanceof GirokError)) throw error;
  log.error('steward.refused', factsOf(error));
  const language = chooseLanguage({ asked: undefined, env: environment, site: undefined });
  process.stderr.write(`${sentence(error, language)}\n`);
  process.exit(EXIT_OF_ERROR[error.code]);
}

async function keep(): Promise<void> {
  const config = loadConfig(args.config, { storageFolder: args.storage });
  const folders = storageFolders(config);
  // The recorder marks a new volume; before that, or without the disk, this is no place for a ledger.
  if (!existsSync(join(folders.root, 'volume.json')))
    throw new GirokError('storage_unmarked', { storage: folders.root });
  refuseUnfinishedRestore(folders.root);
  // Two that sign could sign two histories.
  const lock = lockFile(join(folders.root, 'steward.lock'));
  if (!lock) throw new GirokError('storage_in_use', { storage: folders.root });
  const db = openSiteForWriting(folders.site);
  const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), { createIfAbsent: false });
  const identity = openLog(db, { site: config.site.id, rootKey, clock });
  rootKey.fill(0);
  const siteTime = createSiteTime(config.site.timeZone);
  const personal = createPersonalTexts({ config, folders, clock, siteTime });
  const book = createAlarmBook({ rows: createAlarmRows(db), clock });
  const ledger = createLedger({ db, clock, personal, entered: book.entered });
  const alarms = createAlarms({
    clock,
    listener: {
      raised(alarm) {
        log.warn('alarm.raised', { alarm: alarm.code, subject: alarm.subject, ...alarm.facts });
        keeper.enter({ event: 'alarm.raised', facts: factsOfAlarm(alarm), actor: 'process:steward' });
      },
      cleared(alarm) {
        log.info('alarm.cleared', { alarm: alarm.code, subject: alarm.subject });
        keeper.enter({ event: 'alarm.cleared', facts: factsOfAlarm(alarm), actor: 'process:steward' });
      },
    },
  });
  const checkpoints = createCheckpoints(db, { identity, clock });
  const places = createPlaces({ folder: folders.keys, mirrorFolder: folders.keysMirror });
  const keeper = createKeeper({
    ledger,
    checkpoints,
    spool: dirname(folders.spool),
    keptCheckpoint: join(folders.keysMirror, 'ledger-checkpoint'),
    seenElsewhere: folders.seenElsewhere,
    secondPlaceIsThere: () => places.mirror().state === 'here',
    ballast: createBallast({ path: join(folders.root, 'ledger.ballast'), bytes: BALLAST_BYTES }),
    clock,
    alarms,
    signed: ({ size }) => log.info('ledger.signed', { size }),
    failed: (error) => log.error('ledger.failed', factsOf(error)),
  });
  const witness = witnessOf(config);
  const anchoring =
    witness &&
    createAnchoring({
      witness,
      checkpoints,
      rows: ledger.rows,
      log: identity.key,
      clock,
      alarms,
      async contradicted(divergence, seen) {
        keeper.incident('witness', divergence);
        // The next start, and every command, know of it also while the witness is away.
        await keepCheckpoint(folders.seenElsewhere, seen);
      },
      timed: (atS) =>
        void keepWitnessTime(folders.witnessTime, hostBoot(), atS).catch((error: unknown) =>
          log.warn('witness.time_not_kept', factsOf(error)),
        ),
      failed: (error) => log.error('witness.failed', factsOf(error)),
    });
  keeper.enter({ event: 'steward.started', facts: { pid: process.pid }, actor: 'process:steward' });

  let isBusy = false;
  let round = Promise.resolve();
  const turn = () => {
    if (isBusy) return round;
    isBusy = true;
    round = keeper.round().finally(() => {
      personal.dropRetired();
      isBusy = false;
    });
    // A witness that is slow keeps nobody waiting.
    void anchoring?.round();
    return round;
  };
  const parts: StewardParts = { config, folders, clock, siteTime, db, identity, ledger, keeper, alarms, log };
  let cancelRounds: Cancel | undefined;
  let schedule: Schedule | undefined;

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    cancelRounds?.();
    await schedule?.stop();
    await round;
    // What the others said last comes first.
    await keeper.round();
    keeper.enter({ event: 'steward.stopped', facts: { signal }, actor: 'process:steward' });
    await keeper.round();
    if (!(await keeper.settled())) log.error('ledger.own_lost');
    personal.close();
    db.close();
    lock.release();
    log.info('steward.stopped', { signal });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  // Nobody supervises it any more: going on alone it would hold the ledger against the next start.
  process.once('disconnect', () => void stop('disconnect'));
  // The clock's timers keep no process alive, and nothing else does here.
  setInterval(() => undefined, 60_000);

  // Before anything is entered: a witness may know that this is an old copy. One that is away holds up nothing.
  await anchoring?.round();
  if (stopping) return;
  await turn();
  if (stopping) return;
  cancelRounds = clock.every(ROUND_MS, () => void turn());
  schedule = createSchedule(
    {
      clock,
      timeZone: config.site.timeZone,
      alarms,
      failed: (duty, error) => log.error('duty.failed', { duty, ...factsOf(error) }),
    },
    [
      backupDuty(parts),
      evidenceDuty(parts),
      hashingDuty(parts),
      holdsDuty(parts),
      peopleDuty(parts),
      tasksDuty(parts),
      textsDuty(parts, personal.keyring),
      verifyDuty(parts),
      ...notifyDuties(parts, witness),
    ],
  );
  log.info('steward.started', { entries: ledger.rows.size() });
  process.send?.({ kind: 'ready' });
}

function witnessOf({ ledger }: Config): WitnessClient | undefined {
  const key = ledger.witness && parseVkey(ledger.witness.key);
  return ledger.witness && key && createWitnessClient({ url: ledger.witness.url, key });
}

// A function, not a constant: alarms are raised while this file is still being run.
function factsOfAlarm({ code, subject }: StandingAlarm) {
  return { alarm: code, subject };
}
