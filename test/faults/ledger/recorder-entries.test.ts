import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SimulatedSite, startSimulatedSite } from '../../../demo/site.ts';
import { createLedgerRows } from '../../../src/db/site/ledger-rows.ts';
import { openSiteForReading } from '../../../src/db/site/open.ts';
import { verifyRows } from '../../../src/ledger/bundle.ts';
import { type LedgerEntry, readBody } from '../../../src/ledger/entry.ts';
import { readLogKey } from '../../../src/ledger/log.ts';
import { createFakedClock, type FakedClock } from '../../support/faked-clock.ts';
import { startSteward } from '../../support/ledger/steward-home.ts';
import { openRecordings } from '../../support/recorded-frames.ts';
import { byAddress, byOnvif, createRecorderHome, type RecorderHome } from '../../support/recorder-home.ts';
import { allRecording, startRecorder, streamOf } from '../../support/recorder-process.ts';

/**
 * One site with everything happening to it that the ledger has to know of, a real recorder and a real steward: what
 * stands in the ledger afterwards is this and nothing else.
 */
const STEP_S = 120;
const LONG = { timeout: 30_000, interval: 100 };

let site: SimulatedSite;
let home: RecorderHome;
let clock: FakedClock | undefined;
let entries: readonly LedgerEntry[];
/** Gaps that have an end, as the catalogue has them. */
const inCatalogue: string[] = [];

const factsOf = <Name extends LedgerEntry['event']>(event: Name) =>
  entries.flatMap((entry) => (entry.event === event ? [entry.facts] : [])) as Extract<
    LedgerEntry,
    { event: Name }
  >['facts'][];

beforeAll(async () => {
  clock = createFakedClock();
  if (!clock) return;
  site = await startSimulatedSite({ addresses: 'one', rtspPort: 0, onvifPort: 0, discoveryPort: false });
  const [changes, leaves, stays, comes, replaces] = site.cameras;
  if (!changes || !leaves || !stays || !comes || !replaces) throw new Error('too few cameras');
  const cameras = [byAddress(changes), byOnvif(leaves), byAddress(stays)];
  home = createRecorderHome({ cameras, login: site });
  const first = startRecorder(home, { env: clock.env });
  await first.until('recording', 30_000, allRecording(4));
  const steward = startSteward(home);

  site.faults.set({ camera: leaves.id, kind: 'reboot', durationMs: 14_000 });
  site.faults.set({ camera: changes.id, kind: 'parameter_change', durationMs: 6000 });
  await first.until('lost', 20_000, (status) => streamOf(status, leaves.id)?.state !== 'recording');
  await pause(14_000);
  await first.until('recording again', 30_000, allRecording(4));
  home.configure([...cameras, byAddress(comes)]);
  await first.until('recording one more', 30_000, allRecording(5));
  await pause(2000);
  clock.set(STEP_S);
  await pause(4000);
  await first.until('recording on', 20_000, allRecording(5));
  await first.kill();

  // Meanwhile one is taken away, and under the name of another hangs a new apparatus.
  home.configure([byAddress(changes), { ...byOnvif(replaces), id: leaves.id }, byAddress(stays)]);
  const second = startRecorder(home, { env: clock.env });
  await second.until('recording after a crash', 30_000, allRecording(4));
  await second.until('reconciled', 30_000, ({ recovery }) => recovery.state === 'done');
  await pause(2000);
  await second.stop();
  await vi.waitFor(() => expect(readdirSync(join(home.storage, 'spool', 'recorder'))).toEqual([]), LONG);
  steward.child.kill('SIGTERM');
  expect(await steward.ended).toBe(0);

  entries = read();
  const recordings = openRecordings(home);
  for (const { id } of site.cameras.slice(0, 4))
    for (const stream of ['main', 'sub'] as const)
      for (const { fromUs, toUs, cause } of await recordings.gaps(id, stream))
        if (toUs !== null) inCatalogue.push(`${id}/${stream} ${cause} ${iso(fromUs)} ${iso(toUs)}`);
  await recordings.close();
}, 240_000);
afterAll(async () => {
  clock?.remove();
  await site?.stop();
  home?.remove();
});

