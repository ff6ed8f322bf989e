import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CatalogueReader, createCatalogueReader } from '../src/catalogue/reader.ts';
import { openSiteForWriting } from '../src/db/site/open.ts';
import { createLedger } from '../src/ledger/ledger.ts';
import { openLog } from '../src/ledger/log.ts';
import { DAY_US, MINUTE_US, SECOND_US } from '../src/lib/clock.ts';
import { newId } from '../src/lib/ids.ts';
import { createSiteTime } from '../src/lib/site-time.ts';
import { createKeyring, type Keyring } from '../src/vault/keyring.ts';
import { createPersonalSealing } from '../src/vault/personal-keys.ts';
import { createFolderStore } from '../src/vault/segment-store.ts';
import { createVault } from '../src/vault/vault.ts';
import { createGate } from '../src/viewing/gate.ts';
import { createGrants } from '../src/viewing/grants.ts';
import { createPlayback } from '../src/viewing/playback.ts';
import { createViewingWriting } from '../src/viewing/writing.ts';
import { fragmentBytes, initSegment } from '../test/support/fragments.ts';
import { createManualClock } from '../test/support/manual-clock.ts';
import type { Figure } from './figure.ts';
import {
  cameraIds,
  GENERATED_START_US,
  type GeneratedSegment,
  generateCatalogue,
  generatedSegments,
} from './support/generate-catalogue.ts';

const CAMERAS = 13;
const FULL_DAYS = 30;
const SAMPLES = 120;
const WEEK_US = 7 * DAY_US;
const MOST_MS = 50;

/**
 * The way from a person's click to the first byte: gate, catalogue, keyring, file, with the catalogue of thirty days of
 * 13 cameras and two streams. GIROK_BENCH_SCALE (0 … 1) shortens the days; GIROK_BENCH_FOLDER is where it is made.
 */
