import type { CatalogueReader } from '../catalogue/reader.ts';
import type { SegmentEntry } from '../catalogue/segments.ts';
import type { Clock } from '../lib/clock.ts';
import { MINUTE_US } from '../lib/clock.ts';
import { GirokError, isGirokError } from '../lib/errors.ts';
import type { CameraId, StreamKind, StreamRef } from '../lib/ids.ts';
import { MalformedMedia } from '../media/fmp4/boxes.ts';
import { readTrack } from '../media/fmp4/track.ts';
import { greyPicture } from '../media/grey-picture.ts';
import { createFootage, type FootageDeps, type PlacedGop } from './footage.ts';
import { readInit } from './read-init.ts';

export interface UnseenLookDeps<Found> extends Omit<FootageDeps, 'catalogue'> {
  readonly catalogue: CatalogueReader;
  readonly clock: Clock;
  readonly width: number;
  readonly height: number;
  /**
   * Both pictures are width × height bytes of brightness, and nothing once this returns.
   *
   * @param before of the instant that was asked for; undefined: none was, or its footage is gone
   */
  compare(before: Uint8Array | undefined, now: Uint8Array): Found;
}

export interface RecordedPicture {
  readonly stream: StreamKind;
  /** When it was taken, µs UTC. */
  readonly atUs: number;
}

/**
 * Looks at recorded footage for nobody: what leaves here is what `compare` makes of two small grey pictures, and no
 * picture. So it needs no viewing, and no person can bring it to show them anything.
 */
export interface UnseenLook<Found> {
  /**
   * The newest key frame of the first of these streams that has one, against the one of `before`.
   *
   * @throws GirokError `footage_missing` where nothing was recorded within the last minutes; `footage_unplayable`;
   *   those of the vault
   */
  look(
    view: { readonly camera: CameraId; readonly streams: readonly StreamKind[] },
    before: RecordedPicture | undefined,
  ): Promise<RecordedPicture & { readonly found: Found }>;
  close(): void;
}

/** What is older does not show how a camera stands now. */
const NEWEST_US = 5 * MINUTE_US;
const MOST_SEGMENTS = 200;

export function createUnseenLook<Found>(deps: UnseenLookDeps<Found>): UnseenLook<Found> {
  const { catalogue, clock, width, height, compare } = deps;
  const footage = createFootage(deps);

  const pictureOf = async (entry: SegmentEntry, gop: PlacedGop): Promise<Uint8Array> => {
    const reader = await footage.read(entry);
    let sample: Buffer | undefined;
    try {
      const { facts, offset } = await footage.firstFragment(reader, gop.offset);
      const [first] = facts.samples;
      if (!first?.keyFrame) throw new GirokError('footage_missing');
      sample = await reader.read(offset + first.offset, first.bytes);
      return await greyPicture({ track: readTrack(await readInit(reader)), sample, width, height }, clock);
    } catch (error) {
      throw error instanceof MalformedMedia
        ? new GirokError('footage_unplayable', { reason: 'boxes' }, { cause: error })
        : error;
    } finally {
      sample?.fill(0);
      await reader.close();
    }
  };

  const newest = async ({ camera, streams }: { camera: CameraId; streams: readonly StreamKind[] }) => {
    const nowUs = clock.utcUs();
    const range = { fromUs: nowUs - NEWEST_US, toUs: nowUs + MINUTE_US, limit: MOST_SEGMENTS };
    for (const stream of streams)
      for (const entry of (await catalogue.segmentsIn({ camera, stream }, range)).reverse()) {
        const gop = (await footage.gopsOf(entry)).at(-1);
        if (gop && gop.startUs >= range.fromUs) return { stream, entry, gop };
      }
    throw new GirokError('footage_missing');
  };

  /** What cannot be opened any more, for whatever reason, is no reference. */
  const pictureAt = async (ref: StreamRef, atUs: number): Promise<Uint8Array | undefined> => {
    const entry = await catalogue.segmentAt(ref, atUs);
    if (!entry) return undefined;
    try {
      const gops = await footage.gopsOf(entry);
      const gop = gops.findLast(({ startUs }) => startUs <= atUs) ?? gops[0];
      return gop && (await pictureOf(entry, gop));
    } catch (error) {
      if (GONE.some((code) => isGirokError(error, code))) return undefined;
      throw error;
    }
  };

  return {
    async look(view, asked) {
      const { stream, entry, gop } = await newest(view);
      const pictures: Uint8Array[] = [];
      try {
        const now = await pictureOf(entry, gop);
        pictures.push(now);
        const before = asked && (await pictureAt({ camera: view.camera, stream: asked.stream }, asked.atUs));
        if (before) pictures.push(before);
        return { stream, atUs: gop.startUs, found: compare(before, now) };
      } finally {
        for (const picture of pictures) picture.fill(0);
      }
    },
    close: () => footage.close(),
  };
}

const GONE = ['footage_missing', 'footage_unplayable', 'segment_damaged'] as const;
