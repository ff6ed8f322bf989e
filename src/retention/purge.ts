import type { ErasedCatalogue } from '../catalogue/erase-day.ts';
import type { Certificate, PlanDocument, PurgeOutcome, Waiting } from '../contract/purge-outcome.ts';
import { type Clock, DAY_US, isoFromUs } from '../lib/clock.ts';
import { GirokError, systemCode } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { LocalDay, SiteTime } from '../lib/site-time.ts';
import type { FootageFolders } from '../vault/erase-files.ts';
import type { KeyEraser, KeysErased } from '../vault/erase-keys.ts';
import { lockerKeyName } from '../vault/locker-key.ts';
import { isHourKey, personalKeyName } from '../vault/personal-keys.ts';
import type { PlaceState } from '../vault/secret-places.ts';
import type { HourKeyName } from '../vault/wrapping.ts';
import { type Accounts, enterLater, resultOf } from './accounts.ts';
import { brake } from './brake.ts';
import { type Boot, type ClockVerdict, judgeClock, type Vouched } from './clock-guard.ts';
import { doubtfulFrom, type Stretches } from './clock-stretches.ts';
import { deferredOf, erasedDayOf, keyStepOf, lateOf, placeOf, planDocument, recordsOf } from './documents.ts';
import type { LapsedHold } from './holds.ts';
import type { Journal, PurgeState } from './journal.ts';
import { lateComers, lookOf } from './late-comers.ts';
import { intentFacts } from './ledger-facts.ts';
import { lookAround } from './look.ts';
import { openPlaces, overdueOf, owedAfter } from './owed.ts';
import { type Deferral, dueUs, type PlannedErasure, planErasing } from './plan.ts';
import type { DueRecords } from './records.ts';
import { recover } from './recover.ts';
import { type Removed, removeFootage } from './remove.ts';

export interface PurgeDeps {
  readonly site: string;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly retentionDays: number;
  readonly eraser: KeyEraser;
  readonly folders: FootageFolders;
  /** Undefined where there is no catalogue. @throws GirokError as `openErasedCatalogue` */
  readonly openRows: () => ErasedCatalogue | undefined;
  readonly accounts: Accounts;
  readonly journal: Journal;
  readonly boot: () => Boot | undefined;
  readonly synchronised: () => boolean | undefined;
  /** Camera's clock minus ours, ms, of those that said. */
  readonly cameraOffsetsMs: () => Promise<readonly number[]>;
  /** The witness's time, as the steward noted it. */
  readonly witness: () => Promise<Vouched | undefined>;
  /** Under which clocks the recorder has made keys. */
  readonly stretches: () => Stretches;
  readonly deferrals: () => Promise<readonly Deferral[]>;
  /** Holds that are over and whose copies are still there. */
  readonly lapsed: () => Promise<readonly LapsedHold[]>;
  /** Removes the copies of a hold whose key is gone, and notes it in the hold book. @throws the system's error */
  readonly removeLocker: (hold: string) => Promise<void>;
  /** Of the keys of the keyring those of personal texts whose time is over. */
  readonly dueRecords: (names: readonly HourKeyName[], nowUs: number) => readonly DueRecords[];
  readonly signal?: AbortSignal | undefined;
  /** Camera-days whose files are gone, of all. */
  readonly onProgress?: (done: number, of: number) => void;
}

export interface PurgeRequest {
  /** Only says what would be done. */
  readonly dryRun: boolean;
  /** What an officer vouches for, so that a run that waits can go on. */
  readonly confirmed?:
    | {
        readonly clock: boolean;
        readonly days: boolean;
        /** The second place of the keys is lost for good. */
        readonly place: boolean;
        readonly by: string;
        readonly reason: string;
      }
    | undefined;
}

/** So long a ledger that cannot be written holds erasing back; then the certificate in the vault has to do. */
const LEDGER_PATIENCE_US = DAY_US;

