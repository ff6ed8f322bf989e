import { fileURLToPath } from 'node:url';
import { environment } from '../../config/environment.ts';
import { storageFolders } from '../../config/folders.ts';
import { createSecrets } from '../../config/secrets.ts';
import { createApp, type WebServer } from '../../http/app.ts';
import { isLoopback, type Listening } from '../../http/listening.ts';
import { readPublicUi } from '../../http/public-ui.ts';
import { routesOf } from '../../http/routes.ts';
import { settingsChanges } from '../../ledger/settings-changes.ts';
import type { Clock } from '../../lib/clock.ts';
import { factsOf, type Log } from '../../lib/logger.ts';
import { readRecorderStatus } from '../../live/recorder-client.ts';
import { handleAlarm } from '../../stewardship/alarm-handling.ts';
import { readAlarmBook } from '../../stewardship/read-alarm-book.ts';
import { openLivePicture } from '../../viewing/live-picture.ts';
import { aboutOf, readVersion } from './about.ts';
import { createCameraSearch } from './camera-search.ts';
import { createWebHolds } from './holds.ts';
import { createWebOversight } from './oversight.ts';
import type { RunningConfig } from './running-config.ts';
import { settledOf, siteOf } from './set-up.ts';
import type { SiteAccess } from './site.ts';

export interface WebParts {
  readonly running: RunningConfig;
  readonly clock: Clock;
  readonly listening: Listening;
  readonly site: SiteAccess;
  readonly log: Log;
}

/** Built beside this file's own build, whether it runs from there or as source. */
const UI_FOLDER = import.meta.url.endsWith('.ts') ? '../../../dist/web' : '../../../web';

/** All routes and what they are made of. */
export async function createWebApp({ running, clock, listening, site, log }: WebParts): Promise<WebServer> {
  const config = running.current;
  const folders = storageFolders(config);
  const { origin } = config.access;
  const { monitor, host } = config.http;
  const secrets = createSecrets({ env: environment, uid: process.getuid?.() ?? 0 });
  const failed = (error: unknown, reference?: string) =>
    log.error('web.request_failed', { ...factsOf(error), ...(reference !== undefined && { reference }) });
  const readStatus = () => readRecorderStatus(folders.socket);
  const people = () => site.open().people;
  const principalOf = (session: string) => people().sessions.principalOf(session);
  const version = readVersion();
  const { retention, tasks, items, today } = createWebOversight(running, clock, site, log);
  const routes = routesOf({
    site: { site: siteOf(config), settled: () => settledOf(people()), readStatus },
    about: { about: () => aboutOf(running.current, site, version) },
    health: { readStatus, readAlarms: () => readAlarmBook(folders.site), failed },
    cameras: {
      config: () => running.current,
      readStatus,
      readHealth: (ref, range) => site.footage.catalogue().health(ref, range),
      clock,
    },
    cameraSearch: createCameraSearch({ config: () => running.current, clock, failed }),
    cameraViews: { config: () => running.current, views: () => site.open().views, clock },
    alarms: {
      cameras: () => running.current.cameras,
      standing: () => site.open().alarms.standing(),
      newest: (most) => site.open().alarms.newest(most),
      handle: (handling) => void handleAlarm({ ledger: site.open().ledger, clock }, handling),
    },
    logs: site.records.logs,
    ledger: site.records.ledger,
    auth: { people },
    ownAccount: { people },
    people: { people },
    rights: { people, reasons: site.rightReasons },
    viewings: {
      grants: () => site.open().grants,
      gate: () => site.open().gate,
      texts: site.grantTexts,
      person: (account) => people().accounts.find(account),
      purposes: () => running.current.purposes,
    },
    holds: createWebHolds(running, clock, site),
    retention,
    tasks,
    items,
    today,
    marks: { marks: () => site.open().marks, principalOf },
    kiosks: { kiosks: () => site.open().kiosks },
    footage: { playback: site.footage.playback, principalOf },
    timeline: {
      cameras: () => running.current.cameras,
      timeline: (...asked) => site.footage.playback().timeline(...asked),
      calendar: site.footage.calendar,
      clock,
    },
    live: {
      readStatus,
      admit: (asked) => site.open().gate.live(asked).end(),
      open: (asked) => openLivePicture({ gate: site.open().gate, feeds: site.footage.feeds, clock }, asked),
      principalOf,
    },
    settings: {
      config: () => running.current,
      onDisk: running.onDisk,
      changes: (most) => settingsChanges(site.open().ledger.rows, most),
    },
  });
  const ui = readPublicUi(fileURLToPath(new URL(UI_FOLDER, import.meta.url)));
  if (!ui) log.warn('web.no_pages', { remedy: 'npm start' });
  return createApp({
    routes,
    kiosk: (token) => site.open().kiosks.session(token) !== undefined,
    sessions: { session: (token, from) => people().sessions.session(token, from) },
    accessLog: {
      enter({ event, actor, personal }) {
        site.open().ledger.write((tx) => tx.append({ ...event, actor }, personal ? { personal } : {}));
      },
    },
    clock,
    monitorToken: () => monitor && secrets.resolve(monitor),
    behindLocalProxy: listening.proxies.some(isLoopback),
    listening,
    names: [host, ...(origin === undefined ? [] : [new URL(origin).hostname])],
    siteLanguage: config.site.language,
    ui,
    failed,
    refused: (refusal) => log.info('web.refused', { ...refusal }),
  });
}
