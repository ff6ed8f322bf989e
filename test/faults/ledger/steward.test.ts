import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/db/open.ts';
import { createLedgerRows, type LedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { verifyRows } from '../../../src/ledger/bundle.ts';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { readLogKey } from '../../../src/ledger/log.ts';
import { vkeyOf } from '../../../src/ledger/note.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createStewardHome, startSteward, startWitness } from '../../support/ledger/steward-home.ts';

let home: ReturnType<typeof createStewardHome>;
beforeEach(() => {
  home = createStewardHome();
});
afterEach(() => home.remove());

const GIROK = fileURLToPath(new URL('../../../src/main/girok.ts', import.meta.url));
/** Of a process that is quick, one would be none in the middle. */
const LEAST_KILLS = 2;
const LONG = { timeout: 20_000, interval: 50 };
const waiting = () => readdirSync(home.spool).length;

/** All entries, after both verifying and reading them. */
function entries() {
  const db = openSiteForReading(join(home.storage, 'site.db'));
  try {
    const rows = createLedgerRows(db);
    const verdict = verifyRows(rows, { log: readLogKey(db), witnesses: [], kept: [] });
    expect(verdict.fault).toBeUndefined();
    const read = [...rows.entries(0, 1e6)].map(({ body }) => readBody(body));
    return { read, vouched: verdict.vouched };
  } finally {
    db.close();
  }
}

describe('the steward', () => {
  it('enters what waits, signs it, and says when it came and went', async () => {
    home.tell(3);
    const { child, ended } = startSteward(home);
    await vi.waitFor(() => expect(waiting()).toBe(0), LONG);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const { read, vouched } = entries();
    // Whether it came as far as its first backup is not the question here.
    expect(read.map(({ event }) => event).filter((event) => event !== 'backup.made')).toEqual([
      'ledger.begun',
      'steward.started',
      ...Array(3).fill('recorder.started'),
      'steward.stopped',
    ]);
    expect(vouched).toBeGreaterThanOrEqual(5);
  });

  it('enters everything exactly once, however often it is killed', async () => {
    const many = 1500;
    const told: number[] = [];
    let kills = 0;
    while (kills < LEAST_KILLS || waiting() > 0) {
      // One that was quick had entered them all.
      if (waiting() === 0) {
        home.tell(many);
        told.push(...Array.from({ length: many }, (_, n) => n));
      }
      const { child, ended } = startSteward(home);
      const before = waiting();
      await vi.waitFor(() => expect(waiting()).toBeLessThan(before), { ...LONG, interval: 2 });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      child.kill('SIGKILL');
      await ended;
      kills += 1;
    }
    const pids = entries().read.flatMap((one) => (one.event === 'recorder.started' ? [one.facts.pid] : []));
    expect(pids).toEqual(told);
  });

  it('will not keep a ledger where no volume is, nor beside another steward', async () => {
    const first = startSteward(home);
    home.tell(1);
    await vi.waitFor(() => expect(waiting()).toBe(0), LONG);
    const second = startSteward(home);
    expect(await second.ended).toBe(4);
    expect(second.said()).toContain('storage_in_use');
    first.child.kill('SIGTERM');
    await first.ended;
    rmSync(join(home.storage, 'volume.json'));
    const third = startSteward(home);
    expect(await third.ended).toBe(4);
    expect(third.said()).toContain('storage_unmarked');
  });
});

describe('the steward and a witness', () => {
  it('bring each checkpoint out of the machine, and a ledger that was put back is not continued', async () => {
    const first = startSteward(home);
    await vi.waitFor(() => expect(first.said()).toContain('steward.started'), LONG);
    first.child.kill('SIGTERM');
    await first.ended;
    const before = readFileSync(join(home.storage, 'site.db'));
    const beforeSize = withRows((rows) => rows.size());

    const witness = startWitness(home, keyOfLog());
    await vi.waitFor(() => expect(witness.said()).toContain('"address"'), LONG);
    const { key, address } = JSON.parse(witness.said()) as { key: string; address: string };
    home.write(
      `${readFileSync(home.config, 'utf8')}ledger: { witness: { url: '${address}', key: '${key}' } }\n`,
    );
    home.tell(2);
    const second = startSteward(home);
    await vi.waitFor(() => expect(witnessedSize(key)).toBeGreaterThan(beforeSize), LONG);
    // What the witness said the time was vouches for the clock of the next purge.
    const witnessTime = join(home.storage, 'retention', 'witness-time.json');
    await vi.waitFor(() => expect(existsSync(witnessTime)).toBe(true), LONG);
    const { utcUs } = JSON.parse(readFileSync(witnessTime, 'utf8')) as { utcUs: number };
    expect(Math.abs(utcUs - systemClock.utcUs())).toBeLessThan(60_000_000);
    second.child.kill('SIGTERM');
    await second.ended;

    // Somebody puts yesterday's database in place, and takes away what this machine knows better.
    for (const ending of ['-wal', '-shm']) rmSync(join(home.storage, `site.db${ending}`), { force: true });
    writeFileSync(join(home.storage, 'site.db'), before);
    rmSync(join(home.folder, 'mirror', 'ledger-checkpoint'));
    const third = startSteward(home);
    await vi.waitFor(() => expect(third.said()).toContain('"alarm":"ledger_incident"'), LONG);
    expect(third.said()).toContain('"seenBy":"witness"');
    home.tell(1);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(waiting()).toBe(1);
    // Asked before anything was entered: no second history has begun.
    expect(withRows((rows) => rows.size())).toBe(beforeSize);

    // Also where the witness is away from then on: what it has shown is kept here.
    third.child.kill('SIGKILL');
    witness.child.kill('SIGKILL');
    await Promise.all([third.ended, witness.ended]);
    const listed = girok('ledger', 'show', 'management');
    expect(listed.status).toBe(4);
    expect(listed.stdout).toContain('ledger_damaged');
    const fourth = startSteward(home);
    await vi.waitFor(() => expect(fourth.said()).toContain('"seenBy":"witness"'), LONG);
    await vi.waitFor(() => expect(fourth.said()).toContain('"event":"steward.started"'), LONG);
    fourth.child.kill('SIGTERM');
    await fourth.ended;
    expect(withRows((rows) => rows.size())).toBe(beforeSize);
    // It ends on the record.
    const anew = girok('ledger', 'begin-anew', '--by', 'Kim', '--reason', 'an old database was put back');
    expect(anew.status).toBe(0);
    expect(girok('ledger', 'show', 'management').status).toBe(0);
    const fifth = startSteward(home);
    await vi.waitFor(() => expect(waiting()).toBe(0), LONG);
    fifth.child.kill('SIGTERM');
    expect(await fifth.ended).toBe(0);
  });
});

const girok = (...args: string[]) =>
  spawnSync(
    process.execPath,
    [GIROK, ...args, '--json', '--config', home.config, '--storage', home.storage],
    {
      env: { PATH: process.env.PATH ?? '', LANG: 'en_US.UTF-8' },
      encoding: 'utf8',
    },
  );

const keyOfLog = () => withRows((_rows, db) => vkeyOf(readLogKey(db)));
/** Entries of the newest checkpoint, if the witness has signed it. */
const witnessedSize = (key: string) =>
  withRows((rows) => {
    const checkpoint = parseCheckpoint(rows.lastCheckpoint()?.note ?? '');
    const isWitnessed = checkpoint?.signed.signatures.some(({ name }) => key.startsWith(`${name}+`));
    return isWitnessed ? checkpoint?.size : 0;
  });

function withRows<T>(look: (rows: LedgerRows, db: Database) => T): T {
  const db = openSiteForReading(join(home.storage, 'site.db'));
  try {
    return look(createLedgerRows(db), db);
  } finally {
    db.close();
  }
}
