import { describe, expect, it } from 'vitest';
import type { OpenGap } from '../../../src/catalogue/changes.ts';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import { type RecoveredSegment, rebuildFrom } from '../../../src/catalogue/rebuild.ts';
import { className } from '../../../src/catalogue/stretches.ts';
import { openCatalogueForReading } from '../../../src/db/catalogue/open.ts';
import type { RunId, SegmentId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import {
  completionOfMinute,
  DAY,
  DAY_START_US,
  MAIN,
  openingOf,
  recordMinute,
  reservation,
  SUB,
  scratchPath,
  startRun,
  startWriter,
} from '../../support/catalogue/scratch.ts';

const MINUTE_US = 60_000_000;
const S = 1_000_000;

/** What the vault reads back of minute `minute`: sixty fragments of a second. */
function recovered(minute: number, more: Partial<RecoveredSegment> = {}): RecoveredSegment {
  const segment = `00000000000${String(minute).padStart(5, '0')}` as SegmentId;
  const fragments = Array.from({ length: 60 }, (_, i) => ({
    mediaStart: (minute * 60 + i) * 90_000,
    durationTicks: 90_000,
    startsWithKeyFrame: true,
    samples: Array.from({ length: 15 }, (_, j) => ({
      durationTicks: 6000,
      bytes: j === 0 ? 90_000 : 5000,
      shownLaterTicks: 0,
      keyFrame: j === 0,
      offset: 0,
    })),
  }));
  return {
    header: {
      ...MAIN,
      day: DAY,
      hour: 0,
      segment,
      run: '000000000000r009',
      startUs: DAY_START_US + minute * MINUTE_US,
      codec: 'avc1.640028',
      width: 1920,
      height: 1080,
      timescale: 90_000,
    },
    file: `cam01/${DAY}/0000${minute}-main-${segment}.seg`,
    state: 'sealed',
    bytes: 9_000_000,
    chunks: 549,
    ciphertextSha256: Buffer.alloc(32, 1),
    fragmentsRoot: Buffer.alloc(32, 2),
    leafHash: Buffer.alloc(32, 3),
    pieces: completionPieces(),
    fragments,
    trailer: { endCause: 'rotation' },
    ...more,
  };
}
const completionPieces = () =>
  Array.from({ length: 61 }, (_, i) => ({
    offset: i * 1000,
    bytes: 1000,
    sha256: Buffer.alloc(32, i),
  }));
async function* each<T>(list: readonly T[]) {
  yield* list;
}

async function coverageOf(path: string, minutes: number) {
  const reader = createCatalogueReader(path);
  const { stretches } = await reader.coverage(MAIN, DAY_START_US, DAY_START_US + minutes * MINUTE_US);
  await reader.close();
  return stretches.map(
    (s) => `${(s.fromUs - DAY_START_US) / S}-${(s.toUs - DAY_START_US) / S} ${className(s.is)}`,
  );
}

describe('after a crash', () => {
  it('ends the run at its last durable frame and opens a gap there, until recording goes on', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    await recordMinute(writer, 0);
    const open = await reservation(writer);
    writer.segmentOpened(openingOf(open, 1));
    const facts = { chunks: 700, bytes: 11_000_000, frames: 345, activity: 9, durableUs: DAY_START_US };
    writer.segmentProgress(open, { ...facts, durationUs: 23 * S });
    await writer.flush();
    // The process is gone: no more words from it, its reservations stay.
    const second = await startWriter(path);
    const { runsEnded, openGaps } = await second.writer.recoverAfterCrash([MAIN, SUB]);
    expect(runsEnded).toBe(1);
    expect(openGaps).toMatchObject([{ ref: MAIN, cause: 'recorder_failure', fromUs: DAY_START_US + 83 * S }]);
    expect(await coverageOf(path, 2)).toEqual(['0-83 recorded', '83-120 gap:recorder_failure']);

    // Looking again finds nothing new, and the gap is the same one.
    const again = await second.writer.recoverAfterCrash([MAIN, SUB]);
    expect(again).toEqual({ runsEnded: 0, openGaps });
    second.writer.gapClosed((openGaps[0] as OpenGap).gap, DAY_START_US + 90 * S);
    const run = '000000000000r002' as RunId;
    startRun(second.writer, MAIN, run, DAY_START_US + 90 * S);
    await second.writer.flush();
    expect(await coverageOf(path, 2)).toEqual([
      '0-83 recorded',
      '83-90 gap:recorder_failure',
      '90-120 unknown',
    ]);

    const reader = createCatalogueReader(path);
    const left = await reader.unfinished();
    expect(left.filter((one) => one.state === 'open')).toMatchObject([{ segment: open, ref: MAIN }]);
    second.writer.forgetReservations(
      left.filter((one) => one.state === 'reserved').map((one) => one.segment),
    );
    await second.writer.flush();
    expect((await reader.unfinished()).map((one) => one.segment)).toEqual([open]);
    await reader.close();
  });

  it('takes a salvaged segment in place of the open row, also where only its id was reserved', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    const [open, reserved] = [await reservation(writer), await reservation(writer)];
    writer.segmentOpened(openingOf(open, 0));
    await writer.flush();
    const of = (minute: number, segment: SegmentId) => {
      const one = recovered(minute, { state: 'recovered' });
      return { ...one, header: { ...one.header, segment } };
    };
    const result = await rebuildFrom(writer, each([of(0, open), of(1, reserved)]));
    expect(result).toMatchObject({ seen: 2, restored: 2 });
    const reader = createCatalogueReader(path);
    expect(reader.register.filesOf('cam01', DAY)).toMatchObject([
      { id: open, state: 'recovered', chunks: 549 },
      { id: reserved, state: 'recovered', chunks: 549 },
    ]);
    await reader.close();
  });

  it('shows lost files as a gap with cause disk, never as footage', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    await recordMinute(writer, 0);
    const gone = await recordMinute(writer, 1);
    await recordMinute(writer, 2);
    writer.segmentLost(gone);
    await writer.flush();
    expect(await coverageOf(path, 3)).toEqual(['0-60 recorded', '60-120 gap:disk', '120-180 recorded']);
  });
});

