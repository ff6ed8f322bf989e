import { Worker } from 'node:worker_threads';
import { entryPath } from '../../lib/entry.ts';
import { type ErrorCode, type Facts, GirokError } from '../../lib/errors.ts';
import type { BackupMade, BackupSource, makeBackup } from './make.ts';

export interface BackupTask {
  readonly source: BackupSource;
  readonly request: Parameters<typeof makeBackup>[1];
}

type Answer =
  | { readonly made: BackupMade }
  | { readonly code: ErrorCode; readonly facts: Facts }
  | { readonly system: string; readonly message: string };

/** {@link makeBackup} in a thread of its own. @throws as it does, and what the thread died of */
export function makeBackupInThread(task: BackupTask, signal?: AbortSignal): Promise<BackupMade> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(entryPath(import.meta.url, './worker'), { workerData: task, env: {} });
    const onAbort = () => void worker.terminate();
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    worker.once('message', (answer: Answer) => {
      if ('made' in answer) resolve(answer.made);
      else if ('code' in answer) reject(new GirokError(answer.code, answer.facts));
      else reject(Object.assign(new Error(answer.message), { code: answer.system }));
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      signal?.removeEventListener('abort', onAbort);
      // After an answer this says nothing any more.
      reject(new GirokError('internal', { reason: 'the thread of the backup ended' }));
    });
  });
}
