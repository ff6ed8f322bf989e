import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/lib/clock.ts';
import type { CameraId, SegmentId } from '../src/lib/ids.ts';
import { newId } from '../src/lib/ids.ts';
import { createSiteTime } from '../src/lib/site-time.ts';
import { freeBox } from '../src/vault/boxes.ts';
import { checkVault } from '../src/vault/check.ts';
import { createKeyring } from '../src/vault/keyring.ts';
import { openSegment } from '../src/vault/segment-reader.ts';
import { createFolderStore } from '../src/vault/segment-store.ts';
import { createVault } from '../src/vault/vault.ts';
import { below, type Figure } from './figure.ts';

const FRAGMENT_BYTES = 512 * 1024;
const FRAGMENTS = 400;
const READS = 2000;
const READ_BYTES = 64 * 1024;

/** Sealing against bare AES-256-GCM with SHA-256, random reads, and what the format adds. */
export async function run(): Promise<Figure[]> {
  const storage = await mkdtemp(join(tmpdir(), 'girok-bench-'));
  try {
    return await measure(storage);
  } finally {
    await rm(storage, { recursive: true, force: true });
  }
}

async function measure(storage: string): Promise<Figure[]> {
  const siteTime = createSiteTime('Asia/Seoul');
  const keys = createKeyring({
    folder: join(storage, 'keys'),
    mirrorFolder: join(storage, 'mirror'),
    rootKey: randomBytes(32),
    clock: systemClock,
    siteTime,
    initialise: true,
  });
  const store = createFolderStore(join(storage, 'vault'));
  const vault = createVault({ store, keys, clock: systemClock, siteTime });
  const nowUs = systemClock.utcUs();
  const identity = {
    camera: 'bench' as CameraId,
    stream: 'main' as const,
    day: siteTime.dayOf(nowUs),
    hour: siteTime.hourOf(nowUs),
    segment: newId<SegmentId>(nowUs),
  };
  const facts = {
    run: newId(nowUs),
    startUs: nowUs,
    codec: 'avc1.640028',
    width: 1920,
    height: 1080,
    timescale: 90_000,
    zone: 'Asia/Seoul',
  };
  const box = (type: string, bytes: number) => {
    const made = freeBox(bytes);
    made.write(type, 4, 'latin1');
    randomBytes(bytes - 8).copy(made, 8);
    return made;
  };
  const init = Buffer.concat([box('ftyp', 32), box('moov', 700)]);
  const fragment = Buffer.concat([box('moof', 400), box('mdat', FRAGMENT_BYTES - 400)]);
  const megabytes = (FRAGMENT_BYTES * FRAGMENTS) / 1e6;

  const referenceMs = elapsed(() => bareSealing(fragment));
  let failure: unknown;
  const writer = vault.create(identity, facts, init, {
    durable: () => undefined,
    failed: (error) => {
      failure = error;
    },
  });
  // What one append costs the recorder's loop; the disk works meanwhile.
  const appendMs = await steadily(() => elapsed(() => writer.append(fragment)));
  const sealed = await writer.seal({ endCause: 'bench', endUs: nowUs, frames: FRAGMENTS });
  if (failure) throw failure;

  const file = { store, keys };
  const reader = await openSegment(file, sealed.file);
  const readMs: number[] = [];
  const openMs: number[] = [];
  for (let i = 0; i < READS; i++) {
    const offset = Math.floor(Math.random() * (reader.size - READ_BYTES));
    const beganMs = performance.now();
    await reader.read(offset, READ_BYTES);
    readMs.push(performance.now() - beganMs);
  }
  for (let i = 0; i < READS / 4; i++) {
    const offset = Math.floor(Math.random() * (reader.size - READ_BYTES));
    const beganMs = performance.now();
    const each = await openSegment(file, sealed.file);
    await each.read(offset, READ_BYTES);
    openMs.push(performance.now() - beganMs);
    await each.close();
  }
  await reader.close();
  const { bytes, chunks, ciphertextSha256 } = sealed;
  const row = {
    id: identity.segment,
    file: sealed.file,
    state: 'sealed' as const,
    bytes,
    chunks,
    ciphertextSha256,
  };
  const register = { cameraDays: () => [identity], filesOf: () => [row] };
  const checkBeganMs = performance.now();
  const checked = await checkVault({ ...file, level: 'full', register, onFinding: () => undefined });
  const checkMs = performance.now() - checkBeganMs;
  if (checked.findings > 0) throw new Error('the sealed file does not check');
  vault.close();
  keys.close();

  const sealingMbs = megabytes / (appendMs.reduce((sum, each) => sum + each, 0) / 1000);
  const bareMbs = megabytes / (referenceMs / 1000);
  const overheadPercent = (bytes / (FRAGMENT_BYTES * FRAGMENTS) - 1) * 100;
  return [
    {
      figure: 'sealing, one thread',
      value: round(sealingMbs),
      unit: 'MB/s',
      reference: round(bareMbs),
      ratio: round(sealingMbs / bareMbs),
      target: '>= 0.7 x bare AES-256-GCM and two SHA-256 over the same bytes',
      holds: sealingMbs >= 0.7 * bareMbs,
    },
    below('append of 512 KiB, p99', percentile(appendMs, 0.99), 'ms', 10),
    below('random 64 KiB read, p50', percentile(readMs, 0.5), 'ms', 1),
    below('random 64 KiB read, p99', percentile(readMs, 0.99), 'ms', 5),
    below('open and 64 KiB read, p50', percentile(openMs, 0.5), 'ms', 1),
    below('bytes added by the format', overheadPercent, '%', 0.15),
    {
      figure: 'full check',
      value: round(megabytes / (checkMs / 1000)),
      unit: 'MB/s',
      target: '>= 100 MB/s',
      holds: megabytes / (checkMs / 1000) >= 100,
    },
  ];
}

/** The least that any sealing of these bytes has to do: each chunk encrypted, and both hashes. */
function bareSealing(fragment: Buffer): void {
  const key = randomBytes(32);
  const whole = createHash('sha256');
  for (let i = 0; i < FRAGMENTS; i++) {
    createHash('sha256').update(fragment).digest();
    for (let at = 0; at < fragment.length; at += 16_384) {
      const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12));
      whole.update(cipher.update(fragment.subarray(at, at + 16_384)));
      cipher.final();
    }
  }
}

async function steadily(append: () => number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < FRAGMENTS; i++) {
    took.push(append());
    if (i % 8 === 7) await new Promise((resolve) => setImmediate(resolve));
  }
  return took;
}

function elapsed(work: () => void): number {
  const beganMs = performance.now();
  work();
  return performance.now() - beganMs;
}

const percentile = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(Math.floor(values.length * part), values.length - 1)] ?? 0;

const round = (value: number): number => Math.round(value * 1000) / 1000;
