import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { entryPath } from '../lib/entry.ts';
import { GirokError } from '../lib/errors.ts';

/** Parameters of Argon2id, and the machine's own secret. */
export interface HashingCost {
  /** KiB */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
  /** Bytes. */
  readonly outputLen: number;
  readonly secret: Uint8Array;
}

export interface PasswordTask {
  /** In PHC form, to be compared with; undefined: to be hashed. */
  readonly stored?: string;
  readonly password: string;
}

export type PasswordAnswer = { readonly hash: string } | { readonly isRight: boolean };

/** A thread that does one thing at a time; its process may end while it has nothing to do. */
export interface PasswordThread {
  /** @throws what the thread died of: then it is of no more use */
  run(task: PasswordTask): Promise<PasswordAnswer>;
}

export function startPasswordThread(cost: HashingCost): PasswordThread {
  const worker = new Worker(entryPath(import.meta.url, './password-worker'), { workerData: cost, env: {} });
  worker.unref();
  return {
    run(task) {
      worker.ref();
      const over = new AbortController();
      const answered = once(worker, 'message', { signal: over.signal });
      const ended = once(worker, 'exit', { signal: over.signal }).then(() => {
        throw new GirokError('internal', { reason: 'the thread of passwords ended' });
      });
      worker.postMessage(task);
      return Promise.race([answered, ended])
        .then(([answer]) => answer as PasswordAnswer)
        .finally(() => {
          over.abort();
          worker.unref();
        });
    },
  };
}
