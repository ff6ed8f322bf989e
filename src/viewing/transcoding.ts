import type { SegmentEntry } from '../catalogue/segments.ts';
import type { Clock } from '../lib/clock.ts';
import { GirokError } from '../lib/errors.ts';
import { createTurns } from '../lib/turns.ts';
import { MalformedMedia } from '../media/fmp4/boxes.ts';
import { readTrack } from '../media/fmp4/track.ts';
import { type RecordedGroup, transcodedInit, transcodeGroup } from '../media/transcode/transcode.ts';
import type { SegmentReader } from '../vault/segment-reader.ts';
import type { Footage, Scanned } from './footage.ts';
import { readInit } from './read-init.ts';

/** Where a group of pictures lies in the plaintext of its segment, to its last byte. */
interface GroupExtent {
  readonly offset: number;
  readonly bytes: number;
}

/** Footage in a codec that the browser has. What is made is in memory alone, and kept for nobody. */
export interface Transcoding {
  /** `ftyp moov` for all groups of the run that this segment belongs to. */
  init(entry: SegmentEntry, first: GroupExtent, signal: AbortSignal): Promise<Buffer>;
  /** @throws GirokError `playback_busy`, `footage_unplayable`, those of the vault; the signal's reason */
  group(
    entry: SegmentEntry,
    where: (reader: SegmentReader) => Promise<GroupExtent>,
    signal: AbortSignal,
  ): Promise<Buffer>;
}

/** As many as a machine of two cores can spare; a player asks for one group after the other, so many may take turns. */
const AT_ONCE = 2;
const WAITING = 4;
const WAIT_MS = 3000;

export function createTranscoding({
  footage,
  clock,
}: {
  readonly footage: Pick<Footage, 'read' | 'firstFragment'>;
  readonly clock: Clock;
}): Transcoding {
  const turns = createTurns({
    atOnce: AT_ONCE,
    waiting: WAITING,
    wait: { clock, ms: WAIT_MS },
    full: () => new GirokError('playback_busy'),
  });

  const recordedGroup = async (reader: SegmentReader, { offset, bytes }: GroupExtent) => {
    const track = readTrack(await readInit(reader));
    const fragments: Scanned[] = [];
    for (let at = offset; at < offset + bytes; ) {
      const next = await footage.firstFragment(reader, at);
      fragments.push(next);
      at = next.offset + next.bytes;
    }
    const group: RecordedGroup = {
      track,
      pictures: fragments.flatMap(({ facts }) => {
        let decodeTicks = facts.mediaStart;
        return facts.samples.map(({ durationTicks, shownLaterTicks, keyFrame }) => {
          const picture = { decodeTicks, durationTicks, shownLaterTicks, keyFrame };
          decodeTicks += durationTicks;
          return picture;
        });
      }),
      async *coded() {
        // A fragment at a time: it is all that is held in clear of what goes in.
        for (const fragment of fragments) {
          const data = await reader.read(fragment.offset, fragment.bytes);
          for (const sample of fragment.facts.samples)
            yield data.subarray(sample.offset, sample.offset + sample.bytes);
        }
      },
    };
    return group;
  };

  const reading = <T>(
    entry: SegmentEntry,
    where: (reader: SegmentReader) => Promise<GroupExtent>,
    signal: AbortSignal,
    work: (group: RecordedGroup) => Promise<T>,
  ): Promise<T> =>
    turns.take(signal, async () => {
      const reader = await footage.read(entry);
      try {
        return await work(await recordedGroup(reader, await where(reader)));
      } catch (error) {
        throw error instanceof MalformedMedia
          ? new GirokError('footage_unplayable', { reason: 'boxes' }, { cause: error })
          : error;
      } finally {
        await reader.close();
      }
    });

  return {
    init: (entry, first, signal) =>
      reading(
        entry,
        async () => first,
        signal,
        (group) => transcodedInit(group, { clock, signal }),
      ),
    group: (entry, where, signal) =>
      reading(entry, where, signal, (group) => transcodeGroup(group, { clock, signal })),
  };
}