/**
 * One run: plan → intent → keys → files → rows → certificate → result. Broken off at any point, the next run
 * finishes it; run again, it does nothing more. The caller holds the lock that keeps it the only one.
 *
 * @throws GirokError of the keyring and of a damaged journal; what was erased by then is finished by the next run
 */
export async function purge(deps: PurgeDeps, request: PurgeRequest): Promise<PurgeOutcome> {
  const read = await deps.journal.read();
  const state = request.dryRun ? read : await recover(read, deps.accounts, deps.siteTime);
  refuseOlderKeyring(deps.eraser.epoch, state);
  const rows = openRows(deps);
  try {
    return await run(deps, request, state, rows);
  } catch (error) {
    if (deps.signal?.aborted) return { kind: 'broken_off' };
    throw error;
  } finally {
    rows.catalogue?.close();
  }
}

type Rows = { readonly catalogue?: ErasedCatalogue | undefined; readonly failures: Removed['failures'] };

async function run(
  deps: PurgeDeps,
  { dryRun, confirmed }: PurgeRequest,
  state: PurgeState,
  rows: Rows,
): Promise<PurgeOutcome> {
  const { clock, siteTime, retentionDays, eraser, journal, accounts } = deps;
  const [startedUs, startedMonoUs] = [clock.utcUs(), clock.monoUs()];
  const today = siteTime.dayOf(startedUs);
  const runId = state.intent?.run ?? newId(startedUs);
  const lost = confirmed && !dryRun ? await confirm(deps, runId, confirmed) : [];
  const settled = dryRun ? [] : [...lost, ...eraser.settle()];

  const isDue = (day: LocalDay) => dueUs(day, retentionDays, siteTime) <= startedUs;
  const listed = rows.catalogue?.cameraDays() ?? [];
  const names = eraser.names();
  const hourKeys = names.filter(isHourKey);
  const found = await lookAround(hourKeys, deps.folders, listed, isDue);
  const stretches = deps.stretches();
  const doubt = doubtfulFrom(stretches, state.looked?.upTo, { boot: deps.boot(), utcUs: startedUs });
  const late = lateComers(state.looked, found, today, doubt);
  const [deferrals, lapsed] = [await deps.deferrals(), await deps.lapsed()];
  const texts = deps.dueRecords(names, startedUs);
  const plan = planErasing({ nowUs: startedUs, siteTime, retentionDays, found, late, deferrals });

  const verdict = await clockVerdict(deps, state, confirmed?.clock ?? false, startedUs);
  const tooMany = confirmed?.days ? undefined : brake(plan, today, state.lastGood?.day);
  const held: Waiting | undefined = verdict.trusted
    ? tooMany && { why: 'days', ...tooMany }
    : { why: 'clock' };
  // Keys that have gone already: what is left of that run is finished whatever the clock says by now.
  const broken = state.intent && eraser.epoch > state.intent.fromEpoch ? state.intent : undefined;
  if (dryRun)
    return {
      kind: 'planned',
      plan: planDocument(plan, lapsed, texts, { waiting: held, unfinished: state.intent?.run }),
    };

  const oldestDueUs = [...plan.erase, ...texts].reduce(
    (oldest, { dueUs }) => Math.min(oldest, dueUs),
    Infinity,
  );
  const planned = held ? [] : plan.erase;
  const lockers = held ? [] : lapsed;
  const plannedTexts = held ? [] : texts;
  const isPlanned = planned.length + lockers.length + plannedTexts.length > 0;
  const upTo = stretches === 'damaged' ? undefined : stretches.at(-1)?.id;
  const looked = verdict.trusted ? lookOf(found, late, today, upTo) : state.looked;
  const seen = verdict.trusted && { ...vouchedBy(deps, verdict, startedUs), looked };

  // What is going to be erased is known to the ledger before it goes.
  const intent = {
    run: runId,
    startedUs: state.intent?.startedUs ?? startedUs,
    fromEpoch: broken?.fromEpoch ?? eraser.epoch,
    erase: unite(broken?.erase ?? [], planned),
    records: [...(broken?.records ?? []), ...plannedTexts],
  };
  const days = planned.map(erasedDayOf);
  const facts = intentFacts({
    run: runId,
    fromEpoch: eraser.epoch,
    days,
    lockers: [...lockers],
    records: recordsOf(plannedTexts),
  });
  const entry = { event: 'erase.intent', facts } as const;
  const unheard = isPlanned && !(await tryKeeping(() => accounts.enter(entry)));
  const isPatient = startedUs < oldestDueUs + LEDGER_PATIENCE_US;
  const unnoted =
    isPlanned &&
    !held &&
    !(unheard && isPatient) &&
    !(await tryKeeping(() => journal.write({ ...state, intent })));
  const waiting: Waiting | undefined =
    held ?? ((unheard || unnoted) && isPatient ? { why: 'ledger' } : undefined);

  const work = waiting ? (broken?.erase ?? []) : intent.erase;
  const records = waiting ? (broken?.records ?? []) : intent.records;
  const left = openPlaces(settled).join();
  // A place that is still away has said so today.
  const isStanding = state.owed?.day === today && left !== '' && left === state.owed.places.join();
  const isIdle =
    work.length + records.length === 0 &&
    (isStanding || (settled.length === 0 && !state.owed)) &&
    rows.failures.length === 0 &&
    (waiting !== undefined || lockers.length === 0);
  // Whoever heard that a run waits has to hear that none does any more.
  const isAwaited = state.waiting !== undefined && !state.waiting.untold;
  // One whose certificate has gone can be entered by no run.
  const unheardOf = await Promise.all(state.unaccounted.map((each) => accounts.kept(each)));
  const hasCertificate =
    state.lastGood?.day === today && unheardOf.every((kept) => kept === undefined) && !state.intent;
  const document = planDocument(plan, lapsed, texts, { waiting, unfinished: broken?.run });
  const end = { runId, today, document, waiting, waitsFor: waiting ? plan.erase : [], startedUs };
  if (waiting && isIdle) return await finish(deps, { ...state, ...seen }, end);
  if (isIdle && !isAwaited && (hasCertificate || isStanding))
    return await finish(deps, { ...state, ...seen, waiting: undefined }, end);

  const keys = waiting ? undefined : eraseKeys(eraser, names, { planned, lockers, texts: plannedTexts });
  const beyondRecoveryMs = (clock.monoUs() - startedMonoUs) / 1000;
  // A day that has keys again, from a clock that was behind, is not what was planned.
  const living = new Set(eraser.names().map(({ camera, day }) => `${camera} ${day}`));
  const dead = work.filter(
    ({ camera, day, removesFiles }) => !removesFiles || !living.has(`${camera} ${day}`),
  );
  const removed = await removeFootage({ ...deps, catalogue: rows.catalogue }, dead);
  const emptied = waiting ? [] : await removeLockers(deps, lockers);
  const failures = [...rows.failures, ...removed.failures, ...emptied];

  const open = openPlaces([...settled, ...(keys?.places ?? [])]);
  const isErased = open.length === 0 && (keys?.proof.opened ?? 0) === 0;
  const finishedUs = clock.utcUs();
  const isComplete = isErased && failures.length === 0;
  const certificate: Certificate = {
    v: 1,
    run: runId,
    site: deps.site,
    timeZone: siteTime.zone,
    retentionDays,
    startedAt: isoFromUs(intent.startedUs),
    finishedAt: isoFromUs(finishedUs),
    state: isComplete ? 'complete' : 'incomplete',
    resumed: broken !== undefined || settled.length > 0,
    clock: verdict.trusted ? verdict.by : 'not_needed',
    epoch: eraser.epoch,
    days: work.map(erasedDayOf),
    ...(keys && { keys: keyStepOf(keys), beyondRecoveryMs }),
    ...(settled.length > 0 && { settled: settled.map(placeOf) }),
    ...(isComplete && state.owed && { finishes: { since: state.owed.since, runs: state.owed.runs } }),
    rows: removed.rows,
    failures,
    deferred: plan.deferred.map(deferredOf),
    late: plan.late.map(lateOf),
    lockers: waiting ? [] : [...lockers],
    records: recordsOf(records),
    ...(looked && { look: { day: looked.day, ...(looked.upTo !== undefined && { upTo: looked.upTo }) } }),
    entry: newId(finishedUs),
    accounted: true,
  };
  const kept = await accounts.keep(certificate);
  const owes = [...(unheard && !waiting ? [entry] : []), resultOf(kept)];
  const unaccounted = await enterLater(accounts, state.unaccounted, runId, owes);
  const after: PurgeState = {
    ...state,
    ...seen,
    ...(!waiting && { lastGood: { run: runId, day: today, atUs: startedUs, epoch: eraser.epoch } }),
    owed: owedAfter(state.owed, certificate, siteTime),
    intent: undefined,
    waiting: waiting && state.waiting,
    unaccounted,
  };
  return await finish(deps, after, {
    ...end,
    certificate: { ...certificate, accounted: unaccounted.length === 0 },
  });
}