describe('a catalogue rebuilt from the files', () => {
  it('has every segment with its indexes, its runs, and a row for each hole', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    const seen: number[] = [];
    const files = [recovered(0), recovered(1, { state: 'recovered' }), recovered(4), recovered(6)];
    const result = await rebuildFrom(writer, each(files), (progress) => void seen.push(progress.seen));
    expect(result).toEqual({ seen: 4, restored: 4, holes: 2 });
    expect(seen.at(-1)).toBe(4);
    expect(await coverageOf(path, 7)).toEqual([
      '0-120 recorded',
      '120-240 gap:recorder_failure',
      '240-300 recorded',
      '300-360 gap:unknown',
      '360-420 recorded',
    ]);
    const reader = createCatalogueReader(path);
    const entry = await reader.segmentAt(MAIN, DAY_START_US + 4 * MINUTE_US);
    expect(entry).toMatchObject({
      frames: 900,
      run: '000000000000r009',
      timescale: 90_000,
      bytes: 9_000_000,
    });
    expect(await reader.gopsOf(entry!.segment)).toHaveLength(60);
    expect((await reader.gopsOf(entry!.segment))?.[1]).toMatchObject({
      startUs: DAY_START_US + 4 * MINUTE_US + S,
      offset: 2000,
      bytes: 1000,
      frames: 15,
    });
    await reader.close();
    // Nothing is left for the crash recovery to end: a rebuilt run ends with its last segment.
    expect((await writer.recoverAfterCrash([])).runsEnded).toBe(0);
  });

  it('changes nothing when it is done again, and keeps what the recorder itself wrote', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    const files = [recovered(0), recovered(3), recovered(5, { state: 'recovered' })];
    await rebuildFrom(writer, each(files));
    const before = await coverageOf(path, 6);
    expect(await rebuildFrom(writer, each(files))).toEqual({ seen: 3, restored: 0, holes: 0 });
    expect(await rebuildFrom(writer, each(files.toReversed()))).toMatchObject({ restored: 0, holes: 0 });
    expect(await coverageOf(path, 6)).toEqual(before);
  });

  it('does not explain again what a gap row already explains', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.gapClosed(writer.gapOpened(MAIN, DAY_START_US + 60 * S, 'network', 'x'), DAY_START_US + 100 * S);
    expect(await rebuildFrom(writer, each([recovered(0), recovered(2)]))).toMatchObject({ holes: 1 });
    expect(await coverageOf(path, 3)).toEqual([
      '0-60 recorded',
      '60-100 gap:network',
      '100-120 gap:unknown',
      '120-180 recorded',
    ]);
  });
});

