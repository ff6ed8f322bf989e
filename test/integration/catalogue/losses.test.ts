import { describe, expect, it } from 'vitest';
import { createBatchCommit } from '../../../src/catalogue/batch.ts';
import type { CatalogueChange, Loss, LossId } from '../../../src/catalogue/changes.ts';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import { CATALOGUE_MIGRATIONS } from '../../../src/db/catalogue/migrations.ts';
import { openCatalogueForWriting } from '../../../src/db/catalogue/open.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { type Database, openDatabase } from '../../../src/db/open.ts';
import type { RunId } from '../../../src/lib/ids.ts';
import { createSiteTime } from '../../../src/lib/site-time.ts';
import {
  DAY,
  DAY_START_US,
  MAIN,
  RUN,
  SUB,
  scratchPath,
  startRun,
  startWriter,
} from '../../support/catalogue/scratch.ts';

const S = 1_000_000;
const lossAt = (fromS: number, more: Partial<Loss> = {}): Loss => ({
  fromUs: DAY_START_US + fromS * S,
  toUs: DAY_START_US + (fromS + 1) * S,
  missingPackets: 3,
  damagedFrames: 1,
  cause: 'network',
  ...more,
});
const runs = (path: string) => {
  const db = openDatabase({ path, synchronous: 'full', readonly: true });
  const rows = db
    .prepare('select id, sender_offset_ms as senderOffsetMs, source_reason as sourceReason from run')
    .all();
  db.close();
  return rows;
};

describe('losses in the catalogue', () => {
  it('are told for the range that they begin in, once, and summed with their coverage', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    writer.streamSeen(MAIN);
    writer.streamSeen(SUB);
    const early = lossAt(-1, { toUs: DAY_START_US + 4 * S });
    const first = lossAt(10);
    const camera = lossAt(10.5, { cause: 'camera', missingPackets: 7, damagedFrames: 0 });
    const late = lossAt(86_399, { toUs: DAY_START_US + 86_405 * S, cause: 'we_were_slow' });
    const point = lossAt(20.5, { toUs: DAY_START_US + 20.5 * S });
    for (const loss of [early, first, camera, point, late]) writer.lossFound(MAIN, loss);
    writer.lossFound(SUB, lossAt(10, { missingPackets: 1000 }));
    await writer.flush();

    const reader = createCatalogueReader(path);
    const endUs = DAY_START_US + 86_400 * S;
    expect(await reader.losses(MAIN, DAY_START_US, endUs)).toEqual([first, camera, point, late]);
    expect(await reader.losses(MAIN, DAY_START_US - 60 * S, DAY_START_US)).toEqual([early]);
    expect(await reader.lossSums(DAY_START_US, endUs)).toEqual([
      { ref: MAIN, records: 4, missingPackets: 16, damagedFrames: 3 },
      { ref: SUB, records: 1, missingPackets: 1000, damagedFrames: 1 },
    ]);
    expect(await reader.lossSums(endUs, endUs + S)).toEqual([]);
    const seoul = createSiteTime('Asia/Seoul');
    expect((await reader.dayCoverage(MAIN, DAY, seoul, endUs + 3600 * S))?.losses).toEqual({
      missingPackets: 16,
      damagedFrames: 3,
      // 10, 11, 20 and the last of the day: two causes in one second are one second.
      seconds: 4,
      causes: {
        network: { missingPackets: 6, damagedFrames: 2, seconds: 2 },
        camera: { missingPackets: 7, damagedFrames: 0, seconds: 2 },
        we_were_slow: { missingPackets: 3, damagedFrames: 1, seconds: 1 },
      },
    });
    expect((await reader.coverage(MAIN, endUs + S, endUs + 2 * S)).losses).toEqual({
      missingPackets: 0,
      damagedFrames: 0,
      seconds: 0,
      causes: {},
    });
    await reader.close();
    expect(reported.refused).toEqual([]);
  });

  it('are not counted twice when a batch is tried again', () => {
    const path = scratchPath();
    const db = openCatalogueForWriting(path, 1000);
    const commit = createBatchCommit(db);
    const id = '000000000000l001' as LossId;
    const change: CatalogueChange = { kind: 'loss', id, ref: MAIN, loss: lossAt(0) };
    commit([change, change]);
    commit([change]);
    expect(db.prepare('select count(*) from loss').pluck().get()).toBe(1);
    db.close();
  });
});

describe('what a run remembers of its source', () => {
  it('is the first that the camera’s clock said, and why it was not the usual client', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    const second = '000000000000r002' as RunId;
    startRun(writer, MAIN, second, DAY_START_US + S, `ours refused: ${'x'.repeat(300)}`);
    writer.senderClock(RUN, -1234.4);
    writer.senderClock(RUN, 99);
    writer.senderClock('000000000000none' as RunId, 99);
    await writer.flush();
    expect(runs(path)).toEqual([
      { id: RUN, senderOffsetMs: -1234, sourceReason: null },
      { id: second, senderOffsetMs: null, sourceReason: expect.stringMatching(/^ours refused: x{186}$/) },
    ]);
    expect(reported.refused).toEqual([]);
  });
});

describe('a catalogue of the first version', () => {
  it('keeps its runs and takes losses after the migration', async () => {
    const path = scratchPath();
    const before: Database = openDatabase({ path, synchronous: 'full' });
    migrate(before, path, CATALOGUE_MIGRATIONS.slice(0, 1));
    before.exec(`
      insert into stream (key, camera, kind, first_seen_us) values (1, 'cam01', 'main', ${DAY_START_US});
      insert into run (id, stream, source, codec, width, height, timescale, started_us, wall_minus_media_us)
      values ('${RUN}', 1, 'ffmpeg', 'avc1', 640, 360, 90000, ${DAY_START_US}, 0)`);
    before.close();
    expect(() => createCatalogueReader(path)).toThrow('recorder_not_running');

    const { writer, reported } = await startWriter(path);
    writer.lossFound(MAIN, lossAt(5));
    writer.senderClock(RUN, 12);
    await writer.flush();
    expect(runs(path)).toEqual([{ id: RUN, senderOffsetMs: 12, sourceReason: null }]);
    const reader = createCatalogueReader(path);
    expect(await reader.losses(MAIN, DAY_START_US, DAY_START_US + 60 * S)).toEqual([lossAt(5)]);
    await reader.close();
    expect(reported.refused).toEqual([]);
  });
});
