import type { Readable } from 'node:stream';
import type { CatalogueReader } from '../catalogue/reader.ts';
import type { SegmentEntry } from '../catalogue/segments.ts';
import type { TimelineLane, TimelineRange } from '../catalogue/timeline.ts';
import { type Clock, MINUTE_US } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import type { CameraId, StreamKind, StreamRef } from '../lib/ids.ts';
import { decoderDescription } from '../media/fmp4/track.ts';
import { mediaPlaylist, type PlayedGop } from '../media/hls.ts';
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
import { readInit } from './read-init.ts';
import { createTranscoding } from './transcoding.ts';

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
  /**
   * The same pictures as H.264, for a browser that cannot play what was recorded: its playlist, word for word, and
   * what the addresses in it mean, each picture decoded and shown when the recorded one is. Made when it is asked for.
   */
  readonly transcoded: Transcoded;
  /** No pictures: what is recorded, what is not and why, and where something moves; at most 13 cameras. */
  timeline(cameras: readonly string[], range: TimelineRange, stream?: StreamKind): Promise<TimelineLane[]>;
  close(): void;
}

/**
 * @throws GirokError besides those of {@link Playback}: `playback_busy` (asked again later it may be made),
 *   `footage_unplayable` (nothing of it can be decoded)
 */
export interface Transcoded {
  /** @param left aborted when nobody waits for the answer any more */
  init(asked: Asked, segment: string, left: AbortSignal): Promise<Media>;
  mediaSegment(asked: Asked, name: string, left: AbortSignal): Promise<Media>;
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
  const transcoding = createTranscoding({ footage, clock });
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
        const reader = await footage.read(entry);
        try {
          return inMemory(passage, await readInit(reader), { fromUs: entry.startUs, toUs: entry.startUs });
        } finally {
          await reader.close();
        }
      });
    },

    async mediaSegment(asked, text) {
      return passing(asked, async (passage) => {
        const { entry, seen, where } = await named(passage, asked, text);
        return streamed(passage, entry, seen, where);
      });
    },

    transcoded: {
      async init(asked, segment, left) {
        return passing(asked, async (passage) => {
          const entry = await footage.segment(refOf(asked), segment);
          passage.within(spanOf(entry));
          const [first] = await footage.gopsOf(entry);
          if (!first) throw new GirokError('footage_missing');
          const init = await transcoding.init(entry, first, AbortSignal.any([passage.signal, left]));
          return inMemory(passage, init, { fromUs: entry.startUs, toUs: entry.startUs });
        });
      },
      async mediaSegment(asked, text, left) {
        return passing(asked, async (passage) => {
          const { entry, seen, where } = await named(passage, asked, text);
          const signal = AbortSignal.any([passage.signal, left]);
          const group = await transcoding.group(entry, where, signal);
          return inMemory(passage, group, seen);
        });
      },
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

  /** Handed on as a stream so that it is cut and counted like all the rest. */
  function inMemory(passage: Passage, media: Buffer, seen: FootageRange): Media {
    const reader = {
      read: async (at: number, bytes: number) => media.subarray(at, at + bytes),
      close: async () => undefined,
    };
    const body = streamRange(reader, {
      offset: 0,
      bytes: media.length,
      taken: (bytes) => passage.handOut({ ...seen, bytes }),
      signal: passage.signal,
      ended: () => passage.end(),
    });
    return { type: 'video/mp4', bytes: media.length, body };
  }

  /** What the name of a media segment means. */
  async function named(passage: Passage, asked: Asked, text: string) {
    const name = parseGopName(text);
    const entry = await footage.segment(refOf(asked), name.segment);
    const gop = (await footage.gopsOf(entry))[name.gop];
    if (!gop) throw new GirokError('footage_missing');
    const seen = spanOf(gop);
    passage.within(seen);
    return { entry, seen, where: (reader: SegmentReader) => extentOf(reader, gop, name.fragments) };
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

function checkRange({ fromUs, toUs }: FootageRange, longestUs: number): void {
  const isRange = Number.isSafeInteger(fromUs) && Number.isSafeInteger(toUs) && fromUs >= 0;
  if (!isRange || toUs <= fromUs || toUs - fromUs > longestUs)
    throw new GirokError('viewing_input', { field: 'range' });
}