export async function run(): Promise<Figure[]> {
  const days = Math.max(1, Math.round(FULL_DAYS * Number(process.env.GIROK_BENCH_SCALE ?? 1)));
  const folder = mkdtempSync(join(process.env.GIROK_BENCH_FOLDER ?? tmpdir(), 'girok-bench-playback-'));
  try {
    return await measure(folder, days);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, days: number): Promise<Figure[]> {
  const path = join(folder, 'catalogue.db');
  generateCatalogue({ path, cameras: CAMERAS, streams: ['main', 'sub'], days });
  const reader = createCatalogueReader(path);
  const clock = createManualClock(GENERATED_START_US + (days + 1) * DAY_US);
  const siteTime = createSiteTime('Asia/Seoul');
  const rootKey = randomBytes(32);
  const keyring = createKeyring({
    folder: join(folder, 'keys'),
    mirrorFolder: join(folder, 'mirror'),
    rootKey,
    clock,
    siteTime,
    initialise: true,
  });
  const samples = pick(days);
  const vault = join(folder, 'vault');
  mkdirSync(vault);
  await makeFiles({ vault, samples, reader, keyring, clock });

  const db = openSiteForWriting(join(folder, 'site.db'));
  openLog(db, { site: 'bench', rootKey, clock });
  const ledger = createLedger({ db, clock, personal: createPersonalSealing(keyring, siteTime) });
  const writing = createViewingWriting({
    ledger,
    alarms: { raise: () => undefined, clear: () => undefined },
  });
  const cameras = cameraIds(CAMERAS);
  const rules = {
    purposes: new Set(['CRIME_PREVENTION']),
    camera: (id: string) => ({ id, zone: 'public' as const, purposes: ['CRIME_PREVENTION'] }),
  };
  const deps = { writing, db, clock, rules };
  const grants = createGrants(deps);
  const gate = createGate({ ...deps, failed: (error) => process.stderr.write(`${String(error)}\n`) });
  const guard = {
    account: 'guard',
    role: 'security' as const,
    state: 'active' as const,
    rights: [{ id: 'r', actions: ['playback' as const], cameras, fromUs: 0 }],
    session: {
      endsUs: Number.MAX_SAFE_INTEGER,
      factor: true,
      outside: false,
      mustChangePassword: false,
      provenUs: 0,
    },
  };
  const weeks = Array.from({ length: Math.ceil(days / 7) }, (_, week) => {
    const fromUs = GENERATED_START_US + week * WEEK_US;
    const range = { fromUs, toUs: fromUs + WEEK_US };
    const asking = { kind: 'recorded', purpose: 'CRIME_PREVENTION', reason: 'measuring playback' } as const;
    return grants.open(guard, { ...asking, cameras, range }, { viewer: 'guard', terminal: 'bench' }).viewing;
  });
  const playback = createPlayback({
    gate,
    catalogue: reader,
    store: createFolderStore(vault),
    keyring,
    clock,
  });
  const askedFor = ({ camera, stream, startUs }: GeneratedSegment) => ({
    principal: () => guard,
    viewing: weeks[Math.floor((startUs - GENERATED_START_US) / WEEK_US)] ?? '',
    camera,
    stream,
  });

  const [firstByte, playlists, timelines]: number[][] = [[], [], []];
  let beginsMs = 0;
  for (const { one, gop } of samples) {
    beginsMs = performance.now();
    const { body } = await playback.mediaSegment(askedFor(one), `${one.segment}-${gop}`);
    await new Promise((resolve) => body.once('readable', resolve));
    firstByte?.push(performance.now() - beginsMs);
    body.destroy();

    beginsMs = performance.now();
    const fromUs = one.startUs + gop * SECOND_US;
    await playback.playlist(askedFor(one), { fromUs, toUs: fromUs + 15 * MINUTE_US });
    playlists?.push(performance.now() - beginsMs);
  }
  for (let day = 0; day < Math.min(days, 20); day++) {
    const fromUs = GENERATED_START_US + day * DAY_US;
    beginsMs = performance.now();
    await playback.timeline(cameras, { fromUs, toUs: fromUs + DAY_US, bucketUs: MINUTE_US });
    timelines?.push(performance.now() - beginsMs);
  }
  gate.stop();
  playback.close();
  await reader.close();
  db.close();
  keyring.close();
  return [
    limit('first byte at a random instant, through the gate, p50', at(firstByte, 0.5)),
    limit('the same, p95', at(firstByte, 0.95)),
    limit('playlist of 15 minutes at a random instant, p95', at(playlists, 0.95)),
    limit('timeline of a day, 13 cameras, p50', at(timelines, 0.5)),
  ];
}

interface Sample {
  readonly one: GeneratedSegment;
  readonly gop: number;
}

/** The same ones each time, spread over cameras, streams and days. */
function pick(days: number): Sample[] {
  const total = CAMERAS * 2 * days * 1440;
  const wanted = new Map(
    Array.from({ length: SAMPLES }, (_, i) => [
      Math.floor((i * 0.618_033_988_75 * total) % total),
      (i * 37) % 58,
    ]),
  );
  const samples: Sample[] = [];
  let index = 0;
  for (const one of generatedSegments({ cameras: CAMERAS, streams: ['main', 'sub'], days })) {
    const gop = wanted.get(index++);
    if (gop !== undefined) samples.push({ one, gop });
  }
  return samples;
}

/** Sealed files as far as they will be read, and none of them in the system's memory any more. */
async function makeFiles(of: {
  vault: string;
  samples: readonly Sample[];
  reader: CatalogueReader;
  keyring: Keyring;
  clock: ReturnType<typeof createManualClock>;
}): Promise<void> {
  const siteTime = createSiteTime('Asia/Seoul');
  const init = initSegment();
  const vault = createVault({
    store: createFolderStore(of.vault),
    keys: of.keyring,
    clock: of.clock,
    siteTime,
  });
  for (const { one, gop } of of.samples) {
    const { camera, day, segment, startUs, stream } = one;
    const gops = (await of.reader.gopsOf(segment)) ?? [];
    const wanted = gops[gop];
    if (!wanted) throw new Error(`no group ${gop} in ${one.file}`);
    const writer = vault.create(
      { camera, stream, day, hour: siteTime.hourOf(startUs), segment },
      {
        run: newId(startUs),
        startUs,
        codec: 'avc1.640028',
        width: 1920,
        height: 1080,
        timescale: 90_000,
        zone: siteTime.zone,
      },
      init.bytes,
      {
        durable: () => undefined,
        failed: (error) => {
          throw error;
        },
      },
    );
    for (let bytes = 0, i = 0; bytes < wanted.offset + wanted.bytes; i++) {
      const fragment = fragmentBytes({
        mediaStart: i * 90_000,
        durations: [90_000],
        keyFrame: true,
        firstFrame: randomBytes(500_000),
      });
      writer.append(fragment);
      bytes += fragment.length;
    }
    const { file } = await writer.seal({ endCause: 'rotation', endUs: startUs + MINUTE_US, frames: 60 });
    if (file !== one.file) throw new Error(`${file} is not ${one.file}`);
    execFileSync('dd', [`if=${join(of.vault, file)}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
  }
  vault.close();
}

const at = (values: readonly number[] | undefined, part: number) =>
  [...(values ?? [])].sort((a, b) => a - b)[Math.floor((values?.length ?? 0) * part)] ?? Number.NaN;

const limit = (figure: string, value: number): Figure => ({
  figure,
  value: Math.round(value * 100) / 100,
  unit: 'ms',
  target: `<= ${MOST_MS} ms`,
  holds: value <= MOST_MS,
});
