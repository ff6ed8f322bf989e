import type { HoldDeps } from '../../../src/http/resources/holds.ts';
import type { ItemDeps } from '../../../src/http/resources/items.ts';
import type { RetentionDeps } from '../../../src/http/resources/retention.ts';
import type { TaskDeps } from '../../../src/http/resources/tasks.ts';
import type { TodayDeps } from '../../../src/http/resources/today.ts';
import { DAY_US, HOUR_US, systemClock } from '../../../src/lib/clock.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import type { ErasingOutlook } from '../../../src/oversight/erasing-outlook.ts';
import type { Hold } from '../../../src/retention/holds.ts';
import type { HoldActs } from '../../../src/stewardship/holds/acts.ts';
import type { ListedHold } from '../../../src/stewardship/holds/listing.ts';
import { alarmRow } from '../alarm-row.ts';
import { certificate } from '../retention/certificate.ts';
import { recorderStatus } from '../sample-status.ts';
import { AN_ID } from './noted-people.ts';

const AT_US = Date.parse('2026-11-23T01:00:00Z') * 1000;
const clock = systemClock;
const siteTime = createSiteTime('Asia/Seoul');
const now = async () => hold;

export const hold: Hold = {
  v: 1,
  id: AN_ID,
  kind: 'desk',
  cameras: ['cam01'],
  fromUs: AT_US - HOUR_US,
  toUs: AT_US,
  madeUs: AT_US,
  reviewUs: AT_US + 3 * DAY_US,
  endUs: AT_US + 3 * DAY_US,
  state: 'held',
  note: '',
};
const listed: ListedHold = { hold, files: 2, bytes: 4096, missed: [] };

/** Everything goes well, for everybody: what is tested before it is who gets so far. */
export const notedHolds: HoldDeps = {
  list: async () => [listed],
  find: async () => listed,
  notesOf: () => new Map(),
  acts: (): HoldActs => ({ make: now, takeOver: now, renew: now, review: now, end: now }),
  seenIn: (_account, viewing) => ({ viewing, purpose: 'CRIME_PREVENTION' }),
  zoneOf: () => 'public',
  clock,
};

const outlook: ErasingOutlook = {
  atUs: AT_US,
  retentionDays: 30,
  nextUs: AT_US + HOUR_US,
  erase: [
    {
      camera: 'cam01',
      day: '2026-10-23' as LocalDay,
      dueUs: AT_US + HOUR_US,
      hours: [1],
      files: 2880,
      bytes: 1e9,
      removesFiles: true,
      reason: 'expired',
    },
  ],
  lockers: [],
  oldest: { camera: 'cam01', day: '2026-10-23', hour: 0, fromUs: AT_US - 30 * DAY_US },
  redLineUs: AT_US + 5 * DAY_US,
  state: { v: 1, unaccounted: [] },
};
const kept = { certificate: certificate(), sha256: 'a'.repeat(64) };

export const notedRetention: RetentionDeps = {
  outlook: async () => ({ value: outlook, atUs: AT_US }),
  lastLook: () => undefined,
  certificates: { list: async () => [kept], find: async () => kept },
  siteTime,
};

export const notedTasks: TaskDeps = {
  tasks: () => [
    {
      id: 'erasing-2026-10',
      kind: 'erasing_confirmation',
      month: '2026-10',
      openedUs: AT_US,
      dueUs: AT_US,
      doneUs: null,
      doneSeq: null,
      faultedUs: null,
    },
  ],
  confirmation: () => ({
    look: async () => ({ state: 'looking', sinceUs: AT_US }),
    confirm: async (_task, report) => ({ report, entry: 1, row: 2 }),
    enterNotInOrder: async (_task, report) => ({ report, entry: 1 }),
  }),
  clock,
};

export const notedItems: ItemDeps = {
  items: () => [],
  textsOf: () => new Map(),
  isHold: async () => true,
  handedOut: () => ({
    add: () => ({ item: '2026-0001', seq: 1 }),
    returned: (item) => ({ state: 'entered', item, seq: 1 }),
    destroyed: (item) => ({ state: 'entered', item, seq: 1, row: 2 }),
  }),
  clock,
  siteTime,
};

export const notedToday: TodayDeps = {
  cameras: () => [{ id: 'cam01' as never, name: { ko: '접수대', en: 'Reception' } }],
  status: async () => recorderStatus(),
  daySoFar: async () => ({ value: new Map([['cam01', { strip: 'aap', gaps: [] }]]), atUs: AT_US }),
  outlook: async () => ({ value: outlook, atUs: AT_US }),
  alarms: () => [alarmRow({ process: 'steward', alarm: 'ledger_unmirrored' })],
  ledger: () => ({ entries: 10, unsigned: 1, signedUs: AT_US }),
  waitingFor: async () => [{ kind: 'grant', count: 1, sinceUs: AT_US, subject: AN_ID }],
  clock,
  siteTime,
};
