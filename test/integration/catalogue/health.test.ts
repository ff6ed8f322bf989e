import { describe, expect, it } from 'vitest';
import { createBatchCommit } from '../../../src/catalogue/batch.ts';
import type { CatalogueChange, HealthSample } from '../../../src/catalogue/changes.ts';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import { CATALOGUE_MIGRATIONS } from '../../../src/db/catalogue/migrations.ts';
import { openCatalogueForWriting } from '../../../src/db/catalogue/open.ts';
import { migrate } from '../../../src/db/migrate.ts';
import { openDatabase } from '../../../src/db/open.ts';
import { DAY_US, MINUTE_US } from '../../../src/lib/clock.ts';
import { DAY_START_US, MAIN, SUB, scratchPath, startWriter } from '../../support/catalogue/scratch.ts';

const sample = (changes: Partial<HealthSample> = {}): HealthSample => ({
  ref: MAIN,
  fps: 15,
  bitsPerSecond: 4_000_000,
  missingPackets: 0,
  damagedFrames: 0,
  ...changes,
});
const roundAt = (
  minute: number,
  samples: readonly HealthSample[],
  kept: { minutesFromUs?: number; tenMinutesFromUs?: number } = {},
) => ({
  atUs: DAY_START_US + minute * MINUTE_US,
  samples,
  minutesFromUs: 0,
  tenMinutesFromUs: 0,
  ...kept,
});
const at = (minute: number) => DAY_START_US + minute * MINUTE_US;

describe('the health of a stream over time', () => {
  it('is told by the minute with its gaps, and a time without samples breaks the line', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    writer.streamSeen(MAIN);
    for (const minute of [1, 2, 3, 9, 10])
      writer.healthSampled(
        roundAt(minute, [
          sample({ fps: minute, missingPackets: minute, clockOffsetMs: -minute }),
          sample({ ref: SUB, bitsPerSecond: 1000 }),
        ]),
      );
    const gap = writer.gapOpened(MAIN, at(4), 'camera_off');
    writer.gapClosed(gap, at(8));
    writer.gapOpened(MAIN, at(11), 'network');
    await writer.flush();
    expect(reported.refused).toEqual([]);

    const reader = createCatalogueReader(path);
    const range = { fromUs: at(0), toUs: at(60), nowUs: at(60) };
    const history = await reader.health(MAIN, range);
    expect(history).toEqual({
      everyUs: MINUTE_US,
      atUs: [1, 2, 3, 4, 9, 10].map(at),
      fps: {
        least: [1, 2, 3, null, 9, 10],
        mean: [1, 2, 3, null, 9, 10],
        most: [1, 2, 3, null, 9, 10],
      },
      bitsPerSecond: expect.anything(),
      missingPackets: [1, 2, 3, null, 9, 10],
      damagedFrames: [0, 0, 0, null, 0, 0],
      clockOffsetMs: [-1, -2, -3, null, -9, -10],
      gaps: [
        { fromUs: at(4), toUs: at(8), cause: 'camera_off' },
        { fromUs: at(11), toUs: null, cause: 'network' },
      ],
      gapsLeftOut: 0,
    });
    expect((await reader.health(SUB, range)).clockOffsetMs).toEqual([null, null, null, null, null, null]);
    const strange = { camera: 'cam99' as typeof MAIN.camera, stream: 'main' as const };
    expect((await reader.health(strange, range)).atUs).toEqual([]);
    // Half open, and the minutes of another day are not among them.
    expect((await reader.health(MAIN, { ...range, fromUs: at(2), toUs: at(9) })).atUs).toEqual(
      [2, 3].map(at),
    );
    await reader.close();
  });

  it('is summed up by ten minutes with least, mean and most, the same however often it is told', () => {
    const path = scratchPath();
    const db = openCatalogueForWriting(path, 1000);
    const commit = createBatchCommit(db);
    const changes = Array.from(
      { length: 20 },
      (_, i): CatalogueChange => ({
        kind: 'health',
        round: roundAt(i + 1, [
          sample({ fps: i < 10 ? i : 15, missingPackets: 1, clockOffsetMs: i < 10 ? -i * 10 : i }),
        ]),
      }),
    );
    commit(changes);
    commit(changes);
    commit(changes.slice(3, 7));
    const rows = db.prepare('select * from health_ten_minutes').all();
    expect(rows).toEqual([
      {
        stream: 1,
        from_us: at(0),
        fps_least: 0,
        fps_mean: 4.5,
        fps_most: 9,
        bits_least: 4_000_000,
        bits_mean: 4_000_000,
        bits_most: 4_000_000,
        missing_packets: 10,
        damaged_frames: 0,
        clock_least_ms: -90,
        clock_most_ms: 0,
      },
      expect.objectContaining({ from_us: at(10), fps_least: 15, clock_least_ms: 10, clock_most_ms: 19 }),
    ]);
    db.close();
  });

  it('of a longer time, or of one longer ago, is told by ten minutes', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    for (let minute = 1; minute <= 30; minute++)
      writer.healthSampled(roundAt(minute, [sample({ clockOffsetMs: minute === 15 ? -900 : 5 })]));
    await writer.flush();
    const reader = createCatalogueReader(path);
    const nowUs = at(30);
    const longer = await reader.health(MAIN, { fromUs: nowUs - 3 * DAY_US, toUs: nowUs, nowUs });
    expect(longer.everyUs).toBe(10 * MINUTE_US);
    expect(longer.atUs).toEqual([5, 15, 25].map(at));
    expect(longer.clockOffsetMs).toEqual([5, -900, 5]);
    const longAgo = await reader.health(MAIN, { fromUs: at(0), toUs: at(30), nowUs: at(30) + 5 * DAY_US });
    expect(longAgo.everyUs).toBe(10 * MINUTE_US);
    await reader.close();
  });

  it('is forgotten when it is older than what is kept, also of a camera that went', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.healthSampled(roundAt(1, [sample({ ref: SUB })]));
    for (let minute = 2; minute <= 40; minute++) writer.healthSampled(roundAt(minute, [sample()]));
    writer.healthSampled(roundAt(41, [sample()], { minutesFromUs: at(35), tenMinutesFromUs: at(20) }));
    await writer.flush();
    const db = openDatabase({ path, readonly: true, synchronous: 'full' });
    expect(db.prepare('select count(*), min(at_us) from health_minute').raw().get()).toEqual([7, at(35)]);
    expect(db.prepare('select count(*), min(from_us) from health_ten_minutes').raw().get()).toEqual([
      3,
      at(20),
    ]);
    db.close();
  });

  it('begins in a catalogue of the second version, which keeps what it has', async () => {
    const path = scratchPath();
    const before = openDatabase({ path, synchronous: 'full' });
    migrate(before, path, CATALOGUE_MIGRATIONS.slice(0, 2));
    before.exec(
      `insert into stream (key, camera, kind, first_seen_us) values (7, 'cam01', 'main', ${DAY_START_US})`,
    );
    before.close();
    const { writer, reported } = await startWriter(path);
    writer.healthSampled(roundAt(1, [sample()]));
    await writer.flush();
    expect(reported.refused).toEqual([]);
    const db = openDatabase({ path, readonly: true, synchronous: 'full' });
    expect(db.prepare('select stream from health_minute').pluck().all()).toEqual([7]);
    db.close();
  });
});
