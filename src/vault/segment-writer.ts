import { GirokError } from '../lib/errors.ts';
import type { MemoryPool } from '../lib/memory-pool.ts';
import { hashLeaf, merkleRoot } from '../lib/merkle.ts';
import { boxTypes } from './boxes.ts';
import { type EvidenceLeaf, hashEvidenceLeaf } from './evidence-leaf.ts';
import { type SegmentFacts, trailerBox } from './header.ts';
import type { SegmentIdentity } from './identity.ts';
import { CHUNK_BYTES } from './layout.ts';
import type { SealedStream } from './sealed-stream.ts';
import type { Durable, Piece, SegmentEvents, SegmentWriter } from './segment.ts';
import type { AppendFile } from './segment-store.ts';

/** What the vault's ticker sees of a writer. */
export interface TickedWriter {
  readonly writer: SegmentWriter;
  readonly syncDueMonoUs: number | undefined;
  /** Seals a residue that came in before `beforeMonoUs`. */
  fillOlderThan(beforeMonoUs: number): void;
  /** @returns whether more became durable */
  sync(): Promise<boolean>;
}

interface WriterDeps {
  readonly monoUs: () => number;
  readonly open: () => Promise<AppendFile>;
  readonly stream: (emit: (sealed: Buffer) => void) => SealedStream;
  /** Where the stream makes its chunks: they go back there when they are written. */
  readonly memory: MemoryPool;
  readonly syncAfterUs: number;
  readonly ended: () => void;
}

