import type { CatalogueWriter } from '../../catalogue/writer.ts';
import type { Config } from '../../config/config.ts';
import type { Forecast, RecorderStatus } from '../../contract/recorder-status.ts';
import { type Clock, isoFromUs } from '../../lib/clock.ts';
import type { Facts } from '../../lib/errors.ts';
import type { FragmentHub } from '../../live/fragment-hub.ts';
import type { Reconciliation } from '../../recording/reconciliation.ts';
import type { Recorder } from '../../recording/recorder.ts';
import type { StorageGuard } from '../../recording/storage-guard.ts';
import type { Alarms } from '../../stewardship/alarms.ts';
import type { Spool } from '../../stewardship/spool.ts';

export interface StatusParts {
  readonly clock: Clock;
  readonly startedUs: number;
  readonly recorder: Recorder;
  readonly alarms: Alarms;
  readonly guard: StorageGuard;
  readonly catalogue: CatalogueWriter;
  readonly spool: Spool;
  readonly reconciliation: Reconciliation;
  readonly hub: FragmentHub;
}

/** What the recorder says about itself at this moment. */
export function recorderStatus(
  parts: StatusParts,
  config: Config,
  capacity: Forecast | undefined,
): RecorderStatus {
  const { clock, guard } = parts;
  const { rss, heapUsed } = process.memoryUsage();
  const { backlog, oldestWaitingMs, lastCommitMs, commits, trouble } = parts.catalogue.stats();
  return {
    v: 1,
    at: isoFromUs(clock.utcUs()),
    startedAt: isoFromUs(parts.startedUs),
    pid: process.pid,
    site: config.site.name[config.site.language],
    cameras: parts.recorder.cameras(),
    alarms: parts.alarms.standing().map(({ code, subject, sinceUs, facts }) => ({
      code,
      subject,
      since: isoFromUs(sinceUs),
      facts: definedOnly(facts),
    })),
    disk: {
      freeBytes: guard.freeBytes,
      totalBytes: guard.totalBytes,
      reserveBytes: config.storage.reserveBytes,
      room: guard.mayWrite,
    },
    ...(capacity ? { forecast: capacity } : {}),
    catalogue: { backlog, oldestWaitingMs, lastCommitMs, commits, ...(trouble ? { trouble } : {}) },
    spool: { waiting: parts.spool.waiting },
    recovery: parts.reconciliation.state,
    memory: { rssBytes: rss, heapBytes: heapUsed },
    liveListeners: parts.hub.listenerCount(),
  };
}

function definedOnly(facts: Facts): RecorderStatus['alarms'][number]['facts'] {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
