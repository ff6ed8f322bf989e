import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import type { CatalogueWriter } from '../../../src/catalogue/writer.ts';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/run.ts';
import { createEvidenceRows } from '../../../src/db/site/evidence-rows.ts';
import { readBody } from '../../../src/ledger/entry.ts';
import { createEvidence, partsOf } from '../../../src/ledger/evidence.ts';
import { DAY_US, HOUR_US, MINUTE_US } from '../../../src/lib/clock.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import { hashEvidenceLeaf } from '../../../src/vault/evidence-leaf.ts';
import {
  completionOfMinute,
  DAY_START_US,
  MAIN,
  openingOf,
  recordMinute,
  reservation,
  SUB,
  startRun,
  startWriter,
} from '../../support/catalogue/scratch.ts';
import { askPython } from '../../support/ledger/mutations.ts';
import { beginLedger } from '../../support/ledger/scratch.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';

const siteTime = createSiteTime('Asia/Seoul');
const DAY = '2026-11-22';

let home: RecorderHome;
let writer: CatalogueWriter;
let clock: ReturnType<typeof createManualClock>;
let room: ReturnType<typeof beginLedger>;
let reader: ReturnType<typeof createCatalogueReader>;

beforeEach(async () => {
  home = createRecorderHome({ cameras: [{ id: 'cam01', source: "rtsp: { main: 'rtsp://127.0.0.1:1/x' }" }] });
  mkdirSync(home.storage, { recursive: true });
  const path = join(home.storage, 'catalogue.db');
  ({ writer } = await startWriter(path));
  reader = createCatalogueReader(path);
  clock = createManualClock(DAY_START_US + 2 * HOUR_US + 10 * MINUTE_US);
  room = beginLedger({ path: join(home.storage, 'site.db'), clock });
});
afterEach(async () => {
  await reader.close();
  home.remove();
});

const evidence = (mayEnter = () => true) =>
  createEvidence({ ledger: room.ledger, catalogue: () => reader, siteTime, clock, mayEnter });
const entered = () =>
  [...room.ledger.rows.entriesOf(['evidence.hour'], 0)].map(({ body }) => readBody(body).facts);

describe('hourly evidence', () => {
  it('is one root per camera and hour over both streams, once the hour is over', async () => {
    startRun(writer);
    startRun(writer, SUB, '000000000000r002' as never);
    for (const minute of [0, 59, 60, 119, 120]) await recordMinute(writer, minute);
    await recordMinute(writer, 61, 0, SUB, '000000000000r002' as never);
    await writer.flush();
    expect(await evidence().enter()).toBe(2);
    expect(entered()).toMatchObject([
      { camera: 'cam01', day: DAY, hour: 0, part: 0, leaves: 2 },
      { camera: 'cam01', day: DAY, hour: 1, part: 0, leaves: 3 },
    ]);
    // Asked again, or from any other moment on, there is nothing new.
    for (const since of [undefined, DAY_START_US, DAY_START_US + 30 * MINUTE_US, DAY_START_US + HOUR_US])
      expect(await evidence().enter(since)).toBe(0);
  });

  it('misses no camera when its first look is broken off', async () => {
    clock = createManualClock(DAY_START_US + 4 * DAY_US);
    const second = { camera: 'cam02', stream: 'main' } as unknown as typeof MAIN;
    const run = '000000000000r002' as never;
    startRun(writer);
    startRun(writer, second, run);
    // The first hour of three days.
    for (const day of [0, 1, 2])
      for (const [ref, of] of [[MAIN, undefined] as const, [second, run] as const]) {
        const segment = await reservation(writer, ref);
        const opening = openingOf(segment, day * 1440 + 5, ref, of);
        writer.segmentOpened({ ...opening, day: siteTime.dayOf(opening.startUs), hour: 0 });
        writer.segmentSealed(segment, completionOfMinute(5));
      }
    await writer.flush();
    for (let broken = 0; broken < 6; broken++) {
      let entries = 0;
      await evidence(() => entries++ < 1).enter();
    }
    await evidence().enter();
    const found = [...room.ledger.rows.entriesOf(['evidence.hour'], 0)].map(({ body }) => String(body));
    expect(new Set(found.map((body) => /"camera":"\w+","day":"[\d-]+"/.exec(body)?.[0])).size).toBe(6);
  });

  it('takes what a crash left to be found later as a part of its own', async () => {
    startRun(writer);
    await recordMinute(writer, 5);
    await writer.flush();
    await evidence().enter();
    await recordMinute(writer, 7);
    await writer.flush();
    expect(await evidence().enter()).toBe(1);
    expect(entered()).toMatchObject([
      { part: 0, leaves: 1 },
      { part: 1, leaves: 1 },
    ]);
    expect(partsOf(createEvidenceRows(room.db), 'cam01', DAY, 0)).toHaveLength(2);
  });
});

