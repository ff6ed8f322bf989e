import { decide, type Principal, type Question } from '../../access/policy.ts';
import type { CameraConfig } from '../../config/config.ts';
import type { CameraStatus, RecorderStatus } from '../../contract/recorder-status.ts';
import { type Today, type TodayCamera, todaySchema } from '../../contract/today.ts';
import type { AlarmRow } from '../../db/site/alarm-rows.ts';
import type { Language } from '../../i18n/language.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import type { AsOf } from '../../lib/remembered.ts';
import type { SiteTime } from '../../lib/site-time.ts';
import type { ErasingOutlook } from '../../oversight/erasing-outlook.ts';
import type { Waiting } from '../../oversight/waiting.ts';
import { severityOf } from '../../stewardship/alarm-severity.ts';
import { isKept, isRecording } from '../../stewardship/health.ts';
import { type Route, route } from '../route.ts';
import { alarmSentence } from './alarm-sentence.ts';
import { nextOf, oldestView } from './retention.ts';

/** A camera's day so far, out of the catalogue. Instants: µs UTC. */
export interface CameraDaySoFar {
  readonly strip: string;
  /** End of its newest durable footage. */
  readonly durableUs?: number;
  readonly gaps: readonly { readonly fromUs: number; readonly toUs: number; readonly cause: string }[];
}

export interface TodayDeps {
  cameras(): readonly Pick<CameraConfig, 'id' | 'name'>[];
  /** Undefined while the recorder does not answer. */
  status(): Promise<RecorderStatus | undefined>;
  /** By camera; undefined before there is a catalogue. */
  daySoFar(): Promise<AsOf<ReadonlyMap<string, CameraDaySoFar>> | undefined>;
  /** Undefined before the recorder has begun. */
  outlook(): Promise<AsOf<ErasingOutlook> | undefined>;
  alarms(): readonly AlarmRow[];
  ledger(): { readonly entries: number; readonly unsigned: number; readonly signedUs?: number };
  waitingFor(principal: Principal): Promise<readonly Waiting[]>;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
}

const LAST_GAPS = 3;
/** These say that the ledger, or what vouches for it, is not as it should be. */
const OF_THE_LEDGER: ReadonlySet<string> = new Set([
  'ledger_blocked',
  'ledger_unmirrored',
  'ledger_incident',
  'ledger_unsound',
  'checkpoint_overdue',
  'viewing_unrecorded',
]);

/** Whether all is well, and what waits: each part for those whose role has it. It shows no person and no footage. */
export function todayRoutes(deps: TodayDeps): Route[] {
  const { clock, siteTime } = deps;
  return [
    route({
      method: 'GET',
      path: '/api/today',
      access: 'gate',
      summary: 'The day at one glance: what the role may know of it, and what waits for this person.',
      answer: todaySchema,
      async handle({ session: { principal }, language }): Promise<Today> {
        const nowUs = clock.utcUs();
        const may = (question: Question) => decide(principal, question, nowUs).allowed;
        const health = may({ function: 'health' });
        // Who keeps the machine running needs no more than how it runs.
        const oversees = health && may({ function: 'tasks' });
        const alarms = may({ function: 'alarms' }) ? deps.alarms() : undefined;
        const [status, days, outlook, waiting] = await Promise.all([
          health ? deps.status() : undefined,
          health ? deps.daySoFar() : undefined,
          oversees ? deps.outlook() : undefined,
          may({ function: 'tasks' }) ? deps.waitingFor(principal) : [],
        ]);
        const day = siteTime.dayOf(nowUs);
        return {
          at: isoFromUs(nowUs),
          timeZone: siteTime.zone,
          day,
          dayStart: isoFromUs(siteTime.startOf(day)),
          ...(health && { recording: recordingOf(deps.cameras(), status, days) }),
          ...(status?.forecast && { storage: storageOf(status.forecast) }),
          ...(alarms && { alarms: alarmsOf(alarms, deps.cameras(), language) }),
          ...(outlook && { erasing: erasingOf(outlook) }),
          ...(oversees && { ledger: ledgerOf(deps.ledger(), alarms ?? []) }),
          waiting: waiting.map(({ kind, count, sinceUs, dueUs, subject }) => ({
            kind,
            count,
            ...(sinceUs !== undefined && { since: isoFromUs(sinceUs) }),
            ...(dueUs !== undefined && { due: isoFromUs(dueUs) }),
            ...(subject !== undefined && { subject }),
          })),
        };
      },
    }),
  ];
}

