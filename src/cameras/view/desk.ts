import type { Database } from '../../db/open.ts';
import { createViewRows, type ViewRow, type ViewScoreRow } from '../../db/site/view-rows.ts';
import type { Actor, NewEntry } from '../../ledger/entry.ts';
import type { REFERENCE_REASONS } from '../../ledger/events/views.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import { GirokError, isGirokError } from '../../lib/errors.ts';
import type { CameraId, StreamKind } from '../../lib/ids.ts';
import type { LocalDay, SiteTime } from '../../lib/site-time.ts';
import type { Alarms } from '../../stewardship/alarms.ts';
import { isDue } from './due.ts';
import { afterLook, type ViewFound } from './standing.ts';
import { isUnchecked, tellOf, VIEW_ALARMS, viewAlarm } from './view-alarms.ts';

/** A camera whose view is looked at, by the first of these streams that is recorded. */
export interface WatchedView {
  readonly camera: CameraId;
  readonly streams: readonly StreamKind[];
}

/** A picture, by where it is in recorded footage. */
export interface RecordedPicture {
  readonly stream: StreamKind;
  readonly atUs: number;
}

export interface ViewDeskDeps {
  readonly ledger: Pick<Ledger, 'write'>;
  readonly db: Database;
  readonly clock: Clock;
  readonly siteTime: SiteTime;
  readonly alarms: Alarms;
  /** As it is in force at this moment. */
  watched(): readonly WatchedView[];
  retentionDays(): number;
  /** The newest picture against the reference. Shows nobody anything. */
  look(
    view: WatchedView,
    reference: RecordedPicture | undefined,
  ): Promise<RecordedPicture & { found: ViewFound }>;
  failed(camera: string, error: unknown): void;
}

/** Whether the cameras still show what they showed: looks, scores, references, alarms. */
export interface ViewDesk {
  /** To be called once after a start: what was in doubt is still. */
  begin(): void;
  /** Looks at whatever is due, one after the other. Never throws. */
  round(): Promise<void>;
  /** Looks at one camera now. @throws GirokError `view_not_watched`, `footage_missing`, those of the vault and ledger */
  look(camera: string): Promise<void>;
  /**
   * What was seen at the last look is the reference from now on.
   *
   * @param seenUs the look that is meant, to the millisecond: nobody accepts what they do not know of
   * @throws GirokError `view_not_watched`, `view_not_acceptable`, and as {@link Ledger.write}
   */
  accept(camera: string, seenUs: number, actor: Actor): void;
  standing(camera: string): ViewRow | undefined;
  /** Of the last 31 days, by day. */
  scores(camera: string): ViewScoreRow[];
  isWatched(camera: string): boolean;
  /** No further round begins; resolves once the look under way has ended. */
  stop(): Promise<void>;
}

/** Scores of as many days are shown, and kept. */
const DAYS = 31;