describe('a gap that has its end', () => {
  it('is told once, as its row has it, whoever made it', async () => {
    const path = scratchPath();
    const told: string[] = [];
    const { writer } = await startWriter(path, {
      onGapEnded: ({ ref, fromUs, toUs, cause }, foundLater) =>
        told.push(
          `${ref.camera}/${ref.stream} ${(fromUs - DAY_START_US) / S}-${(toUs - DAY_START_US) / S} ${cause}${foundLater ? ' later' : ''}`,
        ),
    });
    writer.streamSeen(MAIN);
    startRun(writer);
    const gone = await recordMinute(writer, 9);
    // It taught its cause when it ended; one without length leaves no row; one that is open is not told.
    const open = writer.gapOpened(MAIN, DAY_START_US + 60 * S, 'unknown');
    writer.gapClosed(open, DAY_START_US + 100 * S, 'network');
    writer.gapClosed(open, DAY_START_US + 110 * S);
    writer.gapClosed(writer.gapOpened(SUB, DAY_START_US + 5 * S, 'disk'), DAY_START_US + 5 * S);
    writer.gapOpened(SUB, DAY_START_US + 7 * S, 'camera_off');
    writer.segmentLost(gone);
    writer.segmentLost(gone);
    await writer.flush();
    await rebuildFrom(writer, each([recovered(0), recovered(2)]));
    expect(told.toSorted()).toEqual([
      'cam01/main 100-120 unknown later',
      'cam01/main 540-600 disk later',
      'cam01/main 60-100 network',
    ]);
    const { db } = openCatalogueForReading(path);
    expect(db.prepare('select count(*) from gap where to_us is not null').pluck().get()).toBe(told.length);
    db.close();
  });
});