function recordingOf(
  cameras: ReturnType<TodayDeps['cameras']>,
  status: RecorderStatus | undefined,
  days: Awaited<ReturnType<TodayDeps['daySoFar']>>,
): NonNullable<Today['recording']> {
  const views = cameras.map(({ id, name }) =>
    cameraOf(
      id,
      name,
      status?.cameras.find((one) => one.id === id),
      days?.value.get(id),
    ),
  );
  const pulled = status ? views.filter((one) => one.pulled) : views;
  return {
    running: status !== undefined,
    recording: views.filter((one) => one.recording).length,
    of: pulled.length,
    ...(days && { stripsAt: isoFromUs(days.atUs) }),
    cameras: views,
  };
}

function cameraOf(
  id: string,
  name: TodayCamera['name'],
  status: CameraStatus | undefined,
  day: CameraDaySoFar | undefined,
): TodayCamera {
  const main = status?.streams.find(({ stream }) => stream === 'main') ?? status?.streams[0];
  const gap = status?.streams.find((stream) => stream.gap)?.gap;
  const durable = main?.durableUntil ?? (day?.durableUs === undefined ? undefined : isoFromUs(day.durableUs));
  return {
    id,
    name: { ...name },
    pulled: status?.pulled ?? false,
    recording: status !== undefined && isRecording(status),
    ...(durable !== undefined && { durable }),
    ...(main && isKept(main) && { fps: main.fps }),
    ...(gap && { gap: { since: gap.since, cause: gap.cause } }),
    strip: day?.strip ?? '',
    gaps: (day?.gaps ?? [])
      .slice(-LAST_GAPS)
      .map(({ fromUs, toUs, cause }) => ({ from: isoFromUs(fromUs), to: isoFromUs(toUs), cause })),
  };
}

const storageOf = ({
  retentionDays,
  daysThatFit,
  fits,
  freeBytes,
}: NonNullable<RecorderStatus['forecast']>): NonNullable<Today['storage']> => ({
  retentionDays,
  daysThatFit,
  fits,
  freeBytes,
});

const GRAVITY: Readonly<Record<string, number>> = { serious: 0, warning: 1, note: 2 };

function alarmsOf(
  rows: readonly AlarmRow[],
  cameras: ReturnType<TodayDeps['cameras']>,
  language: Language,
): NonNullable<Today['alarms']> {
  const notes = rows.filter(({ alarm }) => severityOf(alarm) === 'note').length;
  const gravity = ({ alarm }: AlarmRow) => GRAVITY[severityOf(alarm)] ?? 0;
  // What nobody has taken note of goes first; among equals the one that has stood longest.
  const [worst] = [...rows].sort(
    (a, b) =>
      Number(a.acknowledgedSeq !== null) - Number(b.acknowledgedSeq !== null) ||
      gravity(a) - gravity(b) ||
      a.sinceUs - b.sinceUs,
  );
  return {
    count: rows.length - notes,
    notes,
    ...(worst &&
      gravity(worst) < 2 && {
        worst: {
          id: worst.id,
          alarm: worst.alarm,
          severity: severityOf(worst.alarm),
          since: isoFromUs(worst.sinceUs),
          sentence: alarmSentence(worst, cameras, language),
          taken: worst.takenSeq !== null,
        },
      }),
  };
}

function erasingOf({ value, atUs }: AsOf<ErasingOutlook>): NonNullable<Today['erasing']> {
  const { at, cameras, files, bytes } = nextOf(value);
  const { lastGood, waiting } = value.state;
  return {
    asOf: isoFromUs(atUs),
    retentionDays: value.retentionDays,
    at,
    cameras,
    files,
    bytes,
    waits: waiting !== undefined,
    ...(lastGood && { lastGood: isoFromUs(lastGood.atUs) }),
    ...oldestView(value),
  };
}

const ledgerOf = (
  { entries, unsigned, signedUs }: ReturnType<TodayDeps['ledger']>,
  alarms: readonly AlarmRow[],
): NonNullable<Today['ledger']> => ({
  entries,
  unsigned,
  ...(signedUs !== undefined && { signed: isoFromUs(signedUs) }),
  trouble: alarms.some(({ alarm }) => OF_THE_LEDGER.has(alarm)),
});
