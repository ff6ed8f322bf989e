import type { Action, Role } from '../../../src/access/actions.ts';
import type { Principal, Right } from '../../../src/access/policy.ts';
import { createAlarmRows } from '../../../src/db/site/alarm-rows.ts';
import { createViewingRows } from '../../../src/db/site/viewing-rows.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import type { LedgerEventName } from '../../../src/ledger/events.ts';
import { createLedger } from '../../../src/ledger/ledger.ts';
import { type Clock, DAY_US, HOUR_US } from '../../../src/lib/clock.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import { createAlarmBook } from '../../../src/stewardship/alarm-book.ts';
import { createAlarms } from '../../../src/stewardship/alarms.ts';
import { createGate } from '../../../src/viewing/gate.ts';
import { type Asking, createGrants } from '../../../src/viewing/grants.ts';
import type { ViewingRules } from '../../../src/viewing/rules.ts';
import { createViewingWriting } from '../../../src/viewing/writing.ts';
import { beginPersonalLedger } from '../ledger/personal.ts';
import { createManualClock } from '../manual-clock.ts';

/** What the cameras of these tests are for. cam09 is an operating room. */
const RULES: ViewingRules = {
  purposes: new Set(['CRIME_PREVENTION', 'FACILITY_SAFETY', 'FIRE_PREVENTION']),
  camera: (id) =>
    /^cam\d\d$/.test(id) && id !== 'cam99'
      ? {
          id,
          zone: id === 'cam09' ? 'operating_room' : 'public',
          purposes: id === 'cam03' ? ['FIRE_PREVENTION'] : ['CRIME_PREVENTION', 'FACILITY_SAFETY'],
        }
      : undefined,
};

/** Grants and gate over a real site.db with a real keyring. */
export function openDesk<C extends Clock = ReturnType<typeof createManualClock>>(
  clock: C = createManualClock() as unknown as C,
) {
  const begun = beginPersonalLedger({ clock });
  const { db } = begun;
  const { keyring, siteTime } = begun;
  let refuses: Error | undefined;
  const inner = createLedger({
    db,
    clock,
    personal: begun.personal,
    entered: createAlarmBook({ rows: createAlarmRows(db), clock }).entered,
  });
  const ledger: typeof inner = {
    ...inner,
    write: (work) =>
      inner.write((tx) => {
        const result = work(tx);
        if (refuses) throw refuses;
        return result;
      }),
  };
  const alarms = createAlarms({
    clock,
    listener: { raised: () => undefined, cleared: () => undefined },
  });
  const writing = createViewingWriting({ ledger, alarms });
  const failures: unknown[] = [];
  const deps = { writing, db, clock, rules: RULES };
  const grants = createGrants(deps);
  const openGate = () => createGate({ ...deps, failed: (error) => failures.push(error) });
  const entries = (...events: LedgerEventName[]) =>
    [...ledger.rows.entriesOf(events, 0)].map(({ body }) => readBody(body));
  return {
    ...begun,
    clock,
    keyring,
    siteTime,
    ledger,
    alarms,
    writing,
    grants,
    gate: openGate(),
    openGate,
    failures,
    entries,
    rows: createViewingRows(db),
    alarmRows: createAlarmRows(db),
    /** From now on no transaction commits; undefined: they do again. */
    refuse(error: Error | undefined) {
      refuses = error;
    },
    nowUs: () => clock.utcUs(),
    asking: (more: Partial<Asking> = {}): Asking => ({
      kind: 'recorded',
      purpose: 'CRIME_PREVENTION',
      reason: '1층 대기실 분실 신고 확인',
      cameras: ['cam01'],
      range: { fromUs: clock.utcUs() - HOUR_US, toUs: clock.utcUs() - HOUR_US / 2 },
      ...more,
    }),
    person: (account: string, role: Role, right: Partial<Right> | undefined = {}): Principal => ({
      account,
      role,
      state: 'active',
      rights: right
        ? [
            {
              id: `right-${account}`,
              actions: ACTIONS_OF[role] ?? [],
              cameras: ['cam01', 'cam02', 'cam03', 'cam09'],
              fromUs: clock.utcUs() - DAY_US,
              ...right,
            },
          ]
        : [],
      session: {
        endsUs: clock.utcUs() + 12 * HOUR_US,
        factor: true,
        outside: false,
        mustChangePassword: false,
        provenUs: clock.utcUs(),
      },
    }),
  };
}

const ACTIONS_OF: Partial<Record<Role, readonly Action[]>> = {
  security: ['live', 'playback'],
  officer: ['live', 'playback', 'approve', 'read_logs'],
  auditor: ['read_logs'],
};

export const SEAT = { viewer: '김보안 (보안)', terminal: '10.0.0.7' };

/** The error that `work` is refused with. */
export function refusalBy(work: () => unknown): Pick<GirokError, 'code' | 'facts'> {
  try {
    work();
  } catch (error) {
    if (error instanceof GirokError) return { code: error.code, facts: error.facts };
    throw error;
  }
  throw new Error('nothing was refused');
}
