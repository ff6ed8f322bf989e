import { join } from 'node:path';
import { createKiosks, type Kiosks, type MaskedClips } from '../../access/kiosk.ts';
import { createPeople, type People } from '../../access/people.ts';
import { environment } from '../../config/environment.ts';
import { storageFolders } from '../../config/folders.ts';
import { rootKeyFile } from '../../config/root-key-file.ts';
import type { Database } from '../../db/open.ts';
import { type AlarmRows, createAlarmRows } from '../../db/site/alarm-rows.ts';
import type { LogDeps } from '../../http/resources/logs.ts';
import type { ViewingDeps } from '../../http/resources/viewings.ts';
import { sentencesIn } from '../../i18n/sentences.ts';
import { continueLedger, seenOfLedger } from '../../ledger/continuing.ts';
import type { NewEntry } from '../../ledger/entry.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { namesPeople, VIEWS } from '../../ledger/views.ts';
import type { Clock } from '../../lib/clock.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import { createSiteTime } from '../../lib/site-time.ts';
import { type AlarmBook, createAlarmBook } from '../../stewardship/alarm-book.ts';
import { createPersonalOpening } from '../../vault/personal-keys.ts';
import { loadRootKey } from '../../vault/root-key.ts';
import { createGate, type Gate } from '../../viewing/gate.ts';
import { createGrants, type Grants } from '../../viewing/grants.ts';
import { createViewingWriting } from '../../viewing/writing.ts';
import { createPersonalTexts } from '../steward/personal-texts.ts';
import { createWebAlarms } from './alarms.ts';
import { createSiteFootage, type SiteFootage } from './footage.ts';
import type { RunningConfig } from './running-config.ts';

export interface Site {
  readonly ledger: Ledger;
  readonly db: Database;
  readonly alarms: AlarmRows;
  readonly people: People;
  readonly grants: Grants;
  readonly gate: Gate;
  readonly kiosks: Kiosks;
}

export interface SiteAccess {
  readonly footage: SiteFootage;
  /** Opened when it is first needed. @throws GirokError `ledger_missing` before the steward has begun it, `ledger_damaged` */
  open(): Site;
  readonly showLog: LogDeps['show'];
  readonly grantTexts: ViewingDeps['texts'];
  /** To be called each second: the wrapping key of an epoch that is over is forgotten. */
  dropRetired(): void;
  /** To be called each minute: sessions that are over end. */
  sweep(): void;
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
  /** What is entered here reaches people like all else: `breakglass.opened` is an alarm from its entry on. */
  let book: AlarmBook | undefined;
  const telling = createWebAlarms({ folder: folders.webSpool, clock, log });
  const viewingOf = (db: Database, ledger: Ledger): Pick<Site, 'grants' | 'gate'> => {
    const deps = {
      writing: createViewingWriting({ ledger, alarms: telling.alarms }),
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
      site = { db, ledger, alarms: rows, people, kiosks, ...viewingOf(db, ledger) };
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
  return {
    open,
    footage,
    async showLog(view, { language, session, address }) {
      const { ledger } = open();
      const keyring = namesPeople(view) ? personal.keyring() : undefined;
      const opening = keyring && createPersonalOpening(keyring, siteTime);
      try {
        const table = VIEWS[view]({
          rows: ledger.rows,
          siteTime,
          words: sentencesIn(language).ledger.views,
          opening,
          purposes: Object.fromEntries(
            running.current.purposes.map((purpose) => [purpose.id, purpose[language]]),
          ),
        });
        // Who saw the names is in the ledger before anybody does.
        if (namesPeople(view)) {
          const entry: NewEntry = {
            event: 'log.exported',
            facts: { view, formats: ['screen'], rows: table.rows.length },
            actor: `person:${session.account}`,
          };
          ledger.write((tx) => tx.append(entry, { personal: { by: session.name, ip: address } }));
        }
        return table;
      } finally {
        opening?.close();
      }
    },
    grantTexts(reader, listed) {
      const { grants } = open();
      const keyring = personal.keyring();
      if (!keyring) return new Map();
      const opening = createPersonalOpening(keyring, siteTime);
      try {
        const mayRead = listed.filter(({ id }) => grants.mayReview(reader, id));
        return new Map(mayRead.map(({ id }) => [id, grants.textsOf(reader, id, opening)]));
      } finally {
        opening.close();
      }
    },
    dropRetired: personal.dropRetired,
    sweep() {
      site?.people.sweep();
      site?.kiosks.sweep();
      footage.sweep();
    },
    async close() {
      site?.kiosks.stop();
      site?.gate.stop();
      await telling.settled();
      await footage.close();
      site?.people.close();
      site?.db.close();
      site = undefined;
      personal.close();
    },
  };
}
