import type { Readable } from 'node:stream';
import type { CatalogueReader } from '../catalogue/reader.ts';
import type { SegmentEntry } from '../catalogue/segments.ts';
import type { TimelineLane, TimelineRange } from '../catalogue/timeline.ts';
import { type Clock, MINUTE_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { CameraId, StreamKind, StreamRef } from '../lib/ids.ts';
import { decoderDescription } from '../media/fmp4/track.ts';
import { mediaPlaylist, type PlayedGop } from '../media/hls.ts';
import { HEADER_TYPE, readBoxHead } from '../vault/boxes.ts';
import type { SegmentReader } from '../vault/segment-reader.ts';
import {
  createFootage,
  type FootageDeps,
  gopNameText,
  type PlacedGop,
  parseGopName,
  streamRange,
} from './footage.ts';
import type { Asked, FootageRange, Gate, Passage } from './gate.ts';

export interface PlaybackDeps extends Omit<FootageDeps, 'catalogue'> {
  readonly gate: Pick<Gate, 'open'>;
  readonly catalogue: CatalogueReader;
  readonly clock: Clock;
}

export interface Media {
  readonly type: 'video/mp4';
  /** Length of the body. */
  readonly bytes: number;
  /** Destroyed once nothing more may be handed out; the caller destroys it when nobody reads on. */
  readonly body: Readable;
}

/** One picture, for a decoder in the browser (WebCodecs). */
export interface KeyFrame {
  /** RFC 6381, e.g. `avc1.640028`. */
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** When it was taken, µs UTC. */
  readonly atUs: number;
  /** `avcC` or `hvcC` record. */
  readonly description: Buffer;
  /** NAL units behind 4-byte lengths. */
  readonly sample: Buffer;
}

/**
 * Recorded footage out of the sealed files. Each call goes through the gate, and throws as {@link Gate.open};
 * `footage_missing` for what is not there or erased; `viewing_input` {field}; GirokError of the vault.
 */
export interface Playback {
  /**
   * At most 15 minutes, up to the last durable moment; what lies outside of what was granted is left out. All cameras
   * that are asked for the same range run by one clock.
   *
   * @returns `application/vnd.apple.mpegurl`, with addresses relative to its own folder: `init/SEGMENT.mp4`,
   *   `media/NAME.m4s`; `gap.m4s` is never there
   */
  playlist(asked: Asked, range: FootageRange): Promise<string>;
  init(asked: Asked, segment: string): Promise<Media>;
  mediaSegment(asked: Asked, name: string): Promise<Media>;
  /** The last key frame at or before this instant, for scrubbing. */
  keyFrame(asked: Asked, atUs: number): Promise<KeyFrame>;
  /** No pictures: what is recorded, what is not and why, and where something moves; at most 13 cameras. */
  timeline(cameras: readonly string[], range: TimelineRange, stream?: StreamKind): Promise<TimelineLane[]>;
  close(): void;
}

const LONGEST_PLAYLIST_US = 15 * MINUTE_US;
const LONGEST_TIMELINE_US = 8 * 24 * 60 * MINUTE_US;
const MOST_CAMERAS = 13;
/** Ten-second segments for a quarter of an hour, many times over. */
const MOST_SEGMENTS = 2000;
/** A key frame is looked for at most so far back. */
const LOOK_BACK_US = 2 * MINUTE_US;

export function createPlayback(deps: PlaybackDeps): Playback {
  const { gate, catalogue, clock } = deps;
  const footage = createFootage(deps);
  const refOf = ({ camera, stream }: Asked): StreamRef => ({ camera: camera as CameraId, stream });

  /** Keeps the way open while `work` runs; what it hands on lives longer. */
  const passing = async <T>(asked: Asked, work: (passage: Passage) => Promise<T>): Promise<T> => {
    const passage = gate.open(asked);
    try {
      return await work(passage);
    } catch (error) {
      passage.end();
      passage.signal.throwIfAborted();
      throw error;
    }
  };

  const streamed = async (
    passage: Passage,
    entry: SegmentEntry,
    seen: FootageRange,
    where: (reader: SegmentReader) => Promise<{ offset: number; bytes: number }>,
  ): Promise<Media> => {
    const reader = await footage.read(entry);
    try {
      const { offset, bytes } = await where(reader);
      const body = streamRange(reader, {
        offset,
        bytes,
        taken: (taken) => passage.handOut({ ...seen, bytes: taken }),
        signal: passage.signal,
        ended: () => passage.end(),
      });
      return { type: 'video/mp4', bytes, body };
    } catch (error) {
      await reader.close();
      throw error;
    }
  };

  const spanOf = ({ startUs, durationUs }: { startUs: number; durationUs: number }): FootageRange => ({
    fromUs: startUs,
    toUs: startUs + durationUs,
  });

  return {
    async playlist(asked, range) {
      checkRange(range, LONGEST_PLAYLIST_US);
      return passing(asked, async (passage) => {
        const { fromUs, toUs } = passage.within(range);
        const entries = await catalogue.segmentsIn(refOf(asked), { fromUs, toUs, limit: MOST_SEGMENTS });
        const gops: PlayedGop[] = [];
        let initUri = '';
        let run: string | undefined;
        for (const entry of inRuns(entries)) {
          if (entry.run !== run) initUri = `init/${entry.segment}.mp4`;
          run = entry.run;
          for (const [gop, placed] of (await footage.gopsOf(entry)).entries()) {
            const { startUs, durationUs, fragments } = placed;
            if (startUs >= toUs || startUs + durationUs <= fromUs) continue;
            const uri = `media/${gopNameText({ segment: entry.segment, gop, fragments })}.m4s`;
            gops.push({ uri, run, initUri, startUs, durationUs });
          }
        }
        passage.end();
        // Beyond the last durable moment nothing is missing yet.
        const lastUs = Math.max(fromUs, ...gops.slice(-1).map((gop) => spanOf(gop).toUs));
        const isOver = toUs < clock.utcUs() - MINUTE_US;
        return mediaPlaylist(gops, { fromUs, toUs: isOver ? toUs : lastUs });
      });
    },

    async init(asked, segment) {
      return passing(asked, async (passage) => {
        const entry = await footage.segment(refOf(asked), segment);
        passage.within(spanOf(entry));
        return streamedInit(passage, entry, { fromUs: entry.startUs, toUs: entry.startUs });
      });
    },

    async mediaSegment(asked, text) {
      return passing(asked, async (passage) => {
        const name = parseGopName(text);
        const entry = await footage.segment(refOf(asked), name.segment);
        const gop = (await footage.gopsOf(entry))[name.gop];
        if (!gop) throw new GirokError('footage_missing');
        const seen = spanOf(gop);
        passage.within(seen);
        return streamed(passage, entry, seen, (reader) => extentOf(reader, gop, name.fragments));
      });
    },

    async keyFrame(asked, atUs) {
      checkRange({ fromUs: atUs, toUs: atUs + 1 }, 1);
      return passing(asked, async (passage) => {
        passage.within({ fromUs: atUs, toUs: atUs + 1 });
        const range = { fromUs: atUs - LOOK_BACK_US, toUs: atUs + 1, limit: MOST_SEGMENTS };
        const entries = await catalogue.segmentsIn(refOf(asked), range);
        const entry = entries.findLast(({ startUs }) => startUs <= atUs);
        const gop = entry && (await footage.gopsOf(entry)).findLast(({ startUs }) => startUs <= atUs);
        if (!entry || !gop) throw new GirokError('footage_missing');
        passage.within(spanOf(gop));
        const reader = await footage.read(entry);
        try {
          const { facts, offset } = await footage.firstFragment(reader, gop.offset);
          const [first] = facts.samples;
          if (!first?.keyFrame) throw new GirokError('footage_missing');
          const sample = await reader.read(offset + first.offset, first.bytes);
          const init = await readInit(reader);
          passage.signal.throwIfAborted();
          const description = decoderDescription(init);
          const seen = { fromUs: gop.startUs, toUs: gop.startUs };
          passage.handOut({ ...seen, bytes: sample.length + description.length });
          const { codec, width, height } = entry;
          return { codec, width, height, atUs: gop.startUs, description, sample };
        } finally {
          passage.end();
          await reader.close();
        }
      });
    },

    async timeline(cameras, range, stream) {
      if (cameras.length === 0 || cameras.length > MOST_CAMERAS)
        throw new GirokError('viewing_input', { field: 'cameras' });
      checkRange(range, LONGEST_TIMELINE_US);
      if (!(range.bucketUs >= (range.toUs - range.fromUs) / 10_000))
        throw new GirokError('viewing_input', { field: 'bucket' });
      return catalogue.timeline(cameras as CameraId[], range, stream);
    },

    close: () => footage.close(),
  };

  async function streamedInit(passage: Passage, entry: SegmentEntry, seen: FootageRange): Promise<Media> {
    const reader = await footage.read(entry);
    try {
      const init = await readInit(reader);
      // Small, and already in memory: handed on as a stream so that it is cut and counted like all the rest.
      const ofInit = { ...reader, read: async (at: number, bytes: number) => init.subarray(at, at + bytes) };
      const body = streamRange(ofInit, {
        offset: 0,
        bytes: init.length,
        taken: (bytes) => passage.handOut({ ...seen, bytes }),
        signal: passage.signal,
        ended: () => passage.end(),
      });
      return { type: 'video/mp4', bytes: init.length, body };
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** Of a group of pictures that was still growing when it was named: what was there then. */
  async function extentOf(reader: SegmentReader, gop: PlacedGop, fragments: number | undefined) {
    const { offset, bytes } = gop;
    if (fragments === undefined) return { offset, bytes };
    let end = offset;
    for (let count = 0; count < fragments; count++) {
      if (end >= offset + bytes) throw new GirokError('footage_missing');
      const next = await footage.firstFragment(reader, end);
      end = next.offset + next.bytes;
    }
    return { offset, bytes: end - offset };
  }
}

/** One run after the other: where the clock was set back they lie over each other. */
function inRuns(entries: readonly SegmentEntry[]): SegmentEntry[] {
  const runs = new Map<string, SegmentEntry[]>();
  for (const entry of entries) {
    const of = runs.get(entry.run);
    if (of) of.push(entry);
    else runs.set(entry.run, [entry]);
  }
  return [...runs.values()].flat();
}

/** `ftyp moov`, without our own box in between. */
async function readInit(reader: SegmentReader): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let at = 0; parts.length < 2; ) {
    const head = readBoxHead(await reader.read(at, Math.min(32, reader.size - at)));
    if (!head || at + head.bytes > reader.size || head.bytes > MOST_INIT_BYTES)
      throw new GirokError('segment_damaged', { file: reader.file, reason: 'boxes', offset: at });
    const box = await reader.read(at, head.bytes);
    if (!box.subarray(8, 24).equals(HEADER_TYPE)) parts.push(box);
    at += head.bytes;
  }
  return Buffer.concat(parts);
}
const MOST_INIT_BYTES = 1024 * 1024;

function checkRange({ fromUs, toUs }: FootageRange, longestUs: number): void {
  const isRange = Number.isSafeInteger(fromUs) && Number.isSafeInteger(toUs) && fromUs >= 0;
  if (!isRange || toUs <= fromUs || toUs - fromUs > longestUs)
    throw new GirokError('viewing_input', { field: 'range' });
}
