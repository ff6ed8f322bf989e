import { createHash, randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '../../../src/lib/clock.ts';
import { GirokError } from '../../../src/lib/errors.ts';
import type { CameraId, SegmentId, StreamKind } from '../../../src/lib/ids.ts';
import { createSiteTime, type LocalDay } from '../../../src/lib/site-time.ts';
import { freeBox } from '../../../src/vault/boxes.ts';
import type { SegmentFacts } from '../../../src/vault/header.ts';
import type { SegmentIdentity } from '../../../src/vault/identity.ts';
import type { AppendFile, SegmentStore } from '../../../src/vault/segment-store.ts';
import { createVault } from '../../../src/vault/vault.ts';

/** A clock that stands still until it is moved; timers fire on the way. */
export function createStillClock(startUs = Date.parse('2026-11-22T03:00:00Z') * 1000) {
  let nowUs = 0;
  const timers = new Set<{ atUs: number; periodUs?: number; task: () => void }>();
  const schedule = (delayMs: number, task: () => void, periodMs?: number): Cancel => {
    const timer = { atUs: nowUs + delayMs * 1000, task, ...(periodMs && { periodUs: periodMs * 1000 }) };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const clock: Clock = {
    utcUs: () => startUs + nowUs,
    monoUs: () => nowUs,
    after: (delayMs, task) => schedule(delayMs, task),
    every: (periodMs, task) => schedule(periodMs, task, periodMs),
  };
  /** Moves on in steps of 10 ms and lets everything that was started in each step come to rest. */
  const advance = async (ms: number) => {
    for (const endUs = nowUs + ms * 1000; nowUs < endUs; ) {
      nowUs = Math.min(nowUs + 10_000, endUs);
      for (const timer of [...timers].filter((each) => each.atUs <= nowUs)) {
        if (timer.periodUs) timer.atUs += timer.periodUs;
        else timers.delete(timer);
        timer.task();
      }
      await settle();
    }
  };
  return { clock, advance };
}

export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Files in memory; `synced` is what a power cut would leave of each. */
export function createMemoryStore() {
  const files = new Map<string, Buffer>();
  const synced = new Map<string, number>();
  const syncs: { file: string; kind: 'data' | 'full' }[] = [];
  /** Set to make the next calls of that kind fail. */
  const faults: { create?: Error; append?: Error; sync?: Error } = {};
  const closed: string[] = [];
  const store: SegmentStore = {
    async create(file) {
      if (faults.create) throw faults.create;
      if (files.has(file)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
      files.set(file, Buffer.alloc(0));
      return {
        async append(pieces) {
          if (faults.append) throw faults.append;
          files.set(file, Buffer.concat([files.get(file)!, ...pieces]));
        },
        async datasync() {
          syncs.push({ file, kind: 'data' });
          if (faults.sync) throw faults.sync;
          synced.set(file, files.get(file)!.length);
        },
        async sync() {
          syncs.push({ file, kind: 'full' });
          if (faults.sync) throw faults.sync;
          synced.set(file, files.get(file)!.length);
        },
        async close() {
          closed.push(file);
        },
      } satisfies AppendFile;
    },
    async open(file) {
      const bytes = files.get(file);
      if (!bytes) throw Object.assign(new Error('absent'), { code: 'ENOENT' });
      return {
        bytes: bytes.length,
        read: async (target, position) => bytes.copy(target, 0, position, position + target.length),
        close: async () => undefined,
      };
    },
    bytesOf: async (file) => files.get(file)?.length,
    async discardStub(file) {
      return files.delete(file);
    },
    async list(folder) {
      const depth = folder === '' ? 0 : folder.split('/').length;
      const inside = [...files.keys()].filter((file) => folder === '' || file.startsWith(`${folder}/`));
      return inside.length ? [...new Set(inside.map((file) => file.split('/')[depth]!))] : undefined;
    },
  };
  return { store, files, synced, syncs, faults, closed };
}

/** Hour keys that come out of the hour's name, for tests that are not about the keyring. */
export const plainKeys = {
  sealingKey: (camera: CameraId, day: LocalDay, hour: number) =>
    createHash('sha256').update(`${camera}|${day}|${hour}`).digest(),
  hourKey(camera: CameraId, day: LocalDay, hour: number) {
    if (day < '2026-01-01') throw new GirokError('key_missing', { camera, day, hour });
    return plainKeys.sealingKey(camera, day, hour);
  },
};

export const siteTime = createSiteTime('Asia/Seoul');
let serial = 0;

export function identityOf(part: { camera?: string; stream?: StreamKind; day?: string; hour?: number } = {}) {
  serial += 1;
  const identity: SegmentIdentity = {
    camera: (part.camera ?? 'lobby') as CameraId,
    stream: part.stream ?? 'main',
    day: (part.day ?? '2026-11-22') as LocalDay,
    hour: part.hour ?? 12,
    segment: serial.toString().padStart(16, '0') as SegmentId,
  };
  return identity;
}

export const facts: SegmentFacts = {
  run: '0000000000000run'.replaceAll('u', 'v'),
  startUs: Date.parse('2026-11-22T03:04:05Z') * 1000,
  codec: 'avc1.640028',
  width: 1920,
  height: 1080,
  timescale: 90_000,
  zone: 'Asia/Seoul',
};

export const trailer = { endCause: 'rotation', endUs: facts.startUs + 60_000_000, frames: 900 };

const box = (type: string, bytes: number) => {
  const made = freeBox(Math.max(bytes, 8));
  made.write(type, 4, 'latin1');
  randomBytes(made.length - 8).copy(made, 8);
  return made;
};

export const initBytes = (bytes = 700) => Buffer.concat([box('ftyp', 32), box('moov', bytes)]);

/** A fragment of random content with `bytes` of media. */
export const fragmentBytes = (bytes: number, withClock = false) =>
  Buffer.concat([...(withClock ? [box('prft', 32)] : []), box('moof', 120), box('mdat', bytes + 8)]);

/** A vault over memory with a clock to move, and one finished segment made of `sizes`. */
export function createSealingRoom() {
  const { clock, advance } = createStillClock();
  const memory = createMemoryStore();
  const vault = createVault({ store: memory.store, keys: plainKeys, clock, siteTime });
  const reading = { store: memory.store, keys: plainKeys };
  const salvaging = { ...reading, factsOf: () => ({ mediaStart: 0, durationTicks: 90_000 }) };

  const begin = (identity = identityOf(), init = initBytes()) => {
    const failures: unknown[] = [];
    const progress: { chunks: number; plaintextBytes: number; atMonoUs: number }[] = [];
    const writer = vault.create(identity, facts, init, {
      durable: (durable) => progress.push(durable),
      failed: (error) => failures.push(error),
    });
    return { writer, failures, progress, identity };
  };
  const record = async (sizes: readonly number[], identity = identityOf()) => {
    const { writer } = begin(identity);
    const fragments = sizes.map((size) => fragmentBytes(size));
    const placed = fragments.map((fragment) => writer.append(fragment));
    const sealed = await writer.seal(trailer);
    return { sealed, fragments, placed, identity };
  };
  return { clock, advance, ...memory, vault, reading, salvaging, begin, record };
}
