import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createPeople, type People } from '../../access/people.ts';
import { environment } from '../../config/environment.ts';
import { storageFolders } from '../../config/folders.ts';
import { rootKeyFile } from '../../config/root-key-file.ts';
import type { Database } from '../../db/open.ts';
import { type AlarmRows, createAlarmRows } from '../../db/site/alarm-rows.ts';
import { openSiteForReading, openSiteForWriting } from '../../db/site/open.ts';
import { createLedger, type Ledger } from '../../ledger/ledger.ts';
import type { PersonalOpening } from '../../ledger/personal.ts';
import { apartFrom, readKeptCheckpoint } from '../../ledger/second-place.ts';
import type { Clock } from '../../lib/clock.ts';
import { GirokError } from '../../lib/errors.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import { createSiteTime } from '../../lib/site-time.ts';
import { createAlarmBook } from '../../stewardship/alarm-book.ts';
import { createAlarms, type StandingAlarm } from '../../stewardship/alarms.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { createPersonalOpening } from '../../vault/personal-keys.ts';
import { loadRootKey } from '../../vault/root-key.ts';
import { createGate, type Gate } from '../../viewing/gate.ts';
import { createGrants, type Grants } from '../../viewing/grants.ts';
import { createViewingWriting } from '../../viewing/writing.ts';
import { createPersonalTexts } from '../steward/personal-texts.ts';
import { createSiteFootage, type SiteFootage } from './footage.ts';
import { createSiteRecords, type SiteRecords } from './records.ts';
import type { RunningConfig } from './running-config.ts';

export interface Site {
  readonly ledger: Ledger;
  readonly db: Database;
  readonly alarms: AlarmRows;
  readonly people: People;
  readonly grants: Grants;
  readonly gate: Gate;
}

export interface SiteAccess {
  readonly footage: SiteFootage;
  /** Opened when it is first needed. @throws GirokError `ledger_missing` before the steward has begun it, `ledger_damaged` */
  open(): Site;
  /** @throws GirokError `keyring_damaged` before the recorder has made one, and of the keyring */
  keyring(): Keyring;
  /** Personal texts of entries, as `work` needs them opened. */
  withOpening<T>(work: (opening: PersonalOpening) => T): T;
  readonly records: SiteRecords;
  /** To be called each second: the wrapping key of an epoch that is over is forgotten. */
  dropRetired(): void;
  /** To be called each minute: sessions that are over end. */
  sweep(): void;
  close(): Promise<void>;
}

/** site.db as the web process has it: beside the steward, which alone begins and migrates it. */
export async function createSiteAccess(
  running: Pick<RunningConfig, 'current' | 'rules'>,
  clock: Clock,
  log: Log,
): Promise<SiteAccess> {
  const config = running.current;
  const folders = storageFolders(config);
  const siteTime = createSiteTime(config.site.timeZone);
  const personal = createPersonalTexts({ config, folders, clock, siteTime });
  const kept = await readKeptCheckpoint(join(folders.keysMirror, 'ledger-checkpoint'));
  let site: Site | undefined;
  const viewingOf = (db: Database, ledger: Ledger): Pick<Site, 'grants' | 'gate'> => {
    const told = (event: 'alarm.raised' | 'alarm.cleared') => (alarm: StandingAlarm) => {
      const { code, subject } = alarm;
      log.warn(event, { alarm: code, subject, ...alarm.facts });
      try {
        ledger.write((tx) => tx.append({ event, facts: { alarm: code, subject }, actor: 'process:web' }));
      } catch (error) {
        // What keeps a viewing out of the ledger keeps this out too: the steward has an alarm of its own for it.
        log.error('alarm.not_entered', factsOf(error));
      }
    };
    const alarms = createAlarms({
      clock,
      listener: { raised: told('alarm.raised'), cleared: told('alarm.cleared') },
    });
    const deps = {
      writing: createViewingWriting({ ledger, alarms }),
      db,
      clock,
      rules: running.rules,
    };
    const failed = (error: unknown) => log.error('viewing.failed', factsOf(error));
    const gate = createGate({ ...deps, failed });
    gate.recover();
    return { grants: createGrants(deps), gate };
  };
  const open = (): Site => {
    if (site) return site;
    if (!existsSync(folders.site)) throw new GirokError('ledger_missing', { path: folders.site });
    // Reading first says whether the steward has brought it to this program's version.
    openSiteForReading(folders.site).close();
    const db = openSiteForWriting(folders.site);
    // What is entered here is in the book of alarms at once, as what the steward enters is.
    const alarms = createAlarmRows(db);
    const { entered } = createAlarmBook({ rows: alarms, clock });
    const ledger = createLedger({ db, clock, personal, entered });
    const fault = !ledger.rows.log()
      ? new GirokError('ledger_missing', { path: folders.site })
      : kept && apartFrom(ledger.rows, kept)
        ? new GirokError('ledger_damaged', { path: folders.site, reason: 'second place' })
        : undefined;
    if (fault) {
      db.close();
      throw fault;
    }
    const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), {
      createIfAbsent: false,
    });
    try {
      const people = createPeople({ db, ledger, clock, config, rootKey });
      site = { db, ledger, alarms, people, ...viewingOf(db, ledger) };
    } finally {
      rootKey.fill(0);
    }
    return site;
  };
  const footage = createSiteFootage({
    folders,
    clock,
    siteTime,
    log,
    keyring: () => personal.keyring(),
    gate: () => open().gate,
  });
  const keyring = (): Keyring => {
    const opened = personal.keyring();
    if (!opened) throw new GirokError('keyring_damaged', { folder: folders.keys, reason: 'absent' });
    return opened;
  };
  const records = createSiteRecords({
    config: () => running.current,
    folders,
    clock,
    siteTime,
    log,
    keyring: () => personal.keyring(),
    site: open,
    personName: (account) => open().people.accounts.find(account)?.name,
  });
  return {
    open,
    keyring,
    withOpening(work) {
      const opening = createPersonalOpening(keyring(), siteTime);
      try {
        return work(opening);
      } finally {
        opening.close();
      }
    },
    footage,
    records,
    dropRetired: personal.dropRetired,
    sweep() {
      site?.people.sweep();
      footage.sweep();
    },
    async close() {
      site?.gate.stop();
      await records.close();
      await footage.close();
      site?.people.close();
      site?.db.close();
      site = undefined;
      personal.close();
    },
  };
}