describe('reading', () => {
  it('finds the long segment and the long gap that began far before the range', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    const long = await reservation(writer);
    writer.segmentOpened(openingOf(long, 0));
    writer.segmentSealed(long, { ...completionOfMinute(0), durationUs: 3 * 3600 * S });
    writer.gapClosed(
      writer.gapOpened(MAIN, DAY_START_US + 3 * 3600 * S, 'camera_off'),
      DAY_START_US + 9 * 3600 * S,
    );
    for (let minute = 600; minute < 605; minute++) await recordMinute(writer, minute);
    await writer.flush();
    const reader = createCatalogueReader(path);
    const at = async (hours: number) => {
      const fromUs = DAY_START_US + hours * 3600 * S;
      return (await reader.coverage(MAIN, fromUs, fromUs + S)).stretches.map(({ is }) => is);
    };
    expect(await at(2.5)).toEqual(['recorded']);
    expect(await at(8.5)).toEqual([{ gap: 'camera_off' }]);
    expect(await at(9.5)).toEqual(['unknown']);
    expect((await reader.segmentAt(MAIN, DAY_START_US + 2.9 * 3600 * S))?.segment).toBe(long);
    expect(await reader.segmentAt(MAIN, DAY_START_US + 3 * 3600 * S)).toBeUndefined();
    await reader.close();
  });

  it('gives one lane per camera with stretches, gaps and activity per bucket, down to seconds', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    await recordMinute(writer, 0, 40);
    await recordMinute(writer, 1, 200);
    writer.gapOpened(MAIN, DAY_START_US + 2 * MINUTE_US, 'camera_off');
    await writer.flush();
    const reader = createCatalogueReader(path);
    const range = { fromUs: DAY_START_US, toUs: DAY_START_US + 3 * MINUTE_US };
    const [lane] = await reader.timeline([MAIN.camera], { ...range, bucketUs: MINUTE_US });
    expect(lane?.recorded).toEqual([{ fromUs: range.fromUs, toUs: range.fromUs + 2 * MINUTE_US }]);
    expect(lane?.gaps).toMatchObject([{ toUs: range.toUs, cause: 'camera_off' }]);
    expect([...(lane?.activity ?? [])]).toEqual([40, 200, 0]);
    const [fine] = await reader.timeline([MAIN.camera], { ...range, bucketUs: S });
    expect([...(fine?.activity ?? [])].flatMap((value, i) => (value ? [[i, value]] : []))).toEqual([
      [30, 40],
      [90, 200],
    ]);
    await expect(reader.timeline([MAIN.camera], { ...range, bucketUs: 1 })).rejects.toThrow(RangeError);
    const [unseen] = await reader.timeline(['cam99' as typeof MAIN.camera], { ...range, bucketUs: S });
    expect(unseen).toMatchObject({ recorded: [], gaps: [] });
    await reader.close();
  });

  it('counts a local day in seconds, of today what has passed, and sums bytes per day', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    for (let minute = 0; minute < 3; minute++) await recordMinute(writer, minute);
    await writer.flush();
    const reader = createCatalogueReader(path);
    const seoul = createSiteTime('Asia/Seoul');
    const now = DAY_START_US + 200 * S;
    expect((await reader.dayCoverage(MAIN, DAY, seoul, now))?.seconds).toEqual({
      recorded: 180,
      unknown: 20,
      gap: {},
    });
    expect((await reader.dayCoverage(MAIN, DAY, seoul, DAY_START_US + 90_000 * S))?.seconds.unknown).toBe(
      86_220,
    );
    expect(await reader.dayCoverage(MAIN, seoul.addDays(DAY, 1), seoul, now)).toBeUndefined();
    expect(await reader.dayTotals(DAY)).toEqual([
      { ref: MAIN, day: DAY, segments: 3, bytes: 90_000_003, durationUs: 180 * S },
    ]);
    expect(await reader.extents()).toEqual([
      { ref: MAIN, oldestUs: DAY_START_US, newestUs: DAY_START_US + 180 * S },
    ]);
    expect([...reader.register.cameraDays()]).toEqual([{ camera: 'cam01', day: DAY }]);
    await reader.close();
  });

  it('keeps of a gap’s detail one printable line without credentials', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    const detail = `rtsp://girok:pass@127.0.0.1/x\r\n\u001b[31m${'y'.repeat(900)}`;
    writer.gapOpened(MAIN, DAY_START_US, 'refused', detail);
    await writer.flush();
    const { openDatabase } = await import('../../../src/db/open.ts');
    const db = openDatabase({ path, readonly: true, synchronous: 'full' });
    const stored = db.prepare('select detail from gap').pluck().get() as string;
    db.close();
    expect(stored).toMatch(/^rtsp:\/\/127\.0\.0\.1\/x \[31my+$/);
    expect(stored.length).toBe(200);
  });
});

describe('the queries behind the timeline', () => {
  it('walk the covering index for footage, and begin at the open segments for what is open', async () => {
    const path = scratchPath();
    await (await startWriter(path)).writer.close();
    const { openCatalogueForReading } = await import('../../../src/db/catalogue/open.ts');
    const { footageQuery, openFootageQuery } = await import('../../../src/catalogue/listing.ts');
    const { db, query } = openCatalogueForReading(path);
    const stream = { key: 1, ref: MAIN, longestSegmentUs: 1, longestGapUs: 1 };
    const planOf = (compiled: { sql: string; parameters: readonly unknown[] }) =>
      (
        db.prepare(`explain query plan ${compiled.sql}`).all(...compiled.parameters) as { detail: string }[]
      ).map((row) => row.detail);
    expect(planOf(footageQuery(query, stream, 5, 9).compile())).toEqual([
      expect.stringMatching(
        /^SEARCH segment USING COVERING INDEX segment_by_time \(stream=\? AND start_us>\? AND/,
      ),
    ]);
    const open = planOf(openFootageQuery(query, stream).compile());
    expect(open.join('\n')).not.toMatch(/SCAN segment(\n|$)|segment_by_time|segment_by_day/);
    await query.destroy();
  });
});
