import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { newId, type RunId, type SegmentId, type StreamRef } from '../lib/ids.ts';
import type { ChangeResult } from './apply.ts';
import { type GapCause, type RunEndCause, sanitiseDetail } from './causes.ts';
import { createChangeQueue, type Waiting } from './change-queue.ts';
import type {
  CatalogueChange,
  CrashRecovery,
  EndedGap,
  GapId,
  HealthRound,
  Loss,
  LossId,
  RunStart,
  SegmentCompletion,
  SegmentOpening,
  SegmentProgress,
  SegmentRestoration,
} from './changes.ts';
import { createReservoir } from './reservoir.ts';
import type { FromWorker, WorkerSettings } from './worker-messages.ts';
import { startWorkerThread, type WorkerPort } from './worker-port.ts';

/**
 * The recorder's pen. Nothing here waits for the database: changes are queued, committed about once a second
 * by a worker thread, and tried again for ever while another process holds the write lock or the disk is full.
 */
export interface CatalogueWriter {
  /** Lists a stream and begins to keep reserved ids for it. Call it before the first segment is due. */
  streamSeen(ref: StreamRef): void;
  /** An id whose row is durable; undefined: none is ready, go on with the old segment. */
  takeReservation(ref: StreamRef): SegmentId | undefined;
  /** Removes reservations of an earlier start that no file bears. */
  forgetReservations(segments: readonly SegmentId[]): void;
  runStarted(run: RunStart): void;
  runEnded(run: RunId, atUs: number, cause: RunEndCause): void;
  segmentOpened(opening: SegmentOpening): void;
  segmentProgress(segment: SegmentId, progress: SegmentProgress): void;
  /** Row, integrity and blobs become durable in one transaction. */
  segmentSealed(segment: SegmentId, completion: SegmentCompletion): void;
  /** A segment found on disk. @returns whether it changed anything. */
  segmentRestored(restoration: SegmentRestoration): Promise<boolean>;
  /** Its file is missing: the time it covered becomes a gap with cause `disk`. */
  segmentLost(segment: SegmentId): void;
  gapOpened(ref: StreamRef, fromUs: number, cause: GapCause, detail?: string): GapId;
  /** @param cause what it turned out to be, where that is more than was known when it began */
  gapClosed(gap: GapId, toUs: number, cause?: GapCause): void;
  /** Something is missing from footage that was kept. */
  lossFound(ref: StreamRef, loss: Loss): void;
  /** How the streams are at this moment. */
  healthSampled(round: HealthRound): void;
  /** The camera's clock minus ours, by its first sender report of the run; told again it changes nothing. */
  senderClock(run: RunId, offsetMs: number): void;
  /** To be called once at each start, after salvage and before the first run: ends runs, opens gaps. */
  recoverAfterCrash(streams: readonly StreamRef[]): Promise<CrashRecovery>;
  /** Gives each hole between two segments of a stream a gap row. @returns how many. */
  explainHoles(ref: StreamRef): Promise<number>;
  stats(): WriterStats;
  /** Resolves when everything said so far is durable. Rejects when the worker dies. */
  flush(): Promise<void>;
  /**
   * Commits what is left and ends the worker.
   *
   * @param withinMs gives up after this time (a lock that is never released)
   * @returns whether everything became durable
   */
  close(withinMs?: number): Promise<boolean>;
}

export interface WriterStats {
  /** Changes that are not durable yet. */
  readonly backlog: number;
  /** How long the oldest of them has waited; 0 without backlog. */
  readonly oldestWaitingMs: number;
  /** SQLite's code for why they wait, e.g. `SQLITE_BUSY`. */
  readonly trouble?: string;
  readonly commits: number;
  readonly lastCommitMs: number;
  readonly refused: number;
}