interface End {
  readonly runId: string;
  readonly today: LocalDay;
  readonly document: PlanDocument;
  readonly waiting: Waiting | undefined;
  readonly waitsFor: readonly PlannedErasure[];
  readonly startedUs: number;
  readonly certificate?: Certificate;
}

/** The journal, and what else somebody has to hear: that a person is needed, once; that the law is broken, daily. */
async function finish(deps: PurgeDeps, after: PurgeState, end: End): Promise<PurgeOutcome> {
  const { journal, accounts, clock } = deps;
  const { waiting, document, today } = end;
  const overdue = overdueOf(end.startedUs, end.waitsFor, after.owed);
  let state = after;
  const known = waiting && after.waiting?.why === waiting.why ? after.waiting : undefined;
  if (waiting && (!known || known.untold)) {
    const { sinceUs } = known ?? { sinceUs: clock.utcUs() };
    const told = () => accounts.enter({ event: 'erase.waits', facts: { ...waiting } });
    if (!known && isJustBooted(deps, waiting, after))
      state = { ...state, waiting: { why: waiting.why, sinceUs, untold: true } };
    else if (await tryKeeping(told)) state = { ...state, waiting: { why: waiting.why, sinceUs } };
  }
  if (overdue && after.overdueTold !== today) {
    const told = () => accounts.enter({ event: 'erase.overdue', facts: { run: end.runId, ...overdue } });
    if (await tryKeeping(told)) state = { ...state, overdueTold: today };
  } else if (!overdue) state = { ...state, overdueTold: undefined };
  // Where the disk refuses, a run that waits has nothing to lose by it: the next one says the same again.
  if (!waiting || end.certificate) await journal.write(state);
  else await tryKeeping(() => journal.write(state));
  if (waiting) return { kind: 'waiting', plan: document, overdue: overdue !== undefined };
  const standing = state.owed && (await accounts.kept(state.owed.run))?.certificate;
  const certificate = end.certificate ?? standing;
  return {
    kind: 'done',
    plan: document,
    ...(certificate && { certificate }),
    overdue: overdue !== undefined,
  };
}

