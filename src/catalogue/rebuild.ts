import type { RunId, SegmentId, StreamRef } from '../lib/ids.ts';
import { streamLabel } from '../lib/ids.ts';
import type { LocalDay } from '../lib/site-time.ts';
import type { FragmentFacts } from '../media/fmp4/fragment-facts.ts';
import { type ActivityMeter, createActivityMeter } from './activity.ts';
import { isRunEndCause, type RunEndCause } from './causes.ts';
import type { SegmentRestoration } from './changes.ts';
import { completionOf } from './completion.ts';
import { createGopBuilder } from './gop-builder.ts';
import type { Piece } from './piece-codec.ts';
import type { CatalogueWriter } from './writer.ts';

/** A segment as its file alone tells it: opened, authenticated and walked by the vault. */
export interface RecoveredSegment {
  readonly header: {
    readonly camera: StreamRef['camera'];
    readonly stream: StreamRef['stream'];
    readonly day: LocalDay;
    readonly hour: number;
    readonly segment: SegmentId;
    readonly run: string;
    readonly startUs: number;
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly timescale: number;
  };
  /** Its path; only the name is kept, camera and day are in the header. */
  readonly file: string;
  readonly state: 'sealed' | 'recovered';
  readonly bytes: number;
  readonly chunks: number;
  readonly ciphertextSha256: Uint8Array;
  readonly fragmentsRoot: Uint8Array;
  readonly leafHash: Uint8Array;
  /** Piece 0 is the init segment, piece n + 1 is fragment n. */
  readonly pieces: readonly Piece[];
  readonly fragments: readonly FragmentFacts[];
  /** Of a sealed segment: why it ended. */
  readonly trailer?: { readonly endCause: string };
}

export interface RebuildProgress {
  readonly seen: number;
  /** Segments that the catalogue lacked or had as unfinished. */
  readonly restored: number;
}

export interface RebuildResult extends RebuildProgress {
  readonly holes: number;
}

type RebuildWriter = Pick<CatalogueWriter, 'segmentRestored' | 'explainHoles'>;

/** So many segments are on their way at once: enough for full batches, little enough for flat memory. */
const UNDER_WAY = 256;

/**
 * Inserts what the files know and the catalogue lacks, runs included, then gives each hole a gap row. Doing it
 * again changes nothing. A stream's segments should come in time order: activity is measured along them.
 *
 * @throws what the source throws; GirokError `internal` when the database refuses a segment.
 */
export async function rebuildFrom(
  writer: RebuildWriter,
  recovered: AsyncIterable<RecoveredSegment>,
  onProgress: (progress: RebuildProgress) => void = () => undefined,
): Promise<RebuildResult> {
  const streams = new Map<string, { ref: StreamRef; meter: ActivityMeter }>();
  let underWay: Promise<boolean>[] = [];
  let seen = 0;
  let restored = 0;
  const settle = async () => {
    restored += (await Promise.all(underWay)).filter(Boolean).length;
    underWay = [];
    onProgress({ seen, restored });
  };
  for await (const segment of recovered) {
    const { camera, stream } = segment.header;
    const ref: StreamRef = { camera, stream };
    const label = streamLabel(ref);
    const known = streams.get(label) ?? { ref, meter: createActivityMeter() };
    streams.set(label, known);
    seen += 1;
    underWay.push(writer.segmentRestored(restorationOf(segment, known.meter)));
    if (underWay.length >= UNDER_WAY) await settle();
  }
  await settle();
  let holes = 0;
  for (const { ref } of streams.values()) holes += await writer.explainHoles(ref);
  return { seen, restored, holes };
}

/** What the catalogue would hold of this segment, had it been there when it was recorded. */
export function restorationOf(segment: RecoveredSegment, meter: ActivityMeter): SegmentRestoration {
  const { header, pieces, fragments } = segment;
  const { startUs, timescale } = header;
  const mediaStart = fragments[0]?.mediaStart ?? 0;
  const usAfter = (ticks: number) => Math.round((ticks * 1_000_000) / timescale);
  const wallMinusMediaUs = startUs - usAfter(mediaStart);
  const builder = createGopBuilder(timescale, meter);
  let endTicks = mediaStart;
  for (const [i, facts] of fragments.entries()) {
    const piece = pieces[i + 1];
    // The vault counts whole fragments only, so each has its piece; one without could not be played anyway.
    if (!piece) break;
    const at = facts.wallUs ?? wallMinusMediaUs + usAfter(facts.mediaStart);
    builder.add({ facts, offset: piece.offset, bytes: piece.bytes, startUs: at });
    endTicks = facts.mediaStart + facts.durationTicks;
  }
  const gops = builder.gops();
  return {
    opening: {
      segment: header.segment,
      ref: { camera: header.camera, stream: header.stream },
      run: header.run as RunId,
      day: header.day,
      hour: header.hour,
      file: segment.file.slice(segment.file.lastIndexOf('/') + 1),
      startUs,
      mediaStart,
      wallMinusMediaUs,
    },
    state: segment.state,
    completion: completionOf({ ...segment, gops, durationUs: Math.max(0, usAfter(endTicks - mediaStart)) }),
    codec: header.codec,
    width: header.width,
    height: header.height,
    timescale,
    endCause: endCauseOf(segment),
  };
}

function endCauseOf({ state, trailer }: RecoveredSegment): RunEndCause {
  if (state === 'recovered') return 'recorder_failure';
  return isRunEndCause(trailer?.endCause) ? trailer.endCause : 'unknown';
}