export interface WriterDeps {
  /** catalogue.db; created and migrated where needed. */
  readonly path: string;
  readonly clock: Clock;
  /** A standing alarm: called when changes begin to wait (SQLite's code), and with undefined when it is over. */
  onTrouble(sqlite: string | undefined): void;
  /** The database refuses a change for what it is: a fault of the program. The file on disk is not affected. */
  onRefused(kind: CatalogueChange['kind'], fault: string): void;
  /**
   * A gap has its end, durably. `foundLater`: files and catalogue were compared, so it may be long past; also again,
   * where the catalogue had been lost.
   */
  onGapEnded?(gap: EndedGap, foundLater: boolean): void;
  /** Called once when the worker died: what is queued is lost to the catalogue, so end and start again. */
  onFatal(error: Error): void;
  readonly batchMs?: number;
  readonly reserved?: number;
  readonly busyTimeoutMs?: number;
  readonly retryMs?: number;
  readonly startWorker?: (settings: WorkerSettings) => WorkerPort;
}

/** Bounds one transaction after a long wait; also how long readers of one snapshot lag behind. */
const BATCH_CHANGES = 1000;

/**
 * Starts the worker thread and waits until the database is open.
 *
 * @throws GirokError `database_newer`, `database_damaged`, `storage_missing`, `storage_readonly`.
 */
