import { parentPort, workerData } from 'node:worker_threads';
import { openCatalogueForWriting } from '../db/catalogue/open.ts';
import type { Database } from '../db/open.ts';
import { isGirokError, systemCode } from '../lib/errors.ts';
import { createBatchCommit } from './batch.ts';
import type { CatalogueChange } from './changes.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts';

/**
 * The thread that writes catalogue.db. It may stand still for as long as another process holds the write lock:
 * nobody waits for it. One batch at a time; a batch that cannot be committed now is tried for ever.
 */
const settings = workerData as WorkerSettings;
const port = parentPort;
if (!port) throw new Error('the catalogue worker runs in a worker thread');
const say = (message: FromWorker) => port.postMessage(message);

open();

function open(): void {
  try {
    serve(openCatalogueForWriting(settings.path, settings.busyTimeoutMs));
  } catch (error) {
    if (systemCode(error)?.startsWith('SQLITE_BUSY')) {
      // Another process migrates or writes; with the right version already there no lock is needed at all.
      setTimeout(open, settings.retryMs);
      return;
    }
    if (!isGirokError(error)) throw error;
    say({ kind: 'refused', code: error.code, facts: error.facts });
    port?.close();
  }
}

function serve(db: Database): void {
  const commit = createBatchCommit(db);
  const attempt = (changes: readonly CatalogueChange[]) => {
    const outcome = commit(changes);
    if (outcome.committed) return say({ kind: 'committed', outcomes: outcome.outcomes });
    say({ kind: 'waiting', sqlite: outcome.sqlite });
    setTimeout(attempt, settings.retryMs, changes);
  };
  port?.on('message', (message: ToWorker) => {
    if (message.kind === 'batch') return attempt(message.changes);
    db.close();
    port?.close();
  });
  say({ kind: 'ready' });
}
