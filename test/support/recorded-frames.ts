import { join } from 'node:path';
import { type FrameStamp, stampsOfSample } from '../../demo/sei.ts';
import { type CatalogueReader, createCatalogueReader } from '../../src/catalogue/reader.ts';
import type { SegmentEntry } from '../../src/catalogue/segments.ts';
import { openCatalogueForReading } from '../../src/db/catalogue/open.ts';
import type { CameraId, StreamKind, StreamRef } from '../../src/lib/ids.ts';
import { parseFragment } from '../../src/media/fmp4/parse-fragment.ts';
import { checkVault, type Finding } from '../../src/vault/check.ts';
import { openSegment } from '../../src/vault/segment-reader.ts';
import { createFolderStore } from '../../src/vault/segment-store.ts';
import { type WalkedPiece, walkPieces } from '../../src/vault/walk-pieces.ts';
import { keyringOf } from './keyring-of.ts';
import type { RecorderHome } from './recorder-home.ts';

/** One coded picture as it came back out of the vault. */
export interface RecordedFrame {
  /** The simulated camera's own number and time; absent with any other camera. */
  readonly stamp: FrameStamp | undefined;
  /** Wall clock that the recorder gave it, µs UTC. */
  readonly wallUs: number;
  readonly durationUs: number;
  readonly keyFrame: boolean;
  readonly entry: SegmentEntry;
  /** NAL units behind 4-byte lengths. */
  readonly sample: Buffer;
}

export interface Gap {
  readonly fromUs: number;
  /** null: still open. */
  readonly toUs: number | null;
  readonly cause: string;
  readonly detail: string;
}

/** What a recorder left behind, read back by the ways that playback and checks use. */
export interface Recordings {
  readonly reader: CatalogueReader;
  segments(camera: string, stream?: StreamKind): Promise<SegmentEntry[]>;
  pieces(entry: SegmentEntry): AsyncGenerator<WalkedPiece>;
  frames(camera: string, stream?: StreamKind): AsyncGenerator<RecordedFrame>;
  stamps(camera: string, stream?: StreamKind): Promise<FrameStamp[]>;
  gaps(camera: string, stream?: StreamKind): Promise<Gap[]>;
  /** Why each run ended, in order; null: it has not. */
  runEnds(camera: string, stream?: StreamKind): Promise<(string | null)[]>;
  check(level: 'presence' | 'full'): Promise<{ files: number; findings: Finding[] }>;
  close(): Promise<void>;
}

const ALWAYS = { fromUs: 0, toUs: 4_000_000_000_000_000, limit: 1_000_000 };

/** @param home of a recorder that has ended, or still runs */
export function openRecordings(home: RecorderHome): Recordings {
  const keys = keyringOf(home, { readonly: true });
  const store = createFolderStore(join(home.storage, 'vault'));
  const reader = createCatalogueReader(join(home.storage, 'catalogue.db'));
  // The gap rows as they are; the reader shows them only where no footage covers them.
  const catalogue = openCatalogueForReading(join(home.storage, 'catalogue.db'));
  const ref = (camera: string, stream: StreamKind): StreamRef => ({ camera: camera as CameraId, stream });

  async function* pieces(entry: SegmentEntry): AsyncGenerator<WalkedPiece> {
    const whole = entry.state === 'sealed' ? {} : { chunks: entry.chunks };
    const segment = await openSegment({ store, keys }, entry.file, whole);
    try {
      yield* walkPieces(segment);
    } finally {
      await segment.close();
    }
  }

  async function* frames(camera: string, stream: StreamKind = 'main'): AsyncGenerator<RecordedFrame> {
    for (const entry of await reader.segmentsIn(ref(camera, stream), ALWAYS)) {
      for await (const piece of pieces(entry))
        if (piece.kind === 'fragment') yield* framesOf(piece.data, entry);
    }
  }

  return {
    reader,
    segments: (camera, stream = 'main') => reader.segmentsIn(ref(camera, stream), ALWAYS),
    pieces,
    frames,
    async stamps(camera, stream) {
      const stamps: FrameStamp[] = [];
      for await (const { stamp, entry } of frames(camera, stream)) {
        if (!stamp) throw new Error(`a frame without its number in ${entry.file}`);
        stamps.push(stamp);
      }
      return stamps;
    },
    gaps: (camera, stream = 'main') =>
      catalogue.query
        .selectFrom('gap')
        .innerJoin('stream', 'stream.key', 'gap.stream')
        .where('stream.camera', '=', camera)
        .where('stream.kind', '=', stream)
        .orderBy('gap.key')
        .select(['gap.from_us as fromUs', 'gap.to_us as toUs', 'gap.cause', 'gap.detail'])
        .execute(),
    async runEnds(camera, stream = 'main') {
      const rows = await catalogue.query
        .selectFrom('run')
        .innerJoin('stream', 'stream.key', 'run.stream')
        .where('stream.camera', '=', camera)
        .where('stream.kind', '=', stream)
        .orderBy('run.key')
        .select('run.end_cause')
        .execute();
      return rows.map((row) => row.end_cause);
    },
    async check(level) {
      const findings: Finding[] = [];
      const { files } = await checkVault({
        store,
        keys,
        register: reader.register,
        level,
        onFinding: (finding) => findings.push(finding),
      });
      return { files, findings };
    },
    async close() {
      await catalogue.query.destroy();
      await reader.close();
      keys.close();
    },
  };
}

function* framesOf(fragment: Buffer, entry: SegmentEntry): Generator<RecordedFrame> {
  const facts = parseFragment(fragment);
  const codec = entry.codec.startsWith('avc') ? 'h264' : 'h265';
  let ticks = 0;
  for (const { offset, bytes, durationTicks, keyFrame } of facts.samples) {
    const sample = fragment.subarray(offset, offset + bytes);
    yield {
      stamp: stampsOfSample(codec, sample)[0],
      wallUs: (facts.wallUs ?? 0) + (ticks * 1e6) / entry.timescale,
      durationUs: (durationTicks * 1e6) / entry.timescale,
      keyFrame,
      entry,
      sample,
    };
    ticks += durationTicks;
  }
}
