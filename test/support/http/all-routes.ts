import type { CameraConfig } from '../../../src/config/config.ts';
import type { AlarmRow } from '../../../src/db/site/alarm-rows.ts';
import type { Route } from '../../../src/http/route.ts';
import { routesOf } from '../../../src/http/routes.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { AlarmHandling } from '../../../src/stewardship/alarm-handling.ts';
import { alarmRow } from '../alarm-row.ts';
import { recorderStatus } from '../sample-status.ts';
import { notedFootage, notedLive, notedTimeline } from './noted-footage.ts';
import { notedGrants } from './noted-grants.ts';
import { notedPeople } from './noted-people.ts';

export interface Handled {
  readonly alarms: AlarmHandling[];
  readonly logs: string[];
}

/** Every route of the server, before things that only note what was asked of them. */
export function allRoutes(handled: Handled = { alarms: [], logs: [] }): Route[] {
  const readStatus = async () => recorderStatus();
  const book: AlarmRow[] = [alarmRow({ process: 'steward', alarm: 'ledger_unmirrored' })];
  const cameras = () => [cameraOf('cam01', 'public'), cameraOf('cam02', 'operating_room')];
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
      cameras,
      readStatus,
      clock: systemClock,
    },
    alarms: {
      standing: () => book,
      newest: () => book,
      handle: (handling) => void handled.alarms.push(handling),
    },
    logs: {
      async show(view) {
        handled.logs.push(view);
        return { name: view, titles: ['n'], rows: Array.from({ length: 1200 }, (_, at) => [at + 1]) };
      },
    },
    auth: { people: notedPeople },
    ownAccount: { people: notedPeople },
    people: { people: notedPeople },
    rights: { people: notedPeople },
    viewings: { grants: notedGrants, gate: () => ({ close: () => undefined }), purposes: () => [] },
    footage: notedFootage,
    timeline: { ...notedTimeline, cameras },
    live: notedLive,
  });
}

function cameraOf(id: string, zone: CameraConfig['zone']['class']): CameraConfig {
  const words = { ko: '접수대', en: 'Reception' };
  return {
    id: id as CameraConfig['id'],
    name: words,
    place: words,
    coverage: words,
    zone: { class: zone },
    purposes: ['FACILITY_SAFETY'],
    source: {
      kind: 'rtsp',
      mainUrl: 'rtsp://127.0.0.101/main',
      credential: { user: 'girok', password: { kind: 'file', path: '/etc/secret' } },
      client: 'auto',
      transport: 'auto',
    },
    record: 'main+sub',
    recording: 'continuous',
    enabled: true,
  };
}
