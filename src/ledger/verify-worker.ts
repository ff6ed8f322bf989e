import { parentPort, workerData } from 'node:worker_threads';
import { createLedgerRows } from '../db/site/ledger-rows.ts';
import { openSiteForReading, unreadable } from '../db/site/open.ts';
import { isGirokError } from '../lib/errors.ts';
import { GIVES_WAY, giveWay } from '../lib/give-way.ts';
import { verifyRows } from './bundle.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { createMeaning } from './meaning/meaning.ts';
import { parseVkey, type VerifierKey } from './note.ts';
import type { FromVerifier, VerifyTask } from './verify-messages.ts';

/** The thread of one verification: it reads the whole ledger, and nobody waits for it. */
const task = workerData as VerifyTask;
const stop = new Int32Array(task.stop);
const say = (message: FromVerifier) => parentPort?.postMessage(message);
const STOPPED = Symbol('stopped');
if (task.isPatient) giveWay(GIVES_WAY.toEverything);

try {
  say(verify());
} catch (error) {
  const known = error === STOPPED ? error : unreadable(error, task.path);
  if (known === STOPPED) say({ kind: 'stopped' });
  else if (isGirokError(known)) say({ kind: 'failed', code: known.code, facts: known.facts });
  else throw error;
}

function lookUp(): void {
  if (Atomics.load(stop, 0) !== 0) throw STOPPED;
}

function verify(): FromVerifier {
  lookUp();
  const log = parseVkey(task.log);
  if (!log) throw new Error('no key of a log');
  const known = <T>(one: T | undefined): T[] => (one === undefined ? [] : [one]);
  const witnesses: VerifierKey[] = task.witnesses.flatMap((key) => known(parseVkey(key)));
  const kept = task.kept.flatMap((note) => known(parseCheckpoint(note)));
  const meaning = createMeaning();
  const db = openSiteForReading(task.path);
  try {
    const trust = { log, witnesses, kept, seen: meaning.see };
    const { heard: _heard, ...verdict } = verifyRows(createLedgerRows(db), trust, (entries) => {
      lookUp();
      say({ kind: 'progress', entries });
    });
    return { kind: 'done', verdict, findings: meaning.end() };
  } finally {
    db.close();
  }
}
