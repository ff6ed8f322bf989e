import { GirokError, systemCode } from '../lib/errors.ts';
import type { CameraId } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';
import { commits, deriveSecrets, openChunk, type SegmentSecrets } from './chunked.ts';
import { contextOf, LAST_HOUR, type NamedSegment, parseFile, type SegmentIdentity } from './identity.ts';
import {
  CHUNK_BYTES,
  chunkPosition,
  layoutOf,
  PREAMBLE_BYTES,
  SALT_BYTES,
  SEALED_CHUNK_BYTES,
} from './layout.ts';
import type { ReadFile, SegmentStore } from './segment-store.ts';

/** Where readers get keys. The result is the caller's to erase. */
export interface OpeningKeys {
  /** @throws GirokError `key_missing` when the hour has no key (any more) */
  hourKey(camera: CameraId, day: LocalDay, hour: number): Buffer;
}

export interface ReaderDeps {
  readonly store: SegmentStore;
  readonly keys: OpeningKeys;
}

export interface OpenOptions {
  /** For `open` and `recovered` segments: exactly these whole chunks exist. Without it the file must be sealed. */
  readonly chunks?: number;
}

export interface SegmentReader {
  readonly file: string;
  /** As the path and the commitment prove it, the hour included. */
  readonly identity: SegmentIdentity;
  /** Ends in its own final chunk. */
  readonly sealed: boolean;
  readonly chunks: number;
  /** Plaintext bytes. */
  readonly size: number;
  /**
   * Any range of the plaintext, with one read of the file and only the chunks that it touches opened.
   * @throws RangeError beyond `size`; GirokError `segment_damaged` {file, chunk}
   */
  read(offset: number, length: number): Promise<Buffer>;
  /** Erases the keys. Reads still running fail. */
  close(): Promise<void>;
}

/**
 * @param file relative to the vault's folder
 * @throws GirokError `segment_unreadable` (absent, no segment's name), `key_missing`, `segment_damaged`
 */
export async function openSegment(
  deps: ReaderDeps,
  file: string,
  options: OpenOptions = {},
): Promise<SegmentReader> {
  const { data, identity, secrets } = await unlockFile(deps, file);
  try {
    const { chunks, size } = extentOf(file, data.bytes, options);
    const reader = createReader(file, data, identity, secrets, chunks, size, options.chunks === undefined);
    // The final chunk is what proves the length: opened now, so that a cut is noticed whatever is read later.
    if (reader.sealed) await reader.read(Math.max(size - (size % CHUNK_BYTES), 0), size % CHUNK_BYTES);
    return reader;
  } catch (error) {
    secrets.erase();
    await data.close();
    throw error;
  }
}

/** A file whose commitment has been checked. Both members are the caller's to close and to erase. */
export interface UnlockedFile {
  readonly data: ReadFile;
  readonly identity: SegmentIdentity;
  readonly secrets: SegmentSecrets;
  readonly preamble: Buffer;
}

/** Finds the hour by the commitment: the path does not name it, and no second hour can match. */
export async function unlockFile(deps: ReaderDeps, file: string): Promise<UnlockedFile> {
  const named = parseFile(file);
  if (!named) throw new GirokError('segment_unreadable', { file, reason: 'name' });
  const data = await openFile(deps.store, file);
  try {
    const preamble = Buffer.alloc(PREAMBLE_BYTES);
    if ((await data.read(preamble, 0)) < PREAMBLE_BYTES) {
      throw new GirokError('segment_damaged', { file, reason: 'length' });
    }
    const { identity, secrets } = findHour(deps.keys, named, preamble, file);
    return { data, identity, secrets, preamble };
  } catch (error) {
    await data.close();
    throw error;
  }
}

async function openFile(store: SegmentStore, file: string): Promise<ReadFile> {
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const reason = systemCode(error) ?? 'unknown';
      throw new GirokError('segment_unreadable', { file, reason }, { cause: error });
    }
  };
  const data = await guard(() => store.open(file));
  return { ...data, read: (target, position) => guard(() => data.read(target, position)) };
}

