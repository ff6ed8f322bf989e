import { join } from 'node:path';
import { stripOf } from '../../catalogue/strip.ts';
import type { Config } from '../../config/config.ts';
import { environment } from '../../config/environment.ts';
import { storageFolders } from '../../config/folders.ts';
import { createAccountRows } from '../../db/site/account-rows.ts';
import { createItemRows } from '../../db/site/item-rows.ts';
import { createRightRows } from '../../db/site/right-rows.ts';
import { createTaskRows } from '../../db/site/task-rows.ts';
import { createViewingRows } from '../../db/site/viewing-rows.ts';
import type { ItemDeps } from '../../http/resources/items.ts';
import type { RetentionDeps } from '../../http/resources/retention.ts';
import type { TaskDeps } from '../../http/resources/tasks.ts';
import type { CameraDaySoFar, TodayDeps } from '../../http/resources/today.ts';
import { readBody } from '../../ledger/entry.ts';
import { type Clock, MINUTE_US, SECOND_US } from '../../lib/clock.ts';
import { isGirokError } from '../../lib/errors.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import { type AsOf, remembered } from '../../lib/remembered.ts';
import { createSiteTime } from '../../lib/site-time.ts';
import { readRecorderStatus } from '../../live/recorder-client.ts';
import { createErasingConfirmation } from '../../oversight/confirming.ts';
import { confirmErasing, enterNotInOrder } from '../../oversight/erasing-confirmation.ts';
import { erasingOutlook } from '../../oversight/erasing-outlook.ts';
import { examine } from '../../oversight/examining.ts';
import { createHandedOut } from '../../oversight/handed-out.ts';
import { itemTexts } from '../../oversight/item-texts.ts';
import { createKeptReports } from '../../oversight/kept-reports.ts';
import { createNewestCertificates } from '../../oversight/newest-certificates.ts';
import { lookAtStorage } from '../../oversight/storage-look.ts';
import { waitingFor } from '../../oversight/waiting.ts';
import { createJournal } from '../../retention/journal.ts';
import type { RetentionStatus } from '../../retention/status.ts';
import { holdBookOf } from '../../stewardship/holds/places.ts';
import { storedKeys } from '../../vault/stored-keys.ts';
import type { RunningConfig } from './running-config.ts';
import type { SiteAccess } from './site.ts';

export interface WebOversight {
  readonly retention: RetentionDeps;
  readonly tasks: TaskDeps;
  readonly items: ItemDeps;
  readonly today: TodayDeps;
}

/** What was recorded this recently is not durable yet: no hole, only on its way. */
const ON_ITS_WAY_US = 5 * SECOND_US;
/** A look at the whole storage reads every database in it: not more often than that. */
const LOOK_GOOD_US = 30 * MINUTE_US;