describe('girok ledger prove', () => {
  const bytes = randomBytes(5000);
  const girok = async (...argv: string[]) => {
    const out: string[] = [];
    const code = await runCli(['ledger', ...argv, '--json', '--config', home.config], {
      commands: COMMANDS,
      env: {},
      clock,
      signal: new AbortController().signal,
      terminal: { out: (text) => void out.push(text), err: () => undefined, live: false },
    });
    return { code, ...(JSON.parse(out.join('')) as { key?: string }) };
  };
  const run = (at: string, ...more: string[]) => girok('prove', '--camera', 'cam01', '--at', at, ...more);
  const AT = '2026-11-22T00:03:30+09:00';
  let file = '';

  beforeEach(async () => {
    startRun(writer);
    const segment = await reservation(writer);
    const opening = openingOf(segment, 3);
    const sha256 = createHash('sha256').update(bytes).digest();
    const completion = { ...completionOfMinute(3), bytes: bytes.length, ciphertextSha256: sha256 };
    const leafHash = hashEvidenceLeaf({
      v: 1,
      camera: MAIN.camera,
      stream: 'main',
      day: opening.day,
      segment,
      startUs: opening.startUs,
      endUs: opening.startUs + completion.durationUs,
      chunks: completion.chunks,
      ciphertextSha256: sha256.toString('hex'),
      fragmentsRoot: Buffer.from(completion.fragmentsRoot).toString('hex'),
    });
    writer.segmentOpened(opening);
    writer.segmentSealed(segment, { ...completion, leafHash });
    await writer.flush();
    file = join(home.storage, 'vault', 'cam01', DAY, opening.file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  });

  it('shows step by step how far a moment’s footage is vouched for', async () => {
    expect(await run('2026-11-22T00:09:00+09:00')).toMatchObject({ code: 1, outcome: 'no_footage' });
    expect(await run(AT)).toMatchObject({ code: 1, outcome: 'not_entered' });
    await evidence().enter();
    expect(await run(AT)).toMatchObject({ code: 1, outcome: 'unsigned' });
    room.checkpoints.make();
    expect(await run(AT)).toMatchObject({ code: 0, outcome: 'unchanged', entry: 1 });
  });

  it('sees a changed file, a changed catalogue and a changed ledger', async () => {
    await evidence().enter();
    room.checkpoints.make();
    writeFileSync(file, bytes.with(77, (bytes[77] ?? 0) ^ 1));
    expect(await run(AT)).toMatchObject({ code: 1, outcome: 'file_changed' });
    writeFileSync(file, bytes);
    room.db.exec('drop trigger ledger_entry_stays');
    room.db.exec(`update ledger_entry set body = replace(body, '"hour":0', '"hour":4') where seq = 1`);
    expect(await run(AT)).toMatchObject({ code: 1, outcome: 'ledger_changed' });
  });

  it('hands out a proof that stands without this machine, of footage and of any entry', async () => {
    await evidence().enter();
    const out = join(home.folder, 'footage.tlog-proof');
    const early = await run(AT, '--out', out);
    expect({ early, isThere: existsSync(out) }).toMatchObject({
      early: { code: 1, outcome: 'unsigned' },
      isThere: false,
    });
    room.checkpoints.make();
    const made = await run(AT, '--out', out);
    expect(made).toMatchObject({ code: 0, outcome: 'unchanged', proof: out });
    expect(await run(AT, '--out', out)).toMatchObject({ code: 1, error: { code: 'file_exists' } });
    const key = String(made.key);
    const ciphertextSha256 = createHash('sha256').update(bytes).digest('hex');
    const entry = join(home.folder, 'entry.tlog-proof');
    expect(await girok('prove', '--entry', '0', '--out', entry)).toMatchObject({
      code: 0,
      outcome: 'entered',
    });
    expect(await girok('prove', '--entry', '2')).toMatchObject({ code: 1, outcome: 'no_entry' });
    expect(await girok('prove', '--entry', 'x')).toMatchObject({ code: 2 });
    // The machine is gone; the file, the key and somebody's Python are left.
    room.db.close();
    rmSync(home.storage, { recursive: true });
    expect(await girok('verify', '--proof', out, '--key', key)).toMatchObject({
      code: 0,
      sound: true,
      entry: 1,
      checkpoint: 2,
      footage: expect.stringContaining(ciphertextSha256),
    });
    const proofs = [out, entry].map((path) => readFileSync(path));
    const said = await askPython(proofs, { key, kept: [] });
    expect(said.filter((line) => line.startsWith('proved'))).toEqual(['proved 1 2', 'proved 0 2']);
    expect(said.join()).toContain(ciphertextSha256);
    writeFileSync(out, (proofs[0] as Buffer).toString().replace('index 1', 'index 0'));
    expect(await girok('verify', '--proof', out, '--key', key)).toMatchObject({
      code: 1,
      sound: false,
      fault: { code: 'seq' },
    });
    expect(await girok('verify', '--proof', join(home.folder, 'none'), '--key', key)).toMatchObject({
      error: { code: 'usage' },
    });
  });

  it('asks for an instant with its zone', async () => {
    expect(await run('2026-11-22 00:03')).toMatchObject({ code: 2, error: { code: 'usage' } });
  });
});