export async function createCatalogueWriter(deps: WriterDeps): Promise<CatalogueWriter> {
  const { path, clock, busyTimeoutMs = 1000, retryMs = 200 } = deps;
  const worker = (deps.startWorker ?? startWorkerThread)({ path, busyTimeoutMs, retryMs });
  const queue = createChangeQueue();
  let flushes: { through: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  let inFlight: readonly Waiting[] | undefined;
  let sentMonoUs = 0;
  let urgent = false;
  let trouble: string | undefined;
  let dead: Error | undefined;
  let closing = false;
  const counts = { commits: 0, lastCommitMs: 0, refused: 0 };
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });

  const send = () => {
    if (inFlight || dead || queue.waiting === 0) return;
    urgent = false;
    inFlight = queue.take(BATCH_CHANGES);
    sentMonoUs = clock.monoUs();
    worker.post({ kind: 'batch', changes: inFlight.map(({ change }) => change) });
  };
  const add = (change: CatalogueChange, done?: Waiting['done']) => queue.add(change, clock.monoUs(), done);
  const soon = () => {
    urgent = true;
    // Not at once: what else is said in this turn goes along.
    queueMicrotask(send);
  };
  const ask = (change: CatalogueChange) =>
    new Promise<ChangeResult>((resolve, reject) => {
      if (dead) return reject(dead);
      add(change, (outcome) => {
        if (outcome.ok) resolve(outcome.result);
        else reject(new GirokError('internal', { change: change.kind, fault: outcome.fault }));
      });
      soon();
    });

  function settle(message: Extract<FromWorker, { kind: 'committed' }>) {
    const batch = inFlight ?? [];
    inFlight = undefined;
    queue.settle();
    counts.commits += 1;
    counts.lastCommitMs = (clock.monoUs() - sentMonoUs) / 1000;
    if (trouble !== undefined) {
      trouble = undefined;
      deps.onTrouble(undefined);
    }
    for (const [i, outcome] of message.outcomes.entries()) {
      const waiting = batch[i];
      if (!waiting) continue;
      if (!outcome.ok) {
        counts.refused += 1;
        deps.onRefused(waiting.change.kind, outcome.fault);
      } else if (Array.isArray(outcome.result)) {
        const foundLater = waiting.change.kind !== 'gap_closed';
        for (const gap of outcome.result as EndedGap[]) deps.onGapEnded?.(gap, foundLater);
      }
      waiting.done?.(outcome);
    }
    const through = queue.settledThrough;
    for (const flush of flushes) if (flush.through <= through) flush.resolve();
    flushes = flushes.filter((flush) => flush.through > through);
    if (urgent || flushes.length > 0 || queue.waiting >= BATCH_CHANGES) send();
  }

  function die(error: Error) {
    dead = error;
    stopTicking();
    for (const flush of flushes) flush.reject(error);
    flushes = [];
    ended();
    if (!closing) deps.onFatal(error);
  }

  const opened = new Promise<void>((resolve, reject) => {
    worker.onMessage((message) => {
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'refused') reject(new GirokError(message.code, message.facts));
      else if (message.kind === 'committed') settle(message);
      else if (message.sqlite !== trouble) {
        trouble = message.sqlite;
        deps.onTrouble(trouble);
      }
    });
    worker.onEnd((error) => {
      const failure = error ?? new GirokError('internal', { catalogueWorker: 'ended' });
      reject(failure);
      if (started) die(failure);
    });
  });
  let started = false;
  let stopTicking: () => void = () => undefined;
  await opened;
  started = true;
  stopTicking = clock.every(deps.batchMs ?? 1000, send);

  const reservoir = createReservoir({
    size: deps.reserved ?? 4,
    newId: () => newId<SegmentId>(clock.utcUs()),
    order(ref, segment, hurry, ready) {
      add({ kind: 'reserve', ref, segment, atUs: clock.utcUs() }, (outcome) => ready(outcome.ok));
      if (hurry) soon();
    },
  });

  const flush = () =>
    new Promise<void>((resolve, reject) => {
      if (dead) return reject(dead);
      if (queue.outstanding === 0) return resolve();
      flushes.push({ through: queue.made, resolve, reject });
      soon();
    });

  async function finish() {
    // First what is on order, so that all of it is known as unused.
    await flush();
    add({ kind: 'forget', segments: reservoir.unused() });
    await flush();
  }

  return {
    streamSeen(ref) {
      add({ kind: 'stream', ref, atUs: clock.utcUs() });
      reservoir.watch(ref);
    },
    takeReservation: (ref) => (closing || dead ? undefined : reservoir.take(ref)),
    forgetReservations: (segments) => void add({ kind: 'forget', segments }),
    runStarted(run) {
      const reason = sanitiseDetail(run.sourceReason ?? '');
      const { sourceReason: _unchecked, ...rest } = run;
      add({ kind: 'run_started', run: { ...rest, ...(reason && { sourceReason: reason }) } });
    },
    runEnded: (run, atUs, cause) => void add({ kind: 'run_ended', run, atUs, cause }),
    segmentOpened: (opening) => void add({ kind: 'opened', opening }),
    segmentProgress: (segment, progress) => void add({ kind: 'progress', segment, progress }),
    segmentSealed: (segment, completion) => void add({ kind: 'sealed', segment, completion }),
    segmentRestored: async (restoration) => (await ask({ kind: 'restored', restoration })) === 1,
    segmentLost: (segment) => void add({ kind: 'lost', segment, gap: newId<GapId>(clock.utcUs()) }),
    gapOpened(ref, fromUs, cause, detail = '') {
      const gap = newId<GapId>(clock.utcUs());
      add({ kind: 'gap_opened', opening: { gap, ref, fromUs, cause, detail: sanitiseDetail(detail) } });
      return gap;
    },
    gapClosed: (gap, toUs, cause) => void add({ kind: 'gap_closed', gap, toUs, ...(cause && { cause }) }),
    lossFound: (ref, loss) => void add({ kind: 'loss', id: newId<LossId>(clock.utcUs()), ref, loss }),
    healthSampled: (round) => void add({ kind: 'health', round }),
    senderClock: (run, offsetMs) => void add({ kind: 'sender_clock', run, offsetMs: Math.round(offsetMs) }),
    recoverAfterCrash: async (streams) =>
      (await ask({ kind: 'after_crash', streams, atUs: clock.utcUs() })) as CrashRecovery,
    explainHoles: async (ref) =>
      ((await ask({ kind: 'holes', ref, atUs: clock.utcUs() })) as EndedGap[]).length,
    stats: () => ({
      backlog: queue.outstanding,
      oldestWaitingMs: queue.oldestMonoUs === undefined ? 0 : (clock.monoUs() - queue.oldestMonoUs) / 1000,
      ...(trouble !== undefined && { trouble }),
      ...counts,
    }),
    flush,
    async close(withinMs = 10_000) {
      if (closing || dead) return queue.outstanding === 0;
      closing = true;
      let cancel = () => {};
      const late = new Promise<boolean>((resolve) => {
        cancel = clock.after(withinMs, () => resolve(false));
      });
      const durable = await Promise.race([
        finish().then(
          () => true,
          // It died: whoever waits was told, and onFatal is not for an end that was asked for.
          () => false,
        ),
        late,
      ]);
      cancel();
      stopTicking();
      if (durable) worker.post({ kind: 'close' });
      else await worker.terminate();
      await end;
      return durable;
    },
  };
}