export function createViewDesk(deps: ViewDeskDeps): ViewDesk {
  const { ledger, db, clock, siteTime, alarms } = deps;
  const rows = createViewRows(db);
  const tried = new Map<string, number>();
  /** Where looks fail now: since when. */
  const failing = new Map<string, number>();
  let turn: Promise<unknown> = Promise.resolve();
  let isStopping = false;

  const watchedOf = (camera: string): WatchedView => {
    const view = deps.watched().find((each) => each.camera === camera);
    if (!view) throw new GirokError('view_not_watched', { camera });
    return view;
  };
  const today = () => siteTime.dayOf(clock.utcUs());
  /** It goes with the footage of its day: there are two looks before that. */
  const isInLastDays = ({ referenceDay }: ViewRow) =>
    referenceDay !== null &&
    siteTime.addDays(referenceDay as LocalDay, Math.max(0, deps.retentionDays() - 1)) <= today();

  const lookNow = async (view: WatchedView): Promise<void> => {
    const { camera } = view;
    tried.set(camera, clock.utcUs());
    const before = rows.find(camera);
    const { atUs, stream, found } = await deps.look(view, referenceOf(before));
    const agreement = found.agreement && Math.min(1, found.agreement.agreement);
    const told = ledger.write((tx) => {
      const own = createViewRows(tx.db);
      const row = own.find(camera);
      // Somebody has accepted another reference meanwhile: this look was held against the one before.
      if (row?.referenceUs !== before?.referenceUs) return undefined;
      const standing = { hasReference: referenceOf(row) !== undefined, doubts: row?.doubts ?? 0 };
      const { state, doubts, becomes } = afterLook(standing, found, row !== undefined && isInLastDays(row));
      const day = siteTime.dayOf(atUs);
      own.put({
        ...NO_REFERENCE,
        ...row,
        ...(becomes && { referenceUs: atUs, referenceStream: stream, referenceDay: day }),
        ...{ camera, doubts, lastUs: atUs, lastStream: stream, lastState: state },
      });
      own.score({ camera, day, atUs, agreement: agreement ?? null, state });
      own.forgetScoresBefore(siteTime.addDays(today(), 1 - DAYS));
      if (becomes) tx.append(referenceEntry({ camera, atUs, why: becomes, agreement }, 'process:web'));
      return { doubts, state };
    });
    if (told) tellOf(alarms, camera, viewAlarm(told));
    failing.delete(camera);
  };
  const couldNotLook = ({ camera }: WatchedView, error: unknown): void => {
    deps.failed(camera, error);
    // Nothing was recorded: there is another alarm for that, and nothing to be held against anything.
    if (isGirokError(error, 'footage_missing')) return void failing.delete(camera);
    const nowUs = clock.utcUs();
    const failingUs = failing.get(camera);
    // Once is nothing, also where the last good look lies days back because the machine was off.
    if (failingUs === undefined) return void failing.set(camera, nowUs);
    if (isUnchecked(rows.find(camera)?.lastUs ?? failingUs, nowUs))
      alarms.raise('camera_view_unchecked', camera);
  };
  /** One at a time: each decodes a picture, and nobody is in a hurry. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work);
    turn = next.catch(() => undefined);
    return next;
  };

  return {
    begin() {
      for (const { camera, doubts, lastState: state } of rows.list())
        if (deps.watched().some((each) => each.camera === camera))
          tellOf(alarms, camera, viewAlarm({ doubts, state }));
    },
    round: () =>
      inTurn(async () => {
        const watched = deps.watched();
        for (const { code, subject } of alarms.standing())
          if (VIEW_ALARMS.some((each) => each === code) && !watched.some(({ camera }) => camera === subject))
            tellOf(alarms, subject, undefined);
        for (const view of watched) {
          if (isStopping) return;
          const row = rows.find(view.camera);
          if (!isDue(row, tried.get(view.camera), clock.utcUs(), siteTime)) continue;
          await lookNow(view).catch((error: unknown) => couldNotLook(view, error));
        }
      }),
    look: (camera) => inTurn(() => lookNow(watchedOf(camera))),
    accept(camera, seenUs, actor) {
      watchedOf(camera);
      ledger.write((tx) => {
        const own = createViewRows(tx.db);
        const row = own.find(camera);
        if (!row || msOf(row.lastUs) !== msOf(seenUs))
          throw new GirokError('view_not_acceptable', { camera, why: 'moved_on' });
        if (row.lastState === 'covered')
          throw new GirokError('view_not_acceptable', { camera, why: 'covered' });
        const { lastUs } = row;
        const day = siteTime.dayOf(lastUs);
        const agreement =
          own.scores(camera, day).find((each) => each.atUs === lastUs)?.agreement ?? undefined;
        const reference = { referenceUs: lastUs, referenceStream: row.lastStream, referenceDay: day };
        own.put({ ...row, ...reference, doubts: 0, lastState: 'same' });
        tx.append(referenceEntry({ camera, atUs: lastUs, why: 'accepted', agreement }, actor));
      });
      tellOf(alarms, camera, undefined);
    },
    standing: (camera) => rows.find(camera),
    scores: (camera) => rows.scores(camera, siteTime.addDays(today(), 1 - DAYS)),
    isWatched: (camera) => deps.watched().some((each) => each.camera === camera),
    async stop() {
      isStopping = true;
      await turn;
    },
  };
}

const NO_REFERENCE = { referenceUs: null, referenceStream: null, referenceDay: null };

const msOf = (us: number) => Math.floor(us / 1000);

const referenceOf = (row: ViewRow | undefined): RecordedPicture | undefined =>
  row?.referenceUs && row.referenceStream
    ? { stream: row.referenceStream, atUs: row.referenceUs }
    : undefined;

const referenceEntry = (
  of: {
    readonly camera: string;
    readonly atUs: number;
    readonly why: (typeof REFERENCE_REASONS)[number];
    /** 0…1 */
    readonly agreement: number | undefined;
  },
  actor: Actor,
): NewEntry => ({
  event: 'view.reference',
  facts: {
    camera: of.camera,
    at: isoFromUs(of.atUs),
    why: of.why,
    ...(of.agreement !== undefined && { agreement: Math.round(100 * of.agreement) }),
  },
  actor,
});
