import { parentPort, workerData } from 'node:worker_threads';
import { isGirokError, systemCode } from '../../lib/errors.ts';
import type { BackupTask } from './in-thread.ts';
import { makeBackup } from './make.ts';

/** The thread of one backup: copying a database holds it up, and nobody else. */
const { source, request } = workerData as BackupTask;
try {
  parentPort?.postMessage({ made: await makeBackup(source, request) });
} catch (error) {
  // Errors lose their class on the way between threads.
  if (isGirokError(error)) parentPort?.postMessage({ code: error.code, facts: error.facts });
  else if (systemCode(error) !== undefined)
    parentPort?.postMessage({ system: systemCode(error), message: String(error) });
  else throw error;
}