/** At the first look after a boot neither a time server nor a camera may have said anything yet: the next one knows. */
function isJustBooted({ boot }: PurgeDeps, { why }: Waiting, { vouched }: PurgeState): boolean {
  const now = boot();
  return why === 'clock' && now !== undefined && now.id !== vouched?.boot;
}

/** Recorded before it counts. @returns the place that was given up */
async function confirm(
  { accounts, eraser }: PurgeDeps,
  run: string,
  confirmed: NonNullable<PurgeRequest['confirmed']>,
): Promise<PlaceState[]> {
  const { by, reason, ...what } = confirmed;
  await accounts.enter({ event: 'erase.confirmed', facts: { run, ...what }, personal: { by, reason } });
  const lost = confirmed.place ? eraser.giveUpPlace() : undefined;
  return lost ? [lost] : [];
}

/** A keyring out of an old backup would bring back what has been erased since. */
function refuseOlderKeyring(epoch: number, state: PurgeState): void {
  const named = Math.max(state.lastGood?.epoch ?? 0, state.intent?.fromEpoch ?? 0);
  if (epoch < named) throw new GirokError('keyring_outdated', { epoch, named });
}

/** Without the catalogue footage goes all the same; its rows stay until the recorder has mended it. */
function openRows(deps: PurgeDeps): Rows {
  try {
    return { catalogue: deps.openRows(), failures: [] };
  } catch (error) {
    const code = error instanceof GirokError ? error.code : systemCode(error);
    // A disk that fails under the catalogue is no reason to keep footage that is due.
    if (code === undefined) throw error;
    return { failures: [{ file: 'catalogue.db', code }] };
  }
}