describe('the ledger of a site where everything happened', () => {
  it('has every gap of the catalogue, with its cause, and no other', ({ skip }) => {
    if (!clock) return skip();
    const told = factsOf('recording.gap').map(
      ({ camera, stream, cause, from, to }) => `${camera}/${stream} ${cause} ${from} ${to}`,
    );
    expect(told.toSorted()).toEqual(inCatalogue.toSorted());
    for (const cause of ['camera_off', 'clock_step', 'recorder_failure'])
      expect(
        told.some((gap) => gap.includes(cause)),
        cause,
      ).toBe(true);
  });

  it('says of the recorder how it began, crashed and ended', ({ skip }) => {
    if (!clock) return skip();
    expect(factsOf('recorder.started')).toMatchObject([
      { after: 'first_start', cameras: 3 },
      { after: 'crash', cameras: 3 },
    ]);
    expect(factsOf('recorder.stopped')).toEqual([{ signal: 'SIGTERM' }]);
    expect(factsOf('volume.changed')).toHaveLength(1);
    expect(factsOf('keyring.made')).toEqual([{ epoch: 1 }]);
    const salvaged = factsOf('footage.salvaged');
    expect(salvaged[0]).toMatchObject({ restored: 5, unreadable: 0 });
  });

  it('says of the cameras which one left, came back and is not as it was', ({ skip }) => {
    if (!clock) return skip();
    expect(factsOf('camera.down')).toMatchObject([{ camera: 'cam02', cause: 'camera_off' }]);
    const [up, ...more] = factsOf('camera.up');
    expect(up).toMatchObject({ camera: 'cam02' });
    expect(up?.awayMs).toBeGreaterThan(13_000);
    expect(up?.awayMs).toBeLessThan(40_000);
    expect(more).toEqual([]);
    const changed = factsOf('camera.changed');
    expect(changed.map(({ camera, stream }) => [camera, stream])).toEqual([
      ['cam01', 'main'],
      ['cam01', 'main'],
      ['cam02', undefined],
      ['cam02', 'main'],
      ['cam02', 'sub'],
    ]);
    expect(changed.map(({ changed: aspects }) => aspects.includes('size'))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(changed.slice(2).map(({ changed: aspects }) => aspects)).toEqual([
      ['device'],
      ['address'],
      ['address'],
    ]);
    expect(changed[0]?.before?.width).toBe(640);
    expect(changed[1]?.after).toEqual(changed[0]?.before);
    expect(factsOf('recording.interrupted').map(({ camera }) => camera)).toEqual(['cam02', 'cam02']);
  });

  it('says what was edited, also while nobody watched, and how far the clock was set', ({ skip }) => {
    if (!clock) return skip();
    const nothing = { changed: [], applied: [], needsRestart: [] };
    expect(factsOf('config.changed')).toEqual([
      { ...nothing, added: ['cam04'], removed: [] },
      { ...nothing, added: [], changed: ['cam02'], removed: ['cam04'], atStart: true },
    ]);
    const [step, ...more] = factsOf('clock.stepped');
    expect(Math.abs((step?.byMs ?? 0) - STEP_S * 1000)).toBeLessThan(100);
    expect(Date.parse(step?.to ?? '') - Date.parse(step?.from ?? '')).toBe(step?.byMs);
    expect(more).toEqual([]);
  });

  it('has nothing else, and nothing of it was folded or laid aside', ({ skip }) => {
    if (!clock) return skip();
    const known = [
      'alarm.raised',
      'alarm.cleared',
      'recorder.started',
      'recorder.stopped',
      'volume.changed',
      'keyring.made',
      'footage.salvaged',
      'recording.gap',
      'recording.interrupted',
      'camera.down',
      'camera.up',
      'camera.changed',
      'config.changed',
      'clock.stepped',
    ];
    const told = entries.filter(({ actor }) => actor === 'process:recorder').map(({ event }) => event);
    expect(told.filter((event) => !known.includes(event))).toEqual([]);
    expect(entries.filter(({ event }) => event.startsWith('spool.'))).toEqual([]);
  });
});

function read(): LedgerEntry[] {
  const db = openSiteForReading(join(home.storage, 'site.db'));
  try {
    const rows = createLedgerRows(db);
    expect(verifyRows(rows, { log: readLogKey(db), witnesses: [], kept: [] }).fault).toBeUndefined();
    return [...rows.entries(0, 1e6)].map(({ body }) => readBody(body));
  } finally {
    db.close();
  }
}

const iso = (us: number) => new Date(us / 1000).toISOString();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