export function createSegmentWriter(
  deps: WriterDeps,
  segment: { identity: SegmentIdentity; facts: SegmentFacts; file: string; init: Buffer },
  on: SegmentEvents,
): TickedWriter {
  const { identity, facts, file } = segment;
  let queue: Buffer[] = [];
  let backlogBytes = 0;
  let emittedBytes = 0;
  let slowestWriteMs = 0;
  let handle: AppendFile | undefined;
  let state: 'writing' | 'sealing' | 'ended' = 'writing';
  let failure: { error: unknown } | undefined;
  let chunksWritten = 0;
  let durable: Durable = { chunks: 0, plaintextBytes: 0, atMonoUs: deps.monoUs() };
  let syncing: Promise<boolean> | undefined;
  let flushing: Promise<void> | undefined;
  const pieces: Piece[] = [];
  /** When each stretch of plaintext came in, oldest first; what is durable is dropped. */
  const arrivals: { endOffset: number; monoUs: number }[] = [];
  let residueSinceUs: number | undefined;

  const stream = deps.stream((sealed) => {
    queue.push(sealed);
    backlogBytes += sealed.length;
    emittedBytes += sealed.length;
  });

  const timed = async (work: Promise<void>) => {
    const beganUs = deps.monoUs();
    await work;
    slowestWriteMs = Math.max(slowestWriteMs, (deps.monoUs() - beganUs) / 1000);
  };
  const end = () => {
    if (state === 'ended') return;
    state = 'ended';
    stream.erase();
    queue = [];
    backlogBytes = 0;
    deps.ended();
  };
  const close = async () => {
    const closing = handle;
    handle = undefined;
    // Nothing can be done about a file that does not close, and its content is no longer relied on.
    await closing?.close().catch(() => undefined);
  };
  const fail = (error: unknown) => {
    if (state === 'ended') return;
    const tell = state === 'writing';
    failure = { error };
    end();
    void close();
    if (tell) on.failed(error);
  };

  /** Writes until the queue is empty; one call at a time, everybody waits for the same one. */
  const flush = (): Promise<void> => {
    // With nothing to do it would end before it is assigned, and stand there as if it still ran.
    if (hasEnded() || (handle && queue.length === 0)) return flushing ?? Promise.resolve();
    flushing ??= (async () => {
      try {
        handle ??= await deps.open();
        while (queue.length > 0 && state !== 'ended') {
          const batch = queue;
          const chunks = stream.chunks;
          queue = [];
          await timed(handle.append(batch));
          // Ended meanwhile: the handle is ours to close.
          if (hasEnded()) break;
          for (const part of batch) {
            backlogBytes -= part.length;
            deps.memory.give(part);
          }
          chunksWritten = chunks;
        }
        if (hasEnded()) await close();
      } catch (error) {
        fail(error);
      } finally {
        flushing = undefined;
      }
    })();
    return flushing;
  };
  const hasEnded = () => state === 'ended';
  const throwFailure = () => {
    if (failure) throw failure.error;
  };

  const sync = (): Promise<boolean> => {
    syncing ??= (async () => {
      try {
        await flush();
        const chunks = chunksWritten;
        if (state !== 'writing' || !handle || chunks === durable.chunks) return false;
        await timed(handle.datasync());
        if (hasEnded()) return false;
        durable = { chunks, plaintextBytes: chunks * CHUNK_BYTES, atMonoUs: deps.monoUs() };
        while (arrivals[0] && arrivals[0].endOffset <= durable.plaintextBytes) arrivals.shift();
        on.durable(durable);
        return true;
      } catch (error) {
        fail(error);
        return false;
      } finally {
        syncing = undefined;
      }
    })();
    return syncing;
  };

  const take = (data: Buffer): Piece => {
    const nowUs = deps.monoUs();
    const piece = { offset: stream.plaintextBytes, bytes: data.length, sha256: hashLeaf(data) };
    const chunksBefore = stream.chunks;
    stream.append(data);
    if (stream.residueBytes === 0) residueSinceUs = undefined;
    else if (stream.chunks > chunksBefore || residueSinceUs === undefined) residueSinceUs = nowUs;
    arrivals.push({ endOffset: stream.plaintextBytes, monoUs: nowUs });
    pieces.push(piece);
    if (queue.length > 0) void flush();
    return piece;
  };

  const init = take(segment.init);
  // Not only for the init piece: the file has to appear even when nothing follows.
  void flush();

  const writer: SegmentWriter = {
    file,
    init,
    append(fragment) {
      if (state !== 'writing') throw new GirokError('internal', { file, append: 'after the end' });
      const types = boxTypes(fragment)?.join(' ');
      if (types !== 'moof mdat' && types !== 'prft moof mdat') {
        throw new GirokError('internal', { file, fragment: types ?? 'no boxes' });
      }
      return take(fragment);
    },
    get backlogBytes() {
      return backlogBytes;
    },
    get slowestWriteMs() {
      return slowestWriteMs;
    },
    get durable() {
      return durable;
    },
    get oldestUnsyncedMonoUs() {
      return arrivals[0]?.monoUs;
    },
    async seal(trailer) {
      throwFailure();
      if (state !== 'writing') throw new GirokError('internal', { file, seal: 'after the end' });
      state = 'sealing';
      stream.append(trailerBox(trailer));
      const ciphertextSha256 = stream.finish();
      await flush();
      await syncing;
      try {
        await handle?.sync();
      } catch (error) {
        fail(error);
      }
      throwFailure();
      // Abandoned while it was being sealed.
      if (hasEnded()) throw new GirokError('segment_unreadable', { file, reason: 'abandoned' });
      end();
      await close();
      arrivals.length = 0;
      const fragmentsRoot = merkleRoot(pieces.map((piece) => piece.sha256));
      const { camera, stream: kind, day, segment: id } = identity;
      const leaf: EvidenceLeaf = {
        v: 1,
        camera,
        stream: kind,
        day,
        segment: id,
        startUs: facts.startUs,
        endUs: trailer.endUs,
        chunks: stream.chunks,
        ciphertextSha256: ciphertextSha256.toString('hex'),
        fragmentsRoot: fragmentsRoot.toString('hex'),
      };
      const leafHash = hashEvidenceLeaf(leaf);
      const { chunks } = stream;
      durable = { chunks, plaintextBytes: stream.plaintextBytes, atMonoUs: deps.monoUs() };
      return { file, bytes: emittedBytes, chunks, ciphertextSha256, pieces, fragmentsRoot, leaf, leafHash };
    },
    abandon() {
      end();
      if (!flushing && !syncing) void close();
      else void Promise.allSettled([flushing, syncing]).then(close);
    },
  };

  return {
    writer,
    get syncDueMonoUs() {
      return arrivals[0] && state === 'writing' ? arrivals[0].monoUs + deps.syncAfterUs : undefined;
    },
    fillOlderThan(beforeMonoUs) {
      if (state !== 'writing' || residueSinceUs === undefined || residueSinceUs > beforeMonoUs) return;
      stream.fill();
      residueSinceUs = undefined;
      void flush();
    },
    sync,
  };
}