const clockVerdict = async (
  deps: PurgeDeps,
  { vouched }: PurgeState,
  confirmedByOfficer: boolean,
  nowUs: number,
): Promise<ClockVerdict> =>
  judgeClock({
    nowUs,
    boot: deps.boot(),
    synchronised: deps.synchronised(),
    cameraOffsetsMs: await deps.cameraOffsetsMs(),
    witness: await deps.witness(),
    vouched,
    confirmedByOfficer,
  });

/** A clock that was only steady hands the older vouching on. */
function vouchedBy(deps: PurgeDeps, verdict: ClockVerdict, utcUs: number): Pick<PurgeState, 'vouched'> {
  const boot = deps.boot();
  if (!verdict.trusted || verdict.by === 'steady' || !boot) return {};
  return { vouched: { boot: boot.id, uptimeUs: boot.uptimeUs, utcUs } };
}

function eraseKeys(
  eraser: KeyEraser,
  names: readonly HourKeyName[],
  {
    planned,
    lockers,
    texts,
  }: {
    readonly planned: readonly PlannedErasure[];
    readonly lockers: readonly LapsedHold[];
    readonly texts: readonly DueRecords[];
  },
): KeysErased | undefined {
  const idOf = ({ camera, day, hour }: HourKeyName) => `${camera}/${day}/${hour}`;
  const doomed = new Set([
    ...planned.flatMap(({ camera, day, hours }) => hours.map((hour) => idOf({ camera, day, hour }))),
    ...lockers.map(({ hold }) => idOf(lockerKeyName(hold))),
    ...texts.map((each) => idOf(personalKeyName(each))),
  ]);
  // What an earlier run has erased already needs no new epoch.
  if (!names.some((name) => doomed.has(idOf(name)))) return undefined;
  return eraser.erase((name) => doomed.has(idOf(name)));
}

async function removeLockers(
  { removeLocker }: PurgeDeps,
  lockers: readonly LapsedHold[],
): Promise<{ file: string; code: string }[]> {
  const failures: { file: string; code: string }[] = [];
  for (const { hold } of lockers) {
    try {
      await removeLocker(hold);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      failures.push({ file: `evidence/${hold}`, code });
    }
  }
  return failures;
}

/** @returns false where the disk refuses */
async function tryKeeping(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}

/** A camera-day that was begun before and is due again counts once, with all its hours. */
function unite(first: readonly PlannedErasure[], second: readonly PlannedErasure[]): PlannedErasure[] {
  const byId = new Map(first.map((each) => [`${each.camera}/${each.day}`, each]));
  for (const each of second) {
    const id = `${each.camera}/${each.day}`;
    const known = byId.get(id);
    const hours = [...new Set([...(known?.hours ?? []), ...each.hours])].sort((a, b) => a - b);
    byId.set(id, {
      ...each,
      hours,
      files: Math.max(each.files, known?.files ?? 0),
      bytes: Math.max(each.bytes, known?.bytes ?? 0),
      reason: hours.length > 0 ? 'expired' : each.reason,
    });
  }
  return [...byId.values()];
}
