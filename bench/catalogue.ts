import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCatalogueReader } from '../src/catalogue/reader.ts';
import { openDatabase } from '../src/db/open.ts';
import { DAY_US, MINUTE_US, SECOND_US } from '../src/lib/clock.ts';
import type { Figure } from './figure.ts';
import {
  cameraIds,
  GENERATED_START_US,
  generateCatalogue,
  generatedSegments,
} from './support/generate-catalogue.ts';
import { makeFiles, measurePresence } from './support/presence.ts';

const CAMERAS = 13;
const FULL_DAYS = 30;
const SAMPLES = 40;
const MIB = 1024 * 1024;

/**
 * The catalogue at the size it has after thirty days: 13 cameras × 2 streams × 1,440 segments a day.
 * GIROK_BENCH_SCALE (0 … 1) shortens the days for a quick run; GIROK_BENCH_FOLDER is where it is generated.
 */
export async function run(): Promise<Figure[]> {
  const scale = Number(process.env.GIROK_BENCH_SCALE ?? 1);
  const days = Math.max(1, Math.round(FULL_DAYS * scale));
  const folder = mkdtempSync(join(process.env.GIROK_BENCH_FOLDER ?? tmpdir(), 'girok-bench-catalogue-'));
  try {
    return await measure(join(folder, 'catalogue.db'), join(folder, 'vault'), days);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(path: string, vault: string, days: number): Promise<Figure[]> {
  const generationMs = performance.now();
  const segments = generateCatalogue({
    path,
    cameras: CAMERAS,
    streams: ['main', 'sub'],
    days,
    onProgress: (done, total) => process.stderr.write(`\rgenerating ${done} of ${total} segments`),
  });
  process.stderr.write(
    `\rgenerated ${segments} segments in ${Math.round((performance.now() - generationMs) / 1000)} s\n`,
  );
  const cameras = cameraIds(CAMERAS);
  const dayOf = (sample: number) => {
    const fromUs = GENERATED_START_US + ((sample * 7) % days) * DAY_US;
    return { fromUs, toUs: fromUs + DAY_US, bucketUs: MINUTE_US };
  };

  const fresh: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const beforeMs = performance.now();
    const reader = createCatalogueReader(path);
    await reader.timeline(cameras, dayOf(i));
    fresh.push(performance.now() - beforeMs);
    await reader.close();
  }
  const reader = createCatalogueReader(path);
  const timed = async (task: (sample: number) => Promise<unknown>, samples = SAMPLES) => {
    const times: number[] = [];
    for (let i = 0; i < samples; i++) {
      const beforeMs = performance.now();
      await task(i);
      times.push(performance.now() - beforeMs);
    }
    return times;
  };
  const warm = await timed((i) => reader.timeline(cameras, dayOf(i)));
  const minute = await timed((i) => {
    const { fromUs } = dayOf(i);
    return reader.timeline(cameras, { fromUs, toUs: fromUs + 10 * MINUTE_US, bucketUs: SECOND_US });
  });
  const main = { camera: cameras[4]!, stream: 'main' } as const;
  const listing = await timed((i) => reader.segmentsIn(main, { ...dayOf(i), limit: 2000 }));
  // The peer: the same listing by somebody who keeps the blobs in the row that is listed.
  const withBlobs = listingWithBlobs(path, dayOf);
  const at = await timed(
    (i) => reader.segmentAt(main, GENERATED_START_US + ((i * 7919) % (days * 1440)) * MINUTE_US + 5),
    500,
  );
  const gops = await timed(async (i) => {
    const one = await reader.segmentAt(
      main,
      GENERATED_START_US + ((i * 104_729) % (days * 1440)) * MINUTE_US + 5,
    );
    return one && reader.gopsOf(one.segment);
  }, 200);

  const presence = walkRegister(reader);
  process.stderr.write('making the files …\n');
  makeFiles(vault, generatedSegments({ cameras: CAMERAS, streams: ['main', 'sub'], days }));
  const walked = await measurePresence(vault, reader);
  await reader.close();
  const bytes = statSync(path).size;
  return [
    limit('timeline of a day, 13 cameras, fresh connection, p50', median(fresh), 'ms', 50),
    limit('timeline of a day, 13 cameras, warm, p50', median(warm), 'ms', 50),
    limit('timeline of ten minutes by the second, 13 cameras, p50', median(minute), 'ms', 50),
    {
      ...limit('listing of a stream’s day, p50', median(listing), 'ms', 20),
      reference: withBlobs,
      ratio: round(median(listing) / withBlobs),
    },
    limit('segment at an instant, p50', median(at), 'ms', 1),
    limit('segment at an instant with its GOP index, p50', median(gops), 'ms', 2),
    limit('register of every file, walked', presence.seconds, 's', 60),
    limit('memory grown while walking it', presence.grownMiB, 'MiB', 64),
    limit('presence check, files against register', walked.checkSeconds, 's', 60),
    limit('the same at the recorder’s start', walked.startSeconds, 's', 60),
    limit('memory grown during the presence check', walked.grownMiB, 'MiB', 64),
    limit('findings of the presence check', walked.findings, '', 0),
    {
      figure: 'segments',
      value: segments,
      unit: '',
      target: `= ${presence.files} in the register`,
      holds: segments === presence.files,
    },
    {
      figure: 'database',
      value: round(bytes / MIB),
      unit: 'MiB',
      target: '<= 6 KiB per segment',
      holds: bytes / segments <= 6144,
    },
  ];
}

/** Memory counts from the tenth part of the walk on: what grows after that grows with the number of files. */
function walkRegister({ register }: ReturnType<typeof createCatalogueReader>) {
  const beforeMs = performance.now();
  const days = [...register.cameraDays()];
  let startBytes = 0;
  let mostBytes = 0;
  let files = 0;
  for (const [i, { camera, day }] of days.entries()) {
    files += register.filesOf(camera, day).length;
    const bytes = process.memoryUsage.rss();
    if (i <= days.length / 10) startBytes = Math.max(startBytes, bytes);
    mostBytes = Math.max(mostBytes, bytes);
  }
  const seconds = (performance.now() - beforeMs) / 1000;
  return { files, seconds, grownMiB: (mostBytes - startBytes) / MIB };
}

function listingWithBlobs(path: string, dayOf: (sample: number) => { fromUs: number; toUs: number }): number {
  const db = openDatabase({ path, readonly: true, synchronous: 'full' });
  const list = db.prepare(`
    select segment.*, segment_detail.* from segment join segment_detail on segment_detail.segment = segment.key
    where segment.stream = (select key from stream where camera = 'cam05' and kind = 'main')
      and start_us >= ? and start_us < ?`);
  const times = Array.from({ length: 20 }, (_, i) => {
    const { fromUs, toUs } = dayOf(i);
    const beforeMs = performance.now();
    list.all(fromUs, toUs);
    return performance.now() - beforeMs;
  });
  db.close();
  return round(median(times));
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const round = (value: number) => Math.round(value * 1000) / 1000;
const limit = (figure: string, value: number, unit: string, most: number): Figure => ({
  figure,
  value: round(value),
  unit,
  target: `<= ${most} ${unit}`,
  holds: value <= most,
});
