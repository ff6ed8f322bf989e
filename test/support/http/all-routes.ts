import type { HealthHistory, Spread } from '../../../src/catalogue/health.ts';
import type { CameraConfig, Config } from '../../../src/config/config.ts';
import type { AlarmRow } from '../../../src/db/site/alarm-rows.ts';
import type { Route } from '../../../src/http/route.ts';
import { routesOf } from '../../../src/http/routes.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { AlarmHandling } from '../../../src/stewardship/alarm-handling.ts';
import { parse, SOUND } from '../../unit/config/sample.ts';
import { alarmRow } from '../alarm-row.ts';
import { cameraStatus, recorderStatus } from '../sample-status.ts';
import { notedFootage, notedLive, notedTimeline } from './noted-footage.ts';
import { notedGrants } from './noted-grants.ts';
import { notedKiosks } from './noted-kiosks.ts';
import { notedHolds, notedItems, notedRetention, notedTasks, notedToday } from './noted-oversight.ts';
import { AN_ID, notedPeople } from './noted-people.ts';
import { notedLedger, notedLogs } from './noted-records.ts';
import { notedSearch } from './noted-search.ts';
import { notedViews } from './noted-views.ts';

export interface Handled {
  readonly alarms: AlarmHandling[];
  readonly logs: string[];
}

/** Every route of the server, before things that only note what was asked of them. */
export function allRoutes(handled: Handled = { alarms: [], logs: [] }): Route[] {
  const device = { manufacturer: 'Hanwha', model: 'XNO-6080R' };
  const readStatus = async () => recorderStatus({ cameras: [cameraStatus('cam01', { device })] });
  const book: AlarmRow[] = [alarmRow({ process: 'steward', alarm: 'ledger_unmirrored' })];
  const config: Config = {
    ...parse(SOUND),
    cameras: [cameraOf('cam01', 'public'), cameraOf('cam02', 'operating_room'), cameraOf(AN_ID, 'public')],
  };
  return routesOf({
    site: {
      site: {
        name: { ko: '시험 의원', en: 'Test clinic' },
        timeZone: 'Asia/Seoul',
        language: 'ko',
        passkeys: false,
        password: { length: 15, lengthWithFactor: 8 },
      },
      settled: () => ({ administrator: true, officer: true }),
      readStatus,
    },
    health: { readStatus, readAlarms: () => [], failed: () => undefined },
    cameras: {
      config: () => config,
      readStatus,
      readHealth: async () => HISTORY,
      clock: systemClock,
    },
    cameraSearch: notedSearch,
    cameraViews: { config: () => config, views: () => notedViews, clock: systemClock },
    alarms: {
      cameras: () => config.cameras,
      standing: () => book,
      newest: () => book,
      handle: (handling) => void handled.alarms.push(handling),
    },
    logs: notedLogs(handled.logs),
    ledger: notedLedger(),
    about: {
      about: () => ({
        version: '0.1.0',
        cameras: 1,
        retentionDays: 30,
        purposes: [],
        officer: {
          name: { ko: '송은서', en: 'Song' },
          title: { ko: '실장', en: 'Head' },
          department: { ko: '원무과', en: 'Office' },
          phone: '02-000-0000',
          email: 'cctv@clinic.example',
        },
        ledger: { origin: 'girok.invalid/clinic', key: 'girok.invalid/clinic+0+A' },
      }),
    },
    auth: { people: notedPeople },
    ownAccount: { people: notedPeople },
    people: { people: notedPeople },
    rights: { people: notedPeople, reasons: () => new Map() },
    viewings: {
      grants: notedGrants,
      gate: () => ({ close: () => undefined }),
      texts: () => new Map(),
      person: () => undefined,
      purposes: () => [],
    },
    marks: { marks: () => ({ add: () => undefined, list: () => [] }), principalOf: () => undefined },
    holds: notedHolds,
    retention: notedRetention,
    tasks: notedTasks,
    items: notedItems,
    today: notedToday,
    kiosks: { kiosks: () => notedKiosks },
    footage: notedFootage,
    timeline: { ...notedTimeline, cameras: () => config.cameras },
    live: notedLive,
    settings: {
      config: () => config,
      onDisk: () => ({ state: 'same' }),
      changes: () => [],
    },
  });
}

const nothing: Spread = { least: [], mean: [], most: [] };
const HISTORY: HealthHistory = {
  everyUs: 60_000_000,
  atUs: [],
  fps: nothing,
  bitsPerSecond: nothing,
  missingPackets: [],
  damagedFrames: [],
  clockOffsetMs: [],
  gaps: [],
  gapsLeftOut: 0,
};

function cameraOf(id: string, zone: CameraConfig['zone']['class']): CameraConfig {
  const words = { ko: '접수대', en: 'Reception' };
  return {
    id: id as CameraConfig['id'],
    name: words,
    place: words,
    coverage: words,
    zone: { class: zone },
    purposes: ['FIRE_PREVENTION'],
    source: {
      kind: 'rtsp',
      mainUrl: 'rtsp://127.0.0.101/user=admin&password=swordfish',
      credential: { user: 'girok', password: { kind: 'file', path: '/etc/secret' } },
      client: 'auto',
      transport: 'auto',
    },
    record: 'main+sub',
    recording: 'continuous',
    enabled: true,
  };
}
