import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createCatalogueReader } from '../../../src/catalogue/reader.ts';
import { openDatabase } from '../../../src/db/open.ts';
import type { SegmentId } from '../../../src/lib/ids.ts';
import {
  completionOfMinute,
  DAY,
  DAY_START_US,
  MAIN,
  openingOf,
  recordMinute,
  reservation,
  scratchPath,
  startRun,
  startWriter,
} from '../../support/catalogue/scratch.ts';

const holdLock = fileURLToPath(new URL('../../support/catalogue/hold-lock.ts', import.meta.url));

async function lockFromAnotherProcess(path: string) {
  const child = spawn(process.execPath, [holdLock, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.write('go\n');
    await once(child, 'exit');
  };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('the catalogue’s writer', () => {
  it('writes reservation, opening, progress and seal so that a reader in another connection sees each', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    writer.streamSeen(MAIN);
    const segment = await reservation(writer);
    const reader = createCatalogueReader(path);
    const states = async () => (await reader.unfinished()).map((one) => one.state);
    expect(await states()).toEqual(Array.from({ length: (await states()).length }, () => 'reserved'));
    expect(reader.register.isReserved(segment)).toBe(true);

    startRun(writer);
    writer.segmentOpened(openingOf(segment, 0));
    const at = { bytes: 9, frames: 45, activity: 3, durableUs: DAY_START_US + 3_100_000 };
    writer.segmentProgress(segment, { ...at, chunks: 90, durationUs: 3_000_000 });
    await writer.flush();
    const range = { fromUs: DAY_START_US, toUs: DAY_START_US + 60_000_000, limit: 9 };
    expect(await reader.segmentsIn(MAIN, range)).toMatchObject([
      { segment, state: 'open', chunks: 90, durationUs: 3_000_000, codec: 'avc1.640028', timescale: 90_000 },
    ]);
    expect(reader.register.filesOf('cam01', DAY)).toMatchObject([{ id: segment, state: 'open', chunks: 90 }]);
    expect(await reader.gopsOf(segment)).toBeUndefined();

    writer.segmentSealed(segment, completionOfMinute(0, 77));
    await writer.flush();
    expect(await reader.segmentsIn(MAIN, range)).toMatchObject([
      { state: 'sealed', chunks: 1830, activity: 77 },
    ]);
    expect((await reader.gopsOf(segment))?.length).toBe(60);
    expect((await reader.piecesOf(segment))?.[60]?.sha256).toEqual(Buffer.alloc(32, 60));
    expect(await reader.integrityOf(segment)).toMatchObject({ leafHash: Buffer.alloc(32, 3) });
    expect(reader.register.filesOf('cam01', DAY)).toEqual([
      {
        id: segment,
        file: `cam01/${DAY}/minute-0-main-${segment}.seg`,
        state: 'sealed',
        bytes: 30_000_000,
        chunks: 1830,
        ciphertextSha256: Buffer.alloc(32, 0),
      },
    ]);
    await reader.close();
    expect(reported).toEqual({ trouble: [], refused: [], fatal: [] });
  });

  it('loses nothing and never makes the recorder wait while another process holds the write lock', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    const first = await recordMinute(writer, 0);
    const open = await reservation(writer);
    await writer.flush();
    const release = await lockFromAnotherProcess(path);

    let slowestMs = 0;
    const timed = (task: () => void) => {
      const before = performance.now();
      task();
      slowestMs = Math.max(slowestMs, performance.now() - before);
    };
    timed(() => writer.segmentOpened(openingOf(open, 1)));
    for (let chunks = 1; chunks <= 2000; chunks++) {
      const progress = { chunks, durationUs: chunks * 1000, bytes: chunks, frames: chunks, activity: 0 };
      timed(() => writer.segmentProgress(open, { ...progress, durableUs: DAY_START_US }));
    }
    await until(() => reported.trouble.length > 0);
    expect(reported.trouble).toEqual(['SQLITE_BUSY']);
    expect(writer.stats()).toMatchObject({ trouble: 'SQLITE_BUSY' });
    expect(writer.stats().backlog).toBeLessThan(12);
    // The reservoir runs dry and says so; nothing hangs.
    const taken: SegmentId[] = [];
    for (let id = writer.takeReservation(MAIN); id; id = writer.takeReservation(MAIN)) taken.push(id);
    expect(taken.length).toBeLessThan(5);
    timed(() => writer.segmentSealed(open, completionOfMinute(1)));
    expect(slowestMs).toBeLessThan(50);

    await release();
    await writer.flush();
    expect(writer.takeReservation(MAIN)).toBeDefined();
    expect(reported.trouble).toEqual(['SQLITE_BUSY', undefined]);
    expect(writer.stats()).toMatchObject({ refused: 0 });
    const reader = createCatalogueReader(path);
    const range = { fromUs: DAY_START_US, toUs: DAY_START_US + 120_000_000, limit: 9 };
    expect((await reader.segmentsIn(MAIN, range)).map((one) => one.segment)).toEqual([first, open]);
    await reader.close();
  });

  it('keeps what does not fit on a full disk and writes it when there is space again', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    await writer.flush();
    // A database that may not grow fails exactly like one on a full disk: SQLITE_FULL, transaction undone.
    const { createBatchCommit } = await import('../../../src/catalogue/batch.ts');
    const db = openDatabase({ path, synchronous: 'full' });
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    const commit = createBatchCommit(db);
    const changes = Array.from({ length: 10 }, (_, minute) => {
      const segment = `000000000000s00${minute}` as SegmentId;
      return [
        { kind: 'opened', opening: openingOf(segment, minute) } as const,
        { kind: 'sealed', segment, completion: completionOfMinute(minute) } as const,
      ];
    }).flat();
    expect(commit(changes)).toEqual({ committed: false, sqlite: 'SQLITE_FULL' });
    expect(db.prepare('select count(*) from segment_detail').pluck().get()).toBe(0);
    db.pragma(`max_page_count = ${pages + 1000}`);
    expect(commit(changes)).toMatchObject({ committed: true });
    expect(db.prepare('select count(*) from segment_detail').pluck().get()).toBe(10);
    db.close();
    expect(reported.fatal).toEqual([]);
  });

  it('sets a change aside that the database refuses, says so, and writes the others', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    writer.streamSeen(MAIN);
    startRun(writer);
    writer.segmentSealed('000000000000none' as SegmentId, completionOfMinute(0));
    const good = await recordMinute(writer, 1);
    await writer.flush();
    expect(reported.refused).toEqual([expect.stringContaining('sealed: internal')]);
    expect(writer.stats().refused).toBe(1);
    const reader = createCatalogueReader(path);
    expect((await reader.segmentAt(MAIN, DAY_START_US + 61_000_000))?.segment).toBe(good);
    await reader.close();
  });

  it('refuses a database of a newer version, for writing and for reading', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    await writer.close();
    const db = openDatabase({ path, synchronous: 'full' });
    db.pragma('user_version = 99');
    db.close();
    await expect(startWriter(path)).rejects.toMatchObject({ code: 'database_newer', facts: { found: 99 } });
    expect(() => createCatalogueReader(path)).toThrow('database_newer');
  });

  it('says that the recorder has not run when there is nothing to read yet', () => {
    expect(() => createCatalogueReader(scratchPath())).toThrow('storage_missing');
    const path = scratchPath();
    openDatabase({ path, synchronous: 'full' }).close();
    expect(() => createCatalogueReader(path)).toThrow('recorder_not_running');
  });

  it('reports a worker that died once, and fails whoever waits', async () => {
    const path = scratchPath();
    const { writer, reported } = await startWriter(path);
    const db = openDatabase({ path, synchronous: 'full' });
    db.exec('drop table gap');
    db.close();
    // A schema that is not ours is a fault of the program or of somebody's hands: the change is refused …
    await expect(writer.recoverAfterCrash([MAIN])).rejects.toThrow('no such table');
    // … and a thread that ends by itself is fatal.
    const died = await startWriter(scratchPath(), {
      startWorker: () => {
        const listeners: (() => void)[] = [];
        return {
          post: () => queueMicrotask(() => listeners[0]?.()),
          onMessage: (listener) => queueMicrotask(() => listener({ kind: 'ready' })),
          onEnd: (listener) => void listeners.push(() => listener(new Error('killed'))),
          terminate: async () => undefined,
        };
      },
    });
    died.writer.streamSeen(MAIN);
    await expect(died.writer.flush()).rejects.toThrow('killed');
    expect(died.reported.fatal.map((error) => error.message)).toEqual(['killed']);
    expect(died.writer.takeReservation(MAIN)).toBeUndefined();
    expect(reported.fatal).toEqual([]);
  });

  it('leaves no reservations behind after an orderly close', async () => {
    const path = scratchPath();
    const { writer } = await startWriter(path);
    writer.streamSeen(MAIN);
    await reservation(writer);
    expect(await writer.close()).toBe(true);
    const reader = createCatalogueReader(path);
    expect((await reader.unfinished()).length).toBe(1);
    await reader.close();
  });
});