/** What people watch over, as the web process has it: it reads what erasing says of itself, and cannot erase. */
export function createWebOversight(
  running: Pick<RunningConfig, 'current'>,
  clock: Clock,
  site: SiteAccess,
  log: Log,
): WebOversight {
  const config = running.current;
  const folders = storageFolders(config);
  const siteTime = createSiteTime(config.site.timeZone);
  const book = holdBookOf(folders);
  const failed = (error: unknown) => log.error('web.look_failed', factsOf(error));
  const places = [folders.keys, folders.keysMirror];
  const journal = createJournal(join(folders.retention, 'purge.json'));

  const holds = remembered({ compute: () => book.list(), clock, freshMs: 3000, staleMs: 3000, failed });
  const outlook = remembered({
    compute: () =>
      erasingOutlook({
        clock,
        siteTime,
        retentionDays: config.retention.days,
        keys: () => storedKeys(places).keys,
        catalogue: site.footage.catalogue,
        state: journal.read,
        holds: async () => (await holds()).value,
      }),
    clock,
    freshMs: 60_000,
    staleMs: 600_000,
    failed,
  });
  const daySoFar = remembered({
    compute: () => readDaySoFar(running.current, clock, site),
    clock,
    freshMs: 15_000,
    staleMs: 120_000,
    failed,
  });

  let look: AsOf<RetentionStatus> | undefined;
  let looking = false;
  const lastLook = () => {
    const isGood = look && Math.abs(clock.utcUs() - look.atUs) < LOOK_GOOD_US;
    if (!looking && !isGood) {
      looking = true;
      const atUs = clock.utcUs();
      lookAtStorage(config, clock)
        .then(({ status }) => {
          look = { value: status, atUs };
        })
        .catch(failed)
        .finally(() => {
          looking = false;
        });
    }
    return look;
  };

  const confirmation = createErasingConfirmation({
    find: (id) => createTaskRows(site.open().db).find(id),
    confirmedReport({ doneSeq }) {
      const row = doneSeq === null ? undefined : site.open().ledger.rows.entry(doneSeq);
      const entry = row && readBody(row.body);
      return entry?.event === 'task.done' ? entry.facts.report : undefined;
    },
    examine: (task) => examine({ config, env: environment, clock, db: site.open().db }, task),
    reports: createKeptReports(folders.retention),
    confirm: (report, who) => confirmErasing(site.open().ledger, report, who),
    notInOrder: (report, who) => enterNotInOrder(site.open().ledger, report, who),
    clock,
    siteTime,
    failed,
  });

  return {
    retention: {
      outlook,
      lastLook,
      certificates: createNewestCertificates(join(folders.retention, 'certificates')),
      siteTime,
    },
    tasks: {
      tasks: () => createTaskRows(site.open().db).list(),
      confirmation: () => confirmation,
      clock,
    },
    items: {
      items: () => createItemRows(site.open().db).list(),
      textsOf(items, { account, name }) {
        if (items.length === 0) return new Map();
        const { ledger } = site.open();
        // Who saw the names is in the ledger before anybody does.
        ledger.write((tx) =>
          tx.append(
            {
              event: 'log.exported',
              facts: { view: 'items', formats: ['screen'], rows: items.length },
              actor: `person:${account}`,
            },
            { personal: { by: name } },
          ),
        );
        return site.withOpening((opening) => itemTexts(items, ledger.rows, opening));
      },
      handedOut: ({ account }) =>
        createHandedOut({ ledger: site.open().ledger, clock, siteTime, actor: `person:${account}` }),
      isHold: async (id) => (await book.read(id)) !== undefined,
      clock,
      siteTime,
    },
    today: {
      cameras: () => running.current.cameras,
      status: async () => {
        try {
          return await readRecorderStatus(folders.socket);
        } catch (error) {
          if (isGirokError(error, 'recorder_not_running')) return undefined;
          throw error;
        }
      },
      daySoFar: () => unlessNotThere(daySoFar),
      outlook: () => unlessNotThere(outlook),
      alarms: () => site.open().alarms.standing(),
      ledger() {
        const { rows } = site.open().ledger;
        const [entries, last] = [rows.size(), rows.lastCheckpoint()];
        return { entries, unsigned: entries - (last?.size ?? 0), ...(last && { signedUs: last.madeUs }) };
      },
      async waitingFor(principal) {
        const { db, alarms } = site.open();
        const viewings = createViewingRows(db);
        return waitingFor(
          principal,
          {
            requested: viewings.grants({ state: 'requested' }, MOST_REQUESTED),
            unreviewed: viewings.unreviewed(),
            rights: createRightRows(db).list(),
            accounts: createAccountRows(db).list(),
            tasks: createTaskRows(db).list(),
            holds: (await holds()).value,
            incidents: alarms.standing().filter(({ alarm }) => alarm === 'incident_reported'),
            items: createItemRows(db).list(),
          },
          clock.utcUs(),
          siteTime,
        );
      },
      clock,
      siteTime,
    },
  };
}

const MOST_REQUESTED = 200;

/** A new site has no catalogue and no keys until its recorder has begun: that is no failure of the page. */
async function unlessNotThere<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const isNew =
      isGirokError(error, 'storage_missing') ||
      isGirokError(error, 'recorder_not_running') ||
      (isGirokError(error, 'keyring_damaged') && error.facts.reason === 'no epoch');
    if (isNew) return undefined;
    throw error;
  }
}

async function readDaySoFar(
  config: Config,
  clock: Clock,
  site: SiteAccess,
): Promise<ReadonlyMap<string, CameraDaySoFar>> {
  const catalogue = site.footage.catalogue();
  const siteTime = createSiteTime(config.site.timeZone);
  const nowUs = clock.utcUs() - ON_ITS_WAY_US;
  const fromUs = siteTime.startOf(siteTime.dayOf(nowUs));
  const range = { fromUs, toUs: Math.max(nowUs, fromUs + SECOND_US) };
  const extents = (await catalogue.extents()).filter(({ ref }) => ref.stream === 'main');
  const lanes = await catalogue.timeline(
    config.cameras.map(({ id }) => id),
    { ...range, bucketUs: MINUTE_US },
  );
  return new Map(
    lanes.map((lane) => {
      const extent = extents.find(({ ref }) => ref.camera === lane.ref.camera);
      return [
        lane.ref.camera,
        {
          strip: stripOf(lane, range, extent?.oldestUs),
          ...(extent && { durableUs: extent.newestUs }),
          gaps: lane.gaps,
        },
      ];
    }),
  );
}