function findHour(keys: OpeningKeys, named: NamedSegment, preamble: Buffer, file: string) {
  const { camera, stream, day, segment, hhmmss } = named;
  const salt = preamble.subarray(0, SALT_BYTES);
  let found = 0;
  for (const hour of hoursByLikelihood(hhmmss)) {
    const hourKey = keyOrNone(keys, camera, day, hour);
    if (!hourKey) continue;
    found += 1;
    const identity: SegmentIdentity = { camera, stream, day, hour, segment };
    const secrets = deriveSecrets(hourKey, salt, contextOf(identity));
    hourKey.fill(0);
    if (commits(secrets, preamble)) return { identity, secrets };
    secrets.erase();
  }
  if (found === 0) throw new GirokError('key_missing', { file, camera, day });
  throw new GirokError('segment_damaged', { file, reason: 'commitment' });
}

/** On most days the hour is the clock's; before midnight it is the next day's first. The others cost little. */
function hoursByLikelihood(hhmmss: string): number[] {
  const all = Array.from({ length: LAST_HOUR + 1 }, (_, hour) => hour);
  const clock = Number(hhmmss.slice(0, 2));
  return [...new Set([clock, 0, clock - 1, clock + 1, ...all])].filter((hour) => all.includes(hour));
}

function keyOrNone(keys: OpeningKeys, camera: CameraId, day: LocalDay, hour: number): Buffer | undefined {
  try {
    return keys.hourKey(camera, day, hour);
  } catch (error) {
    if (error instanceof GirokError && error.code === 'key_missing') return undefined;
    throw error;
  }
}

function extentOf(
  file: string,
  fileBytes: number,
  { chunks }: OpenOptions,
): { chunks: number; size: number } {
  if (chunks === undefined) {
    const layout = layoutOf(fileBytes);
    if (!layout) throw new GirokError('segment_damaged', { file, reason: 'length', bytes: fileBytes });
    return { chunks: layout.chunks, size: layout.plaintextBytes };
  }
  if (fileBytes < chunkPosition(chunks)) {
    throw new GirokError('segment_damaged', { file, reason: 'length', bytes: fileBytes, chunks });
  }
  return { chunks, size: chunks * CHUNK_BYTES };
}

function createReader(
  file: string,
  data: ReadFile,
  identity: SegmentIdentity,
  secrets: SegmentSecrets,
  chunks: number,
  size: number,
  sealed: boolean,
): SegmentReader {
  let closed = false;
  /** Heads of boxes are read one by one, and many lie in the same chunk. */
  let lastOpened: { readonly chunk: number; readonly plain: Buffer } | undefined;
  const lastByte = sealed ? data.bytes : chunkPosition(chunks);
  return {
    file,
    identity,
    sealed,
    chunks,
    size,
    async read(offset, length) {
      if (
        !Number.isInteger(offset) ||
        !Number.isInteger(length) ||
        offset < 0 ||
        length < 0 ||
        offset + length > size
      ) {
        throw new RangeError(`no bytes ${offset}+${length} in ${size}`);
      }
      const first = Math.floor(offset / CHUNK_BYTES);
      // An empty range still opens the chunk it stands in: that is how an empty final chunk is checked.
      const last = Math.min(Math.floor((offset + Math.max(length, 1) - 1) / CHUNK_BYTES), chunks - 1);
      if (lastOpened?.chunk === first && first === last) {
        const start = offset - first * CHUNK_BYTES;
        return Buffer.from(lastOpened.plain.subarray(start, start + length));
      }
      const from = chunkPosition(first);
      const raw = Buffer.allocUnsafe(Math.max(Math.min(chunkPosition(last + 1), lastByte) - from, 0));
      if ((await data.read(raw, from)) < raw.length)
        throw new GirokError('segment_damaged', { file, reason: 'length' });
      if (closed) throw new GirokError('segment_unreadable', { file, reason: 'closed' });
      const out = Buffer.allocUnsafe(length);
      for (let chunk = first; chunk <= last; chunk++) {
        const at = (chunk - first) * SEALED_CHUNK_BYTES;
        const plain = openChunk(secrets, chunk, raw.subarray(at, at + SEALED_CHUNK_BYTES));
        if (!plain) throw new GirokError('segment_damaged', { file, chunk });
        const start = chunk * CHUNK_BYTES;
        plain.copy(out, Math.max(start - offset, 0), Math.max(offset - start, 0), offset + length - start);
        lastOpened = { chunk, plain };
      }
      return out;
    },
    async close() {
      if (closed) return;
      closed = true;
      lastOpened?.plain.fill(0);
      lastOpened = undefined;
      secrets.erase();
      await data.close();
    },
  };
}
