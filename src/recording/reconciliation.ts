import type { OpenGap } from '../catalogue/changes.ts';
import type { CatalogueReader } from '../catalogue/reader.ts';
import type { CatalogueWriter } from '../catalogue/writer.ts';
import type { Clock } from '../lib/clock.ts';
import type { SegmentId, StreamRef } from '../lib/ids.ts';
import { factsOf, type Log } from '../lib/logger.ts';
import type { Alarms } from '../stewardship/alarms.ts';
import type { OpeningKeys } from '../vault/segment-reader.ts';
import type { SegmentStore } from '../vault/segment-store.ts';
import { type RecoveryResult, recoverFromFiles } from './recovery.ts';

export interface ReconciliationDeps {
  readonly store: SegmentStore;
  readonly keys: OpeningKeys;
  readonly reader: Pick<CatalogueReader, 'unfinished' | 'register'>;
  readonly writer: Pick<
    CatalogueWriter,
    'segmentRestored' | 'segmentLost' | 'explainHoles' | 'forgetReservations' | 'recoverAfterCrash' | 'flush'
  >;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each time that files were found which the catalogue did not know as complete. */
  readonly salvaged: (result: RecoveryResult) => void;
  /** Whether the disk takes writes: only then it is worth looking at what it refused. */
  readonly mayWrite: () => boolean;
  /** Ids from here on are this recorder's own; what is older was left by one before. */
  readonly firstOwnId: SegmentId;
}

export interface ReconciliationState {
  readonly state: 'running' | 'done' | 'failed';
  readonly files: number;
  readonly restored: number;
  readonly findings: number;
}

/** Keeps files and catalogue telling the same: at the start, in the background, and after a disk's refusal. */
export interface Reconciliation {
  /**
   * What a crash left unfinished, before anything new is written: a few files, read to their last whole
   * fragment. @returns the gaps that stand open now
   */
  beforeRecording(streams: readonly StreamRef[]): Promise<readonly OpenGap[]>;
  /** Files and rows of all days against each other, while recording goes on. Never rejects. */
  ofEverything(): Promise<void>;
  /** A file that the disk refused in mid-segment: entered as soon as the disk answers again. */
  salvageSoon(file: string): void;
  readonly state: ReconciliationState;
  stop(): Promise<void>;
}

const SALVAGE_EVERY_MS = 2000;

export function createReconciliation(deps: ReconciliationDeps): Reconciliation {
  const { store, keys, reader, writer, alarms, log } = deps;
  const recovery = { store, keys, register: reader.register, writer };
  const state = { state: 'running' as ReconciliationState['state'], files: 0, restored: 0, findings: 0 };
  const ending = new AbortController();
  const refused = new Set<string>();
  let background: Promise<void> = Promise.resolve();
  let salvaging: Promise<void> = Promise.resolve();

  const tell = (result: RecoveryResult) => {
    const { files, restored, unreadable } = result;
    state.files += files;
    state.restored += restored;
    state.findings = unreadable.length;
    for (const { file, error } of unreadable) log.warn('recovery.unreadable', { file, ...factsOf(error) });
    if (unreadable.length > 0) alarms.raise('vault_findings', '', { findings: unreadable.length });
    if (files === 0) return;
    log.info('recovery.done', { files, restored });
    deps.salvaged(result);
  };

  const salvageRefused = async () => {
    const files = [...refused];
    refused.clear();
    const days = new Set(files.map((file) => file.slice(0, file.lastIndexOf('/'))));
    try {
      // The rows of these files must be there before their files are looked at.
      await writer.flush();
      const result = await recoverFromFiles(recovery, {
        covers: ({ camera, day }) => days.has(`${camera}/${day}`),
        isOurs: (id) => !files.some((file) => file.includes(id)),
      });
      if (result.files > 0) deps.salvaged(result);
    } catch (error) {
      // The next start finds them again.
      log.warn('salvage.failed', factsOf(error));
    }
  };
  const stopSalvaging = deps.clock.every(SALVAGE_EVERY_MS, () => {
    if (refused.size > 0 && deps.mayWrite()) salvaging = salvaging.then(salvageRefused);
  });

  const everything = async () => {
    try {
      const isOurs = (id: SegmentId) => id >= deps.firstOwnId;
      tell(await recoverFromFiles(recovery, { isOurs, signal: ending.signal }));
      state.state = 'done';
    } catch (error) {
      if (ending.signal.aborted) return;
      state.state = 'failed';
      alarms.raise('vault_findings', '', { findings: state.findings });
      log.error('recovery.failed', factsOf(error));
    }
  };

  return {
    async beforeRecording(streams) {
      const unfinished = await reader.unfinished();
      const left = new Set<SegmentId>(unfinished.map(({ segment }) => segment));
      // A file that the database knows nothing of waits for the background: with a lost database that is all of them.
      tell(await recoverFromFiles(recovery, { isOurs: (id) => !left.has(id) }));
      writer.forgetReservations(
        unfinished.filter(({ state: was }) => was === 'reserved').map(({ segment }) => segment),
      );
      return (await writer.recoverAfterCrash(streams)).openGaps;
    },
    ofEverything() {
      background = everything();
      return background;
    },
    salvageSoon: (file) => void refused.add(file),
    state,
    async stop() {
      stopSalvaging();
      ending.abort(new Error('stopping'));
      await background;
      // A hole that the disk has just made gets its row now, and not at the next start.
      if (refused.size > 0 && deps.mayWrite()) salvaging = salvaging.then(salvageRefused);
      await salvaging;
    },
  };
}
