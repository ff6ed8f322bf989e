import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openSiteForWriting } from '../src/db/site/open.ts';
import { verifyBundle } from '../src/ledger/bundle.ts';
import { parseCheckpoint } from '../src/ledger/checkpoint.ts';
import { createCheckpoints } from '../src/ledger/checkpoints.ts';
import type { NewEntry } from '../src/ledger/entry.ts';
import { createLedger } from '../src/ledger/ledger.ts';
import { openLog } from '../src/ledger/log.ts';
import { systemClock } from '../src/lib/clock.ts';
import { appendUntilKilled, lossesOf } from '../test/support/ledger/killed-writer.ts';
import { askPython, inWords, keyOf, makeBundle, mutate } from '../test/support/ledger/mutations.ts';
import type { Figure } from './figure.ts';

const APPENDS = 5000;
const MANY = 1_000_000;
const BATCH = 5000;
const KILLS = 1000;
const BUNDLES = 10_000;
const BIT_ENTRIES = 200;

/** The ledger: durable appends, a million entries verified, kills, changed bundles before two verifiers. */
export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'girok-bench-'));
  try {
    return [
      ...appending(folder),
      ...(await verifying(folder)),
      ...(await killing(folder)),
      ...(await mutated()),
      flipped(),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const entry = (n: number): NewEntry => ({
  event: 'recording.interrupted',
  facts: {
    camera: 'cam01',
    stream: 'main',
    cause: 'network',
    detail: 'the camera does not answer',
    lastedMs: n,
  },
  actor: 'process:recorder',
});

/** What most of a real ledger is: thirteen cameras, hour by hour. */
const evidence = (n: number): NewEntry => ({
  event: 'evidence.hour',
  facts: {
    camera: `cam${n % 13}`,
    day: new Date(Math.floor(n / (13 * 24 * 2)) * 86_400_000).toISOString().slice(0, 10),
    hour: Math.floor(n / 26) % 24,
    part: 0,
    leaves: 60,
    root: createHash('sha256').update(String(n)).digest('hex'),
  },
  actor: 'process:steward',
});

function open(path: string) {
  const db = openSiteForWriting(path);
  const identity = openLog(db, { site: 'bench', rootKey: Buffer.alloc(32, 1), clock: systemClock });
  const ledger = createLedger({ db, clock: systemClock });
  return { db, ledger, checkpoints: createCheckpoints(db, { identity, clock: systemClock }) };
}

function appending(folder: string): Figure[] {
  const { db, ledger } = open(join(folder, 'append.db'));
  const took: number[] = [];
  const beganMs = performance.now();
  for (let n = 0; n < APPENDS; n++) {
    const atMs = performance.now();
    ledger.write((tx) => tx.append(entry(n)));
    took.push(performance.now() - atMs);
  }
  const perSecond = APPENDS / ((performance.now() - beganMs) / 1000);
  db.close();
  const reference = bareAppends(join(folder, 'bare.log'));
  const p99 = took.sort((a, b) => a - b)[Math.floor(APPENDS * 0.99)] ?? 0;
  return [
    {
      figure: 'durable appends, one at a time',
      value: Math.round(perSecond),
      unit: '1/s',
      reference: Math.round(reference),
      ratio: perSecond / reference,
      target: '>= 1000 /s (reference: a line and fdatasync)',
      holds: perSecond >= 1000,
    },
    { figure: 'durable append, p99', value: p99, unit: 'ms', target: '<= 10 ms', holds: p99 <= 10 },
  ];
}

/** The least that anybody has to do for a durable line: write and fdatasync. */
function bareAppends(path: string): number {
  const file = openSync(path, 'w');
  const line = `${JSON.stringify(entry(1))}\n`;
  const beganMs = performance.now();
  for (let n = 0; n < APPENDS; n++) {
    writeSync(file, line);
    fdatasyncSync(file);
  }
  const seconds = (performance.now() - beganMs) / 1000;
  closeSync(file);
  return APPENDS / seconds;
}

async function verifying(folder: string): Promise<Figure[]> {
  const path = join(folder, 'million.db');
  const { db, ledger, checkpoints } = open(path);
  for (let n = 1; n < MANY; n += BATCH)
    ledger.write((tx) => {
      for (let i = n; i < Math.min(n + BATCH, MANY); i++) tx.append(i % 2 === 0 ? entry(i) : evidence(i));
    });
  const signedMs = performance.now();
  checkpoints.make();
  const checkpointMs = performance.now() - signedMs;
  db.close();
  const program = fileURLToPath(new URL('./support/verify-ledger.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, path]);
  const { entries, seconds, megabytes } = JSON.parse(stdout) as Record<string, number>;
  const reference = bareHashes();
  return [
    {
      figure: `${entries} entries verified, and read for what they mean`,
      value: seconds ?? 0,
      unit: 's',
      reference,
      ratio: (seconds ?? 0) / reference,
      target: '<= 30 s (reference: their hashes alone)',
      holds: entries === MANY && (seconds ?? Infinity) <= 30,
    },
    {
      figure: 'memory of it, with the program',
      value: megabytes ?? 0,
      unit: 'MB',
      target: '<= 200 MB',
      holds: (megabytes ?? Infinity) <= 200,
    },
    {
      figure: 'checkpoint of it',
      value: checkpointMs,
      unit: 'ms',
      target: '<= 50 ms',
      holds: checkpointMs <= 50,
    },
  ];
}

/** A leaf and a node for each entry: no verifier can do with less. */
function bareHashes(): number {
  const body = Buffer.alloc(330, 'x');
  const node = Buffer.alloc(65);
  const beganMs = performance.now();
  for (let n = 0; n < MANY; n++) {
    createHash('sha256').update(body).digest();
    createHash('sha256').update(node).digest();
  }
  return (performance.now() - beganMs) / 1000;
}

async function killing(folder: string): Promise<Figure[]> {
  const path = join(folder, 'killed.db');
  let lost = 0;
  let gaps = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const acknowledged = await appendUntilKilled(path, Math.random() * 30);
    // Reading all of it each time would be most of the work; acknowledged ones are counted each time.
    const found = lossesOf(path, acknowledged, { whole: kill % 50 === 49 });
    lost += found.lost;
    gaps += found.gaps + (found.rootHolds ? 0 : 1);
  }
  return [
    {
      figure: `acknowledged entries lost in ${KILLS} kills`,
      value: lost,
      unit: '',
      target: '0',
      holds: lost === 0,
    },
    { figure: 'holes and broken trees', value: gaps, unit: '', target: '0', holds: gaps === 0 },
  ];
}

async function mutated(): Promise<Figure[]> {
  const made = makeBundle(60, 13);
  const notes = made.notes.slice(-1);
  const kept = notes.map((note) => parseCheckpoint(note)).filter((one) => one !== undefined);
  let apart = 0;
  let missed = 0;
  for (let done = 0; done < BUNDLES; done += 500) {
    const bundles = Array.from({ length: 500 }, () => mutate(made, Math.random));
    const ours = bundles.map((bytes) => inWords(verifyBundle(bytes, { log: keyOf(made), kept })));
    const theirs = await askPython(bundles, { key: made.key, kept: notes });
    apart += ours.filter((said, i) => said !== theirs[i]).length;
    missed += ours.filter((said, i) => said.startsWith('sound') && !bundles[i]?.equals(made.bytes)).length;
  }
  return [
    {
      figure: `${BUNDLES} changed bundles: verifiers that disagree`,
      value: apart,
      unit: '',
      target: '0',
      holds: apart === 0,
    },
    {
      figure: 'changed bundles found sound against a kept checkpoint',
      value: missed,
      unit: '',
      target: '0',
      holds: missed === 0,
    },
  ];
}

function flipped(): Figure {
  const made = makeBundle(BIT_ENTRIES, 50);
  const kept = [parseCheckpoint(made.notes.at(-1) ?? '')].filter((one) => one !== undefined);
  const changed = Buffer.from(made.bytes);
  let missed = 0;
  for (let bit = 0; bit < changed.length * 8; bit++) {
    const at = bit >> 3;
    changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
    if (!verifyBundle(changed, { log: keyOf(made), kept }).fault) missed += 1;
    changed[at] = made.bytes[at] ?? 0;
  }
  return {
    figure: `${changed.length * 8} single bits of a bundle flipped: missed`,
    value: missed,
    unit: '',
    target: '0',
    holds: missed === 0,
  };
}
