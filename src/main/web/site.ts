import { join } from 'node:path';
import { createKiosks, type Kiosks, type MaskedClips } from '../../access/kiosk.ts';
import { createPeople, type People } from '../../access/people.ts';
import { createViewDesk, type ViewDesk } from '../../cameras/view/desk.ts';
import { environment } from '../../config/environment.ts';
import { storageFolders } from '../../config/folders.ts';
import { rootKeyFile } from '../../config/root-key-file.ts';
import type { Database } from '../../db/open.ts';
import { type AlarmRows, createAlarmRows } from '../../db/site/alarm-rows.ts';
import type { RightDeps } from '../../http/resources/rights.ts';
import type { ViewingDeps } from '../../http/resources/viewings.ts';
import { continueLedger, seenOfLedger } from '../../ledger/continuing.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { PersonalOpening } from '../../ledger/personal.ts';
import { rightReasons } from '../../ledger/right-reasons.ts';
import type { Clock } from '../../lib/clock.ts';
import { GirokError, isGirokError } from '../../lib/errors.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import { createSiteTime } from '../../lib/site-time.ts';
import { type AlarmBook, createAlarmBook } from '../../stewardship/alarm-book.ts';
import type { Keyring } from '../../vault/keyring.ts';
import { createPersonalOpening } from '../../vault/personal-keys.ts';
import { loadRootKey } from '../../vault/root-key.ts';
import { createGate, type Gate } from '../../viewing/gate.ts';
import { createGrants, type Grants } from '../../viewing/grants.ts';
import { createMarks, type Marks } from '../../viewing/marks.ts';
import { createViewingWriting } from '../../viewing/writing.ts';
import { createPersonalTexts } from '../steward/personal-texts.ts';
import { createWebAlarms } from './alarms.ts';
import { createSiteFootage, type SiteFootage } from './footage.ts';
import { createSiteRecords, type SiteRecords } from './records.ts';
import type { RunningConfig } from './running-config.ts';
import { watchedViews } from './views.ts';

export interface Site {
  readonly ledger: Ledger;
  readonly db: Database;
  readonly alarms: AlarmRows;
  readonly people: People;
  readonly grants: Grants;
  readonly gate: Gate;
  readonly marks: Marks;
  readonly kiosks: Kiosks;
  readonly views: ViewDesk;
}

export interface SiteAccess {
  readonly footage: SiteFootage;
  /** Opened when it is first needed. @throws GirokError `ledger_missing` before the steward has begun it, `ledger_damaged` */
  open(): Site;
  /** @throws GirokError `keyring_damaged` before the recorder has made one, and of the keyring */
  keyring(): Keyring;
  /** Personal texts of entries, as `work` needs them opened. */
  withOpening<T>(work: (opening: PersonalOpening) => T): T;
  readonly grantTexts: ViewingDeps['texts'];
  readonly rightReasons: RightDeps['reasons'];
  readonly records: SiteRecords;
  /** To be called each second: the wrapping key of an epoch that is over is forgotten. */
  dropRetired(): void;
  /** To be called each minute: sessions that are over end. */
  sweep(): void;
  /** To be called each minute: what is due of the cameras' views is looked at. Never throws. */
  lookAtViews(): Promise<void>;
  close(): Promise<void>;
}

/** Nothing makes masked copies yet: until something does, no kiosk opens for anything. */
const NO_MASKED_CLIPS: MaskedClips = { find: () => undefined };

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
  const seen = await seenOfLedger({
    keptCheckpoint: join(folders.keysMirror, 'ledger-checkpoint'),
    seenElsewhere: folders.seenElsewhere,
  });
  let site: Site | undefined;
  const keyring = (): Keyring => {
    const opened = personal.keyring();
    if (!opened) throw new GirokError('keyring_damaged', { folder: folders.keys, reason: 'absent' });
    return opened;
  };
  const withOpening = <T>(work: (opening: PersonalOpening) => T): T => {
    const opening = createPersonalOpening(keyring(), siteTime);
    try {
      return work(opening);
    } finally {
      opening.close();
    }
  };
  /** What is entered here reaches people like all else: `breakglass.opened` is an alarm from its entry on. */
  let book: AlarmBook | undefined;
  const telling = createWebAlarms({ folder: folders.webSpool, clock, log });
  const viewingOf = (db: Database, ledger: Ledger): Pick<Site, 'grants' | 'gate' | 'marks'> => {
    const deps = {
      writing: createViewingWriting({ ledger, alarms: telling.alarms }),
      db,
      clock,
      rules: running.rules,
    };
    const failed = (error: unknown) => log.error('viewing.failed', factsOf(error));
    const gate = createGate({ ...deps, failed });
    gate.recover();
    const grants = createGrants(deps);
    return { grants, gate, marks: createMarks({ ...deps, gate, grants, opening: withOpening }) };
  };
  const open = (): Site => {
    if (site) return site;
    const { db, ledger } = continueLedger({
      path: folders.site,
      site: config.site.id,
      seen,
      clock,
      personal,
      entered: (entry) => book?.entered(entry),
    });
    const rows = createAlarmRows(db);
    book = createAlarmBook({ rows, clock });
    telling.opened(rows);
    const rootKey = loadRootKey(rootKeyFile(config.storage.keys.root, environment), {
      createIfAbsent: false,
    });
    try {
      const people = createPeople({ db, ledger, clock, config, rootKey });
      const kiosks = createKiosks({
        clips: NO_MASKED_CLIPS,
        ledger,
        clock,
        failed: (error) => log.error('kiosk.not_entered', factsOf(error)),
      });
      const views = createViewDesk({
        ...{ ledger, db, clock, siteTime, alarms: telling.alarms },
        watched: () => watchedViews(running.current),
        retentionDays: () => running.current.retention.days,
        look: (...asked) => footage.views().look(...asked),
        failed: (camera, error) => log.warn('view.not_compared', { camera, ...factsOf(error) }),
      });
      site = { db, ledger, alarms: rows, people, kiosks, views, ...viewingOf(db, ledger) };
      views.begin();
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
    withOpening,
    footage,
    records,
    grantTexts(reader, listed) {
      const { grants } = open();
      if (!personal.keyring()) return new Map();
      return withOpening((opening) => {
        const mayRead = listed.filter(({ id }) => grants.mayReview(reader, id));
        return new Map(mayRead.map(({ id }) => [id, grants.textsOf(reader, id, opening)]));
      });
    },
    rightReasons(rights) {
      const { ledger } = open();
      if (rights.length === 0 || !personal.keyring()) return new Map();
      return withOpening((opening) => rightReasons(ledger.rows, rights, opening));
    },
    dropRetired: personal.dropRetired,
    sweep() {
      site?.people.sweep();
      site?.kiosks.sweep();
      footage.sweep();
    },
    async lookAtViews() {
      try {
        await open().views.round();
      } catch (error) {
        // Before the steward has begun the ledger there is nobody to tell.
        if (!isGirokError(error, 'ledger_missing')) log.warn('view.round_failed', factsOf(error));
      }
    },
    async close() {
      await site?.views.stop();
      site?.kiosks.stop();
      site?.gate.stop();
      await telling.settled();
      await records.close();
      await footage.close();
      site?.people.close();
      site?.db.close();
      site = undefined;
      personal.close();
    },
  };
}
