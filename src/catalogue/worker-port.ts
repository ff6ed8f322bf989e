import { Worker } from 'node:worker_threads';
import { entryPath } from '../lib/entry.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts';

/** The writer's view of its worker thread. */
export interface WorkerPort {
  post(message: ToWorker): void;
  onMessage(listener: (message: FromWorker) => void): void;
  /** Called once: without an error after `close`, with one when the thread died. */
  onEnd(listener: (error?: Error) => void): void;
  /** Ends the thread wherever it is. */
  terminate(): Promise<void>;
}

/** Runs the catalogue worker in a thread of this process. */
export function startWorkerThread(settings: WorkerSettings): WorkerPort {
  const worker = new Worker(entryPath(import.meta.url, './worker'), { workerData: settings, env: {} });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onEnd(listener) {
      let failure: Error | undefined;
      worker.once('error', (error) => {
        failure = error instanceof Error ? error : new Error(String(error));
      });
      worker.once('exit', () => listener(failure));
    },
    terminate: async () => void (await worker.terminate()),
  };
}
